"""What a caller sent, as plain values."""

import dataclasses
from typing import Any
from uuid import UUID

import strawberry

from portal.errors import InvalidInput, faults_below
from portal.language import global_id
from portal.language.naming import camel
from portal.rules.form import line, lines
from portal.rules.key import folded

LONGEST_REASON = 1000
LONGEST_SEARCH = 100


def sent_or_none(value: Any) -> Any:
    """Take a field that was left out for null."""
    return None if value is strawberry.UNSET else value


def nulls_for_unsent(value: Any) -> Any:
    """Give an input with null for what was left out, in all that it holds.

    An optional change (``Maybe``), which tells the two apart, stays as it is.
    """
    if isinstance(value, list):
        return list(map(nulls_for_unsent, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, strawberry.Some)):
        sent = {
            one.name: nulls_for_unsent(getattr(value, one.name))
            for one in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **sent)
    return sent_or_none(value)


def id_in(type_name: str, given: str | None) -> UUID | None:
    """Give the UUID of a row of a type; None for any other id."""
    decoded = global_id.decode(given) if given else None
    return decoded[1] if decoded and decoded[0] == type_name else None


def text_to_find(given: str) -> str:
    """Give a text that rows are looked for by, in its form."""
    text = line(given, LONGEST_SEARCH)
    if not text:
        raise InvalidInput("Must not be empty.")
    return text


def pattern_to_find(given: str) -> str:
    """Give the pattern of keys that contain a text, without regard to case and accents."""
    text = folded(text_to_find(given))
    if not text:
        raise InvalidInput("Must not be empty.")
    escaped = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{escaped}%"


def reason_in(given: Any) -> str | None:
    """Give the reason that came with a change, if its input has room for one."""
    return _lines_in(given, "reason")


def internal_note_in(given: Any) -> str | None:
    """Give what staff alone may read of a change, if its input has room for that."""
    return _lines_in(given, "internal_note")


def _lines_in(given: Any, name: str) -> str | None:
    text = sent_or_none(getattr(given, name, None))
    if text is None:
        return None
    with faults_below("input", camel(name)):
        return lines(text, LONGEST_REASON) or None


def values_of(given: Any) -> dict[str, Any]:
    """Give the fields of a nested input, by their Python names."""
    return {
        field.name: getattr(given, field.name)
        for field in dataclasses.fields(given)
        if getattr(given, field.name) is not strawberry.UNSET
    }


def proposed_in(given: Any) -> Any:
    """Give what was sent of a nested input and of those in it, as plain values.

    Null is taken for left out, but for an optional change.
    """
    if not dataclasses.is_dataclass(given):
        return given
    sent = changes_in(given)
    for name, value in values_of(given).items():
        if value is not None and name not in sent:
            sent[name] = proposed_in(value)
    return sent


def changes_in(given: Any, *names: str) -> dict[str, Any]:
    """Give what was sent of an input's optional fields: absent, null and a value differ.

    With names, only those.
    """
    changes = {}
    for field in dataclasses.fields(given):
        value = getattr(given, field.name)
        if isinstance(value, strawberry.Some) and (not names or field.name in names):
            inner = value.value
            changes[field.name] = values_of(inner) if dataclasses.is_dataclass(inner) else inner
    return changes
