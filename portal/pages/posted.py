"""Posted controls: what a form sent, and what is wrong with it.

A control is named by the path of what it is for, ``input.billingAddress.city``; an item of a list
of objects by its place in it, ``input.items.0.key``; those of any other list have the same name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import parse_decimal

from portal.clock import OPERATOR_ZONE
from portal.errors import translatable
from portal.language.messages import LOCALES, translate
from portal.viewer import Language

NONE: Final = "none"
"""The value of a control that is named like an input object, where that is left out."""
ZONE: Final = "zone"
"""The control that names the zone of the moments in a form."""

# No list has ten thousand items.
_LONGEST_PLACE: Final = 5
_UNKNOWN = translatable("This form is of another version of the page. Load the page again.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and with which control; with none of them, it is about the whole."""

    name: str
    message: str
    code: str = "INVALID_INPUT"


@dataclass
class Posted:
    """The values of each control, in the order of the page.

    ``names`` are the controls of data whose paths are others.
    """

    values: dict[str, list[str]]
    language: Language = Language.EN
    faults: list[Fault] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
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

    def take(self, name: str) -> str | None:
        """Give the text of a control, which something is made of; None where there is none.

        Of a checkbox and the hidden control before it the last one counts.
        """
        if name not in self.values:
            return None
        self._used.add(name)
        return self.last(name).strip()

    def take_list(self, name: str) -> list[str] | None:
        """Give the texts of the controls of one name, without those that nobody typed into.

        The form is shown again without these, so that the place of a fault is that of its control.
        """
        if self.take(name) is None:
            return None
        kept = self.values[name] = [text for text in self.values[name] if text.strip()]
        return [text.strip() for text in kept]

    def take_below(self, name: str) -> None:
        """Pass over a control and those below it."""
        self._used |= {key for key in self.values if key == name or key.startswith(f"{name}.")}

    def is_blank(self, name: str) -> bool:
        """Whether nobody typed anything into the controls below a name."""
        start = f"{name}."
        below = (values[-1] for key, values in self.values.items() if key.startswith(start))
        return not any(text.strip() for text in below)

    def rows(self, name: str) -> list[int]:
        """Give the places of the items of a list of objects, as they were sent."""
        return places_of(self.values, name)

    def close_gaps(self, name: str) -> int:
        """Leave out the rows of a list that nobody filled in; give how many there are."""
        kept = [row for row in self.rows(name) if not self.is_blank(f"{name}.{row}")]
        moved: dict[str, list[str]] = {}
        for key, values in self.values.items():
            row, _, rest = key.removeprefix(f"{name}.").partition(".")
            if not key.startswith(f"{name}.") or not row.isdecimal():
                moved[key] = values
            elif int(row) in kept:
                moved[f"{name}.{kept.index(int(row))}.{rest}"] = values
        self.values = moved
        return len(kept)

    def remove(self, item: str) -> None:
        """Take an item out of a list."""
        name, _, place = item.rpartition(".")
        if place.isdecimal():
            del self.values.get(name, [])[int(place) : int(place) + 1]
            for key in [key for key in self.values if key.startswith(f"{item}.")]:
                del self.values[key]

    def fault(self, name: str, message: str) -> object:
        """Note what is wrong with a control; gives None, which stands for what it holds."""
        self.refuse(name, translate(message, self.language))
        return None

    def refuse(self, name: str, words: str, code: str = "INVALID_INPUT") -> None:
        """Note what is wrong with a control, in the words of the reader."""
        self.faults.append(Fault(name, words, code))

    def check_used(self) -> None:
        """Find a fault in a control that nothing was made of."""
        if set(self.values) - self._used - {ZONE}:
            self.refuse("", translate(_UNKNOWN, self.language), "BAD_REQUEST")

    def note_problems(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Take the problems of a refusal for faults of controls, and for the only ones."""
        found = ((".".join(one["path"]), one) for one in problems)
        self.faults = [
            Fault(self.names.get(path, path), one["message"], one["code"]) for path, one in found
        ]

    def number(self, text: str) -> str:
        """Read a number as its reader writes it; ValueError for anything else."""
        return str(parse_decimal(text, locale=LOCALES[self.language], strict=True))

    def moment(self, text: str) -> str:
        """Read a local time in the zone of the form."""
        zone = ZoneInfo(self.last(ZONE) or OPERATOR_ZONE)
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()


def day(text: str) -> str:
    """Read a day."""
    return date.fromisoformat(text).isoformat()


def places_of(values: Iterable[str], name: str) -> list[int]:
    """Give the places of the items of a list, by the names of their controls."""
    start = f"{name}."
    rest = (key[len(start) :] for key in values if key.startswith(start))
    places = {place for place, _, _ in (one.partition(".") for one in rest)}
    return sorted(int(one) for one in places if one.isdecimal() and len(one) < _LONGEST_PLACE)
