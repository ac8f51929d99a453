"""Reading an operator's file: the faults of its form are told beside those of the rules."""

import difflib
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.alias_generators import to_snake

from portal.commands.operator_file.form import (
    STAND_IN_TERMS,
    OperatorFile,
    Part,
    Terms,
    Text,
)
from portal.commands.operator_file.source import Place, Source

# What kinds of faults say, by how what pydantic calls them begins.
_SENTENCES = {
    "missing": "Is missing.",
    "string": "Must be text; quotes make text of a number, a day, yes or no.",
    "int": "Must be a whole number.",
    "decimal": "Must be a number.",
    "finite": "Must be a number.",
    "bool": "Must be true or false.",
    "date": "Must be a day, written like 2027-01-31.",
    "bytes": "Must be the name of a file, which stands beside this one.",
    "list": "Must be a list: each entry on a line of its own, behind a dash.",
    "model": "Must have entries of its own, each with its name: {names}.",
    "dict": "Must have entries of its own, each with its name.",
    "invalid-json-value": "Must be what JSON knows: text, number, true, false, list or object.",
    "invalid_key": "Is no name: quotes make text of a number, a day, yes or no.",
    "recursion": "Must not contain itself.",
}
_NO_NAME = frozenset({"extra_forbidden", "invalid_key"})
# Names in it are those of customers' data.
_FREE = "data_schema"


class Reading:
    """What a file wants, as far as it can be understood, and what is wrong with it.

    ``wanted`` leaves out what has a fault of its form, so that the rules look at the rest.
    """

    def __init__(self, path: Path, most_of_a_file: int) -> None:
        self._context = {"folder": path.parent, "most": most_of_a_file}
        self._source = Source(path)
        self._of_form = dict.fromkeys(self._source.doubles, "Stands there twice.")
        self._of_rules: list[tuple[Place, str]] = []
        # Which entries of a list are looked at.
        self._kept: dict[Place, list[int]] = {}
        self.wanted = self._understood()

    @property
    def faults(self) -> list[str]:
        """Each fault in the order of the file."""
        faults = [*self._of_form.items(), *self._of_rules]
        told = sorted(((self._source.told(place), text) for place, text in faults), key=_line)
        return [f"{where}: {text}" for where, text in told]

    def add(self, path: Place, sentence: str) -> None:
        """Add a fault of a rule, unless something there, around it or in it has one of its form."""
        place = self._spelled(path)
        if not any(
            place == other[: len(place)] or other == place[: len(other)] for other in self._of_form
        ):
            self._of_rules.append((place, sentence))

    def _understood(self) -> OperatorFile:
        plain = self._source.plain
        try:
            return OperatorFile.model_validate(plain, context=self._context)
        except ValidationError as fault:
            errors = fault.errors(include_url=False)
        without: dict[Place, Any] = {}
        for error in errors:
            place = _place_of(error)
            self._of_form.setdefault(place, _sentence(error, place))
            without |= _mended(place, error["type"], f"-{len(without)}")
        if () in without:
            return OperatorFile()
        mended = self._copied(plain, without, ())
        return OperatorFile.model_validate(mended, context=self._context)

    def _copied(self, plain: Any, without: dict[Place, Any], here: Place) -> Any:
        """Copy what is plain but for some places, which are left out or have something else."""
        if isinstance(plain, dict):
            added = {
                place[-1]: value
                for place, value in without.items()
                if place[:-1] == here and value is not None
            }
            return added | {
                name: self._copied(value, without, (*here, name))
                for name, value in plain.items()
                if (*here, name) not in without
            }
        if isinstance(plain, list):
            kept = [number for number in range(len(plain)) if (*here, number) not in without]
            self._kept[here] = kept
            return [self._copied(plain[number], without, (*here, number)) for number in kept]
        return plain

    def _spelled(self, path: Place) -> Place:
        """Give the place in the file of a path in what is wanted, however the API spells it."""
        place: Place = ()
        for step in path:
            if str(step).isdigit():
                kept = self._kept.get(place)
                place += (int(step) if kept is None else kept[int(step)],)
            else:
                place += (step if _FREE in place else to_snake(str(step)),)
        return place


def _line(told: tuple[str, str]) -> int:
    return int(told[0].removeprefix("line ").partition(",")[0])


def _sentence(error: Any, place: Place) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        known = [*_part_at(place[:-1]).model_fields]
        close = difflib.get_close_matches(to_snake(str(place[-1])), known, n=1)
        meant = f"perhaps {close[0]} is meant" if close else f"there may be {', '.join(known)}"
        return f"Is no name that stands here; {meant}."
    if error["input"] is None:
        return "Is empty."
    if kind == "value_error":
        return f"{error['ctx']['error']}."
    if kind == "enum":
        return f"Must be {error['ctx']['expected'].replace(chr(39), '')}."
    sentence = _SENTENCES.get(kind) or _SENTENCES[kind.partition("_")[0]]
    return sentence.format(names=_names_at(place) if kind == "model_type" else "")


def _mended(place: Place, kind: str, text: str) -> dict[Place, Any]:
    """Say what stands in the place of what cannot be understood; None leaves it out.

    Text, an enum and terms have a stand-in, which no rule complains of elsewhere. Else the smallest
    whole goes that may be missing.
    """
    if kind in _NO_NAME:
        return {place: None}
    ways = [place[:length] for length in range(1, len(place) + 1)]
    for way in ways:
        if Terms in _kinds_at(way):
            return {way: STAND_IN_TERMS.model_dump()}
        if {str, Text} & {*_kinds_at(way)}:
            return {way: text}
    for way in reversed(ways):
        kinds = _kinds_at(way)
        if not kinds or not _part_at(way[:-1]).model_fields[str(way[-1])].is_required():
            return {way: None}
        if issubclass(kinds[0], StrEnum):
            return {way: next(iter(kinds[0]))}
    return {(): None}


def _place_of(error: Any) -> Place:
    """Give the place of a fault; in what is free, pydantic names each kind of value too."""
    place = tuple(step for step in error["loc"] if step != "[key]")
    if _FREE not in place:
        return place
    length = place.index(_FREE) + 1
    return place[:length] + place[length::2]


def _kinds_at(place: Place) -> list[type]:
    """Give what a field of the form may be; nothing for what stands in a list, or is free."""
    if isinstance(place[-1], int) or _FREE in place[:-1]:
        return []
    return _within(_part_at(place[:-1]).model_fields[place[-1]].annotation)


def _names_at(place: Place) -> str:
    return ", ".join(_part_at(place).model_fields)


def _part_at(place: Place) -> type[Part]:
    """Give the part of the form at a place."""
    part: type[Part] = OperatorFile
    for step in place:
        if isinstance(step, str):
            kinds = _within(part.model_fields[step].annotation)
            part = next(kind for kind in kinds if issubclass(kind, Part))
    return part


def _within(annotation: Any) -> list[type]:
    """Give the classes that an annotation speaks of."""
    if get_origin(annotation) in {Union, UnionType, list}:
        return [kind for one in get_args(annotation) for kind in _within(one)]
    return [annotation] if isinstance(annotation, type) else []
