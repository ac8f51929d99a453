"""Texts of the operator: a column in its own language, and beside it what that is in others."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from portal.language.phrase import Translated
from portal.models.key import key_of
from portal.rules.key import sort_key
from portal.viewer import Language

_TRANSLATIONS = "translations of"
_SUFFIX = "_translations"
# What rows have that nothing translates.
_NONE = sa.text("'{}'::jsonb")
_LANGUAGES = tuple(language.lower() for language in Language)


def translations_of(source: str) -> Any:
    """Declare the column ``<source>_translations``: texts by language, in lower case."""
    return mapped_column(JSONB(), default=dict, server_default=_NONE, info={_TRANSLATIONS: source})


def is_translation(column: sa.ColumnElement[Any]) -> bool:
    """Say whether a column holds the translations of another one."""
    return _TRANSLATIONS in column.info


def check_translations(table: Any) -> None:
    """Let the database keep translations to known languages, and to the length of their text."""
    for column in table.columns:
        source = column.info.get(_TRANSLATIONS)
        if source is not None:
            known = _known(column.name, table.columns[source].type.length)
            table.append_constraint(sa.CheckConstraint(known, name=column.name))


def _known(name: str, longest: int) -> str:
    languages = ", ".join(f"'{language}'" for language in _LANGUAGES)
    texts = (
        f"coalesce(jsonb_typeof({name} -> '{language}') = 'string'"
        f" AND length({name} ->> '{language}') BETWEEN 1 AND {longest}, true)"
        for language in _LANGUAGES
    )
    is_object = f"jsonb_typeof({name}) = 'object' AND {name} - ARRAY[{languages}] = '{{}}'"
    return " AND ".join((is_object, *texts))


def sort_translations_of(source: str) -> Any:
    """Declare the column by which rows are found for the translations of another column."""

    def keys(translations: Mapping[str, str]) -> dict[str, str]:
        return {language: sort_key(text) for language, text in translations.items()}

    return key_of(f"{source}_translations", keys, JSONB(), default=dict, server_default=_NONE)


def text_columns(model: Any, name: str, label: str) -> tuple[sa.ColumnElement[Any], ...]:
    """Give the columns of a text under another name, by which ``text_of`` finds it in a row."""
    return tuple(
        getattr(model, f"{name}{suffix}").label(f"{label}{suffix}") for suffix in ("", _SUFFIX)
    )


def text_of(row: Any, name: str) -> Translated:
    """Give a text of a row in every language that it has."""
    return Translated(getattr(row, name), getattr(row, f"{name}{_SUFFIX}"))
