"""Module data: controls by a module's own JSON Schema, and what was typed into them as data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from portal.viewer import Language

KEY: Final = "name"
VALUE: Final = "value"
"""The two controls of an entry whose name is free too: ``openingHours.0.name`` and ``.value``."""

_LONG: Final = 200
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")
_INPUTS = {"date": "date", "time": "time", "email": "email", "uri": "url", "telephone": "tel"}


class Kind(StrEnum):
    """How a part of the data is typed in."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    SEVERAL = "several"
    LIST = "list"
    OBJECT = "object"
    ITEMS = "items"
    ENTRIES = "entries"


_KINDS = {"boolean": Kind.BOOLEAN, "integer": Kind.NUMBER, "number": Kind.NUMBER}


@dataclass(frozen=True)
class Part:
    """A part of the data: a schema, under a key of the one around it; ``whole`` has them all."""

    key: str
    schema: Mapping[str, Any]
    whole: Mapping[str, Any]
    is_required: bool = False

    @classmethod
    def of(cls, schema: Any, whole: Mapping[str, Any], key: str, required: Any = ()) -> "Part":
        """Give the part of a key, where its schema refers to."""
        found = schema if isinstance(schema, dict) else {}
        if "$ref" in found:
            found = {**_looked_up(found["$ref"], whole), **found}
        return cls(key, found, whole, key in required)

    @cached_property
    def kind(self) -> Kind:
        """Say how it is typed in."""
        if self.type == "object":
            return Kind.OBJECT if "properties" in self.schema else Kind.ENTRIES
        if self.type == "array":
            several = Kind.SEVERAL if self.item.options else Kind.LIST
            return Kind.ITEMS if self.item.type == "object" else several
        if self.options:
            return Kind.CHOICE
        is_long = self.schema.get("maxLength", 0) >= _LONG
        return _KINDS.get(self.type, Kind.LONG if is_long else Kind.TEXT)

    @cached_property
    def type(self) -> str:
        """Give its type; of several, the first that is not null."""
        given = self.schema.get("type", "object" if "properties" in self.schema else "string")
        several = given if isinstance(given, list) else [given]
        return next((str(one) for one in several if one != "null"), "string")

    @cached_property
    def options(self) -> Sequence[Any]:
        """Give the values that it may have, where they are listed."""
        if "const" in self.schema:
            return [self.schema["const"]]
        listed = self.schema.get("enum", ())
        return [one for one in listed if one is not None]

    @cached_property
    def item(self) -> "Part":
        """Give the part that each item of a list is, or the value of each entry."""
        below = self.schema.get("items" if self.type == "array" else "additionalProperties")
        return Part.of(below, self.whole, VALUE)

    @property
    def below(self) -> Iterator["Part"]:
        """Give the parts of an object."""
        required = self.schema.get("required", ())
        for key, schema in self.schema.get("properties", {}).items():
            yield Part.of(schema, self.whole, key, required)

    @property
    def input(self) -> str:
        """Give the type of control that HTML has for it."""
        return _INPUTS.get(str(self.schema.get("format")), "text")

    def title(self, language: Language) -> str:
        """Give what it is called: as the operator says it, else its key as words."""
        words = " ".join(_WORDS.split(self.key)).lower()
        title = self._text(language).get("title") or self.schema.get("title") or words
        return str(title[:1].upper() + title[1:])

    def hint(self, language: Language) -> str:
        """Give what the operator says of it."""
        return str(self._text(language).get("message") or self.schema.get("description") or "")

    def _text(self, language: Language) -> Mapping[str, Any]:
        texts = self.schema.get("x-text", {})
        found: Mapping[str, Any] = texts.get(language.lower()) or texts.get("en") or {}
        return found


def _looked_up(reference: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference into the schema itself (RFC 6901); what it does not find is text."""
    found: Any = whole
    for step in reference.removeprefix("#").split("/")[1:]:
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if found else None
    return found if isinstance(found, dict) else {}
