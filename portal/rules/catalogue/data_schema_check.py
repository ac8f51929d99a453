"""What a manager may ask of the data of a module: a JSON Schema that is known here, and small."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from portal.errors import InvalidInput, PortalError, Several, translatable
from portal.rules.backtracking import is_exponential
from portal.rules.catalogue.data_schema import (
    REFERENCES,
    faults_of_schema,
    parts_of,
    resolver_of,
    schemas_below,
)
from portal.viewer import Language

MOST_BYTES = 64 * 1024
MOST_DEPTH = 40
# Parts that a value is compared with, references followed.
MOST_PARTS = 2_000
MOST_PATTERNS = 100
LONGEST_TEXT = 200
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LANGUAGES = frozenset(language.lower() for language in Language)
_TEXTS = frozenset({"title", "message"})
_WHOLE = "#"
# PostgreSQL keeps it in no text.
_NUL = "\0"
_HANGS = translatable("Browsers may take exponential time for the pattern {pattern}")


def check_data_schema(schema: object) -> Mapping[str, Any]:
    """Refuse a schema by which no data could be checked soon, each fault with its path."""
    if not isinstance(schema, dict):
        raise InvalidInput("Must be an object.")
    if len(json.dumps(schema, ensure_ascii=False).encode(errors="replace")) > MOST_BYTES:
        raise InvalidInput("May have {most} bytes at most.", most=MOST_BYTES)
    _check_depth(schema)
    if any(_NUL in text for text in _texts(schema)):
        raise InvalidInput("Must be text without control characters.")
    faults = faults_of_schema(schema) or [*_faults(schema)]
    if faults:
        raise Several(faults)
    if _size(schema, resolver_of(schema), (_WHOLE,), {}) > MOST_PARTS:
        raise InvalidInput("May have {most} parts at most, references followed.", most=MOST_PARTS)
    return schema


def _check_depth(schema: object) -> None:
    level = [schema]
    for _ in range(MOST_DEPTH):
        level = [part for one in level for part in _below(one)]
    if level:
        raise InvalidInput("May be {most} levels deep at most.", most=MOST_DEPTH)


def _below(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _texts(value: Any) -> Iterator[str]:
    """Give every text, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    for below in _below(value):
        yield from _texts(below)


def _faults(schema: Mapping[str, Any]) -> Iterator[PortalError]:
    if schema.get("$schema", _DRAFT) != _DRAFT:
        yield InvalidInput("This is no JSON Schema of draft 2020-12.", path=["$schema"])
    count = 0
    for part, path in parts_of(schema):
        if "x-text" in part:
            yield from _of_text(part["x-text"], (*path, "x-text"))
        patterns = [("pattern", part["pattern"])] if "pattern" in part else []
        patterns += [("patternProperties", one) for one in part.get("patternProperties", ())]
        count += len(patterns)
        if count > MOST_PATTERNS:
            yield InvalidInput("May have {most} patterns at most.", most=MOST_PATTERNS)
            return
        for keyword, pattern in patterns:
            if is_exponential(pattern):
                yield InvalidInput(_HANGS, path=(*path, keyword), pattern=pattern)


def _of_text(texts: Any, path: tuple[str, ...]) -> Iterator[PortalError]:
    """Say what is wrong with the words of a schema: each there in every language."""
    if not isinstance(texts, dict) or texts.keys() != _LANGUAGES:
        yield InvalidInput("Must have nl, en and de.", path=path)
        return
    parts = {frozenset(text) if isinstance(text, dict) else None for text in texts.values()}
    (only,) = parts if len(parts) == 1 else (None,)
    if not only or not only <= _TEXTS:
        yield InvalidInput("Must have a title, a message or both, in each language.", path=path)
        return
    for language, text in texts.items():
        for name, words in text.items():
            if not isinstance(words, str) or not 0 < len(words.strip()) <= LONGEST_TEXT:
                yield InvalidInput(
                    "Must have 1 to {maximum} characters.",
                    path=(*path, language, name),
                    maximum=LONGEST_TEXT,
                )


def _size(schema: Any, resolver: Any, following: tuple[str, ...], known: dict[str, int]) -> int:
    """Count the schemas in a schema as if each reference were what it leads to.

    One that leads into what it stands in has no end.
    """
    if not isinstance(schema, dict):
        return 1
    size = 1 + sum(_size(below, resolver, following, known) for below, _ in schemas_below(schema))
    for reference in (schema[keyword] for keyword in REFERENCES if keyword in schema):
        if reference in following:
            raise InvalidInput("A part of a schema must not hold itself: {part}", part=reference)
        if reference not in known:
            found = resolver.lookup(reference).contents
            known[reference] = _size(found, resolver, (*following, reference), known)
        size += known[reference]
    return size
