"""Posted controls: what a form sent, as variables of an operation by the types of the schema.

A control is named by the path of what it is for, ``input.billingAddress.city``; an item of a list
of objects by its place in it, ``input.items.0.key``; those of any other list have the same name.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import parse_decimal
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    type_from_ast,
)

from portal.clock import OPERATOR_ZONE
from portal.errors import translatable
from portal.language.messages import LOCALES
from portal.viewer import Language

NONE: Final = "none"
GIVEN: Final = "given"
"""Values of a control that is named like an input object: leave it out, or take what is typed."""
ZONE: Final = "zone"
"""The control that names the zone of the moments in a form."""

_ABSENT: Final = object()
# No list has ten thousand items.
_LONGEST_PLACE: Final = 5
_TEXTUAL = frozenset({"String", "ID"})
_NOT_WHOLE = translatable("This is not a whole number.")
_NOT_A_NUMBER = translatable("This is not a number.")
_NOT_A_DAY = translatable("This is not a date.")
_NOT_AN_OPTION = translatable("Choose one of the options.")
_UNKNOWN = translatable("This form is of another version of the page. Load the page again.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and with which control; with none of them, it is about the whole."""

    name: str
    message: str
    code: str = "INVALID_INPUT"


@dataclass
class Posted:
    """The values of each control, in the order of the page."""

    values: dict[str, list[str]]
    language: Language = Language.EN
    faults: list[Fault] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], language: Language) -> "Posted":
        """Group what was sent by its names."""
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value.replace("\r\n", "\n"))
        return cls(values, language)

    def last(self, name: str) -> str:
        """Give the last value of a control; nothing where there is none."""
        return self.values.get(name, [""])[-1]

    def variables(
        self, operation: OperationDefinitionNode, schema: GraphQLSchema
    ) -> dict[str, object]:
        """Give the variables of an operation; what cannot be one becomes a fault."""
        found: dict[str, object] = {}
        for definition in operation.variable_definitions or ():
            name = definition.variable.name.value
            value = self._value(name, type_from_ast(schema, definition.type))
            if value is not _ABSENT:
                found[name] = value
        return found

    def remove(self, item: str) -> None:
        """Take an item out of a list, and close the gap that it leaves."""
        name, _, place = item.rpartition(".")
        if not place.isdecimal():
            return
        del self.values.get(name, [])[int(place) : int(place) + 1]
        for key in [key for key in self.values if key.startswith(f"{item}.")]:
            del self.values[key]

    def check_used(self) -> None:
        """Find a fault in a control that no variable was made of."""
        if set(self.values) - self._used - {ZONE}:
            self.faults.append(Fault("", _UNKNOWN, "BAD_REQUEST"))

    def _value(self, name: str, wanted: Any) -> object:
        if isinstance(wanted, GraphQLNonNull):
            return self._value(name, wanted.of_type)
        if isinstance(wanted, GraphQLInputObjectType):
            return self._object(name, wanted)
        if isinstance(wanted, GraphQLList):
            return self._list(name, wanted)
        if name not in self.values:
            return _ABSENT
        self._used.add(name)
        # Of a checkbox and the hidden control before it the last one counts.
        text = self.last(name).strip()
        return self._leaf(name, text, wanted) if text else None

    def _object(self, name: str, wanted: GraphQLInputObjectType) -> object:
        found: dict[str, object] = {}
        for key, definition in wanted.fields.items():
            value = self._value(f"{name}.{key}", definition.type)
            if value is None and has_default(definition):
                continue
            if value is None and isinstance(definition.type, GraphQLNonNull):
                # The mutation says in the reader's words what is missing; GraphQL would not.
                kind = get_named_type(definition.type).name
                value = "" if kind in _TEXTUAL else self._missing(f"{name}.{key}", kind)
            if value is not _ABSENT:
                found[key] = value
        if name in self.values:
            self._used.add(name)
            if self.last(name) == NONE:
                return None
        return found or _ABSENT

    def _missing(self, name: str, kind: str) -> object:
        message = {"Int": _NOT_WHOLE, "Decimal": _NOT_A_NUMBER, "Date": _NOT_A_DAY}
        return self._fault(name, message.get(kind, _NOT_AN_OPTION))

    def _list(self, name: str, wanted: GraphQLList[Any]) -> object:
        kind = get_named_type(wanted)
        if isinstance(kind, GraphQLInputObjectType):
            rows = self._rows(name)
            found = [self._object(f"{name}.{row}", kind) for row in range(rows)]
            return [one for one in found if one is not _ABSENT] if rows else self._emptied(name)
        if name not in self.values:
            return _ABSENT
        self._used.add(name)
        # What nobody typed anything into is no item; the form is shown again without it, so that
        # the place of a problem is that of its control.
        given = self.values[name] = [text for text in self.values[name] if text.strip()]
        return [self._leaf(f"{name}.{at}", text.strip(), kind) for at, text in enumerate(given)]

    def _emptied(self, name: str) -> object:
        """Tell a list that was emptied, which its hidden control says, from none."""
        if name in self.values:
            self._used.add(name)
            return []
        return _ABSENT

    def rows(self, name: str) -> list[int]:
        """Give the places of the items of a list of objects, as they were sent."""
        start = f"{name}."
        rest = (key[len(start) :] for key in self.values if key.startswith(start))
        places = {place for place, _, _ in (one.partition(".") for one in rest)}
        return sorted(int(one) for one in places if one.isdecimal() and len(one) < _LONGEST_PLACE)

    def _rows(self, name: str) -> int:
        """Close the gaps that rows leave which nobody filled in; give how many there are."""
        kept = [row for row in self.rows(name) if any(self._typed(f"{name}.{row}."))]
        moved: dict[str, list[str]] = {}
        for key, values in self.values.items():
            row, _, rest = key.removeprefix(f"{name}.").partition(".")
            if not key.startswith(f"{name}.") or not row.isdecimal():
                moved[key] = values
            elif int(row) in kept:
                moved[f"{name}.{kept.index(int(row))}.{rest}"] = values
        self.values = moved
        return len(kept)

    def _typed(self, start: str) -> Iterable[str]:
        return (values[-1].strip() for key, values in self.values.items() if key.startswith(start))

    def _leaf(self, name: str, text: str, wanted: Any) -> object:
        kind = get_named_type(wanted)
        if isinstance(kind, GraphQLEnumType):
            return text if text in kind.values else self._fault(name, _NOT_AN_OPTION)
        read, message = self._readers.get(kind.name, (str, ""))
        try:
            return read(text)
        except (ValueError, LookupError, OSError):
            return self._fault(name, message)

    @cached_property
    def _readers(self) -> Mapping[str, tuple[Callable[[str], object], str]]:
        """Give how the text of each scalar is read, and what is wrong where it cannot be."""
        return {
            "Boolean": (lambda text: text == "true", ""),
            "Int": (int, _NOT_WHOLE),
            "Decimal": (self._number, _NOT_A_NUMBER),
            "Date": (lambda text: date.fromisoformat(text).isoformat(), _NOT_A_DAY),
            "DateTime": (self._moment, _NOT_A_DAY),
        }

    def _number(self, text: str) -> str:
        return str(parse_decimal(text, locale=LOCALES[self.language], strict=True))

    def _moment(self, text: str) -> str:
        zone = ZoneInfo(self.last(ZONE) or OPERATOR_ZONE)
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()

    def _fault(self, name: str, message: str) -> object:
        self.faults.append(Fault(name, message))
        return None


def has_default(definition: GraphQLInputField) -> bool:
    """Whether something holds where an input field is left out; made in code, or read from text."""
    return definition.default is not None or definition.default_value is not Undefined


def faults_of(problems: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """Give the problems of a refusal as faults of controls."""
    return [Fault(".".join(one["path"]), one["message"], one["code"]) for one in problems]
