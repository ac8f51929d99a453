"""A form as its template sees it: what each control holds, and what is wrong."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import orjson
from babel.numbers import format_decimal

from portal.language.messages import LOCALES
from portal.pages.module_data import KEY, VALUE
from portal.pages.mutation_input import MutationInput
from portal.pages.posted import NONE, Fault, places_of
from portal.viewer import Language

STORED: Final = "input"
"""The name under which ``Show`` answers what the controls hold before anybody typed."""
_CONFLICT = "CONFLICT"
_BOOLEAN = "Boolean"
_CARRIED = ("id", "expectedVersion")


@dataclass
class Form(MutationInput):
    """What is stored, what was typed instead, and its faults.

    ``labels`` is what the template calls its controls, taken down while it writes them.
    """

    language: Language
    stored: Mapping[str, Any]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    added: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def values(self, name: str, default: Any = None) -> list[str]:
        """Give what was typed into a control, else what is stored."""
        found = self._typed(name, default) if self.typed else self.stored_values(name, default)
        return [*found, ""] if self.added == name else found

    def _typed(self, name: str, default: Any) -> list[str]:
        """Give what was typed; a control of a row that is new holds what it holds at first."""
        if name in self.typed or default is None:
            typed = list(self.typed.get(name, ()))
            # Of a checkbox and the hidden control before it the last one counts.
            return typed[-1:] if self.kind(name) == _BOOLEAN else typed
        return [self._written(default, self.kind(name))]

    def stored_values(self, name: str, default: Any = None) -> list[str]:
        """Give what is stored now, as it would be typed."""
        at = self._stored(name)
        at = default if at is None else at
        given = at if isinstance(at, list) else [at]
        kind = self.kind(name)
        return [self._written(one, kind) for one in given if one is not None]

    def value(self, name: str, default: Any = None) -> str:
        """Give what one control holds."""
        return next(iter(self.values(name, default)), "")

    def rows(self, name: str) -> list[int]:
        """Give the places of the items of a list of objects, with one more where that was asked."""
        if self.typed:
            rows = places_of(self.typed, name)
        else:
            rows = list(range(len(self._stored(name) or ())))
        return [*rows, (rows[-1] + 1 if rows else 0)] if self.added == name else rows

    def chosen(self, name: str) -> bool:
        """Whether an input object that may be left out is there."""
        if self.typed:
            return self.typed.get(name, [NONE])[-1] != NONE
        return self._stored(name) is not None

    def hold(self, name: str, stored: Any) -> None:
        """Say what is stored under a name, where ``Show`` cannot answer it there."""
        self.stored = {**self.stored, name: stored}

    def wrong(self, name: str) -> list[Fault]:
        """Give the faults of a control."""
        return [fault for fault in self.faults if fault.name == name]

    def target(self, name: str) -> str:
        """Give the control that a fault leads to; empty where the form has none for it."""
        while name and name not in self.labels:
            name = name.rpartition(".")[0]
        return name

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Give the control that each fault leads to, and its sentence, each once."""
        return list(dict.fromkeys((self.target(one.name), one.message) for one in self.faults))

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else was faster."""
        return any(fault.code == _CONFLICT for fault in self.faults)

    def overtaken(self, name: str) -> list[str] | None:
        """Give what somebody else stored meanwhile, where it differs from what was typed.

        None also of what nobody stores, such as a reason.
        """
        if not self.is_conflict or name.split(".")[1] not in self.stored:
            return None
        stored, typed = self.stored_values(name), self.values(name)
        return stored if ", ".join(stored) != ", ".join(typed) else None

    def carried(self) -> dict[str, str]:
        """Give the controls that nobody sees: the row, the version that was read, and a new key."""
        found = {}
        for key in _CARRIED:
            name = f"{STORED}.{key}"
            if key in self.fields and name not in self.labels:
                stored = self.stored.get("version" if key == "expectedVersion" else key)
                typed = "" if self.is_conflict else "".join(self.typed.get(name, ())[-1:])
                found[name] = typed or ("" if stored is None else str(stored))
        if "idempotencyKey" in self.fields:
            found[f"{STORED}.idempotencyKey"] = self.key
        return {name: value for name, value in found.items() if value}

    def _stored(self, name: str) -> Any:
        """Find what is stored under the name of a control."""
        at: Any = self.stored
        for key in name.split(".")[1:]:
            if isinstance(at, Mapping) and key.isdecimal() and key not in at:
                # A row of an object whose keys are free: its key, and what is under it.
                at = [{KEY: one, VALUE: value} for one, value in at.items()]
            if isinstance(at, list) and key.isdecimal():
                at = at[int(key)] if int(key) < len(at) else None
            else:
                at = at.get(key) if isinstance(at, Mapping) else None
        return at

    def _written(self, value: Any, kind: str) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if kind == "JSON":
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        if kind == "Decimal" or isinstance(value, float):
            return format_decimal(
                Decimal(str(value)),
                locale=LOCALES[self.language],
                decimal_quantization=False,
                group_separator=False,
            )
        return str(value)


def found_in(data: Any, name: str) -> Mapping[str, Any]:
    """Find the object that ``Show`` answers under a name, wherever it stands."""
    if not isinstance(data, Mapping):
        return {}
    found = data.get(name)
    if isinstance(found, Mapping):
        return found
    return next(filter(None, (found_in(value, name) for value in data.values())), {})
