"""Variables: what was posted, by the types that the schema gives the variables of an operation."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

import orjson
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

from portal.errors import translatable
from portal.pages.data_controls import DataControls
from portal.pages.module_data import Part
from portal.pages.posted import NONE, Posted, day

ABSENT: Final = object()
"""No control for it was posted: it stays as it is."""

_TEXTUAL = frozenset({"String", "ID"})
_NOT_WHOLE = translatable("This is not a whole number.")
_NOT_A_NUMBER = translatable("This is not a number.")
_NOT_A_DAY = translatable("This is not a date.")
_NOT_AN_OPTION = translatable("Choose one of the options.")
_NOT_JSON = translatable("This is not valid JSON.")


class Variables:
    """Makes variables of what was posted; what cannot be of its type becomes a fault.

    ``data`` is the schema of a module's data, where the form is about one.
    """

    def __init__(
        self, schema: GraphQLSchema, posted: Posted, data: Mapping[str, Any] | None = None
    ) -> None:
        self._schema = schema
        self._posted = posted
        self._data = data

    def of(self, operation: OperationDefinitionNode) -> dict[str, object]:
        """Give the variables of an operation."""
        found: dict[str, object] = {}
        for definition in operation.variable_definitions or ():
            name = definition.variable.name.value
            value = self._value(name, type_from_ast(self._schema, definition.type))
            if value is not ABSENT:
                found[name] = value
        return found

    def _value(self, name: str, wanted: Any) -> object:
        kind = wanted.of_type if isinstance(wanted, GraphQLNonNull) else wanted
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(name, kind, is_optional=kind is wanted)
        if isinstance(kind, GraphQLList):
            return self._list(name, kind)
        if kind.name == "JSON" and self._data is not None:
            part = Part.of(self._data, self._data, "")
            return DataControls(self._posted).value(name, part, ABSENT)
        text = self._posted.take(name)
        if text is None:
            return ABSENT
        return self._leaf(name, text, kind) if text else None

    def _object(
        self, name: str, wanted: GraphQLInputObjectType, *, is_optional: bool = False
    ) -> object:
        posted = self._posted
        chosen = posted.take(name)
        if chosen == NONE:
            posted.take_below(name)
            return None
        if is_optional and not chosen and posted.is_blank(name):
            is_there = any(key.startswith(f"{name}.") for key in posted.values)
            posted.take_below(name)
            return None if is_there else ABSENT
        if wanted.is_one_of:
            return self._one_of(name, wanted)
        found: dict[str, object] = {}
        for key, definition in wanted.fields.items():
            value = self._field(f"{name}.{key}", definition)
            if value is not ABSENT:
                found[key] = value
        return found or ABSENT

    def _one_of(self, name: str, wanted: GraphQLInputObjectType) -> object:
        """Give the field that was chosen; what was typed into the controls of the others is not."""
        posted = self._posted
        chosen = posted.last(name)
        for key in wanted.fields.keys() - {chosen}:
            posted.take_below(f"{name}.{key}")
        if chosen not in wanted.fields:
            return posted.fault(name, _NOT_AN_OPTION)
        definition = GraphQLInputField(GraphQLNonNull(wanted.fields[chosen].type))
        return {chosen: self._field(f"{name}.{chosen}", definition)}

    def _field(self, name: str, definition: GraphQLInputField) -> object:
        value = self._value(name, definition.type)
        if value is not None and value is not ABSENT:
            return value
        if any(fault.name == name for fault in self._posted.faults) or has_default(definition):
            return ABSENT
        if not isinstance(definition.type, GraphQLNonNull):
            return value
        # The mutation says in the reader's words that something is missing; GraphQL would not.
        if isinstance(definition.type.of_type, GraphQLList):
            return []
        kind = get_named_type(definition.type)
        if isinstance(kind, GraphQLInputObjectType):
            return {}
        return "" if kind.name in _TEXTUAL else self._posted.fault(name, self._wrong(kind))

    def _list(self, name: str, wanted: GraphQLList[Any]) -> object:
        kind = get_named_type(wanted)
        if isinstance(kind, GraphQLInputObjectType):
            # A hidden control tells a list that was emptied from one that is not in the form.
            is_there = self._posted.take(name) is not None
            rows = self._posted.close_gaps(name)
            found = [self._object(f"{name}.{row}", kind) for row in range(rows)]
            return found if found or is_there else ABSENT
        texts = self._posted.take_list(name)
        if texts is None:
            return ABSENT
        return [self._leaf(f"{name}.{at}", text, kind) for at, text in enumerate(texts)]

    def _leaf(self, name: str, text: str, wanted: Any) -> object:
        kind = get_named_type(wanted)
        if isinstance(kind, GraphQLEnumType):
            return text if text in kind.values else self._posted.fault(name, _NOT_AN_OPTION)
        read = self._readers.get(kind.name, str)
        try:
            return read(text)
        except (ValueError, LookupError, OSError):
            return self._posted.fault(name, self._wrong(kind))

    @cached_property
    def _readers(self) -> Mapping[str, Callable[[str], object]]:
        """Give how the text of each scalar is read."""
        return {
            "Boolean": lambda text: text == "true",
            "Int": int,
            "Decimal": self._posted.number,
            "Date": day,
            "DateTime": self._posted.moment,
            "JSON": orjson.loads,
        }

    def _wrong(self, kind: Any) -> str:
        """Say what is wrong with a text that is not of a type."""
        messages = {
            "Int": _NOT_WHOLE,
            "Decimal": _NOT_A_NUMBER,
            "Date": _NOT_A_DAY,
            "DateTime": _NOT_A_DAY,
            "JSON": _NOT_JSON,
        }
        return messages.get(kind.name, _NOT_AN_OPTION)


def has_default(definition: GraphQLInputField) -> bool:
    """Whether something holds where an input field is left out; made in code, or read from text."""
    return definition.default is not None or definition.default_value is not Undefined
