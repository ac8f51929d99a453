"""Conditions on text, and the parts of what the operator wrote."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.viewer import Language

TextPart = Callable[[Any, str, Viewing], Any]
"""Gives one part of a text of a row, by the name of its column."""


def contains(key: Any, pattern: Any) -> sa.ColumnElement[bool]:
    """Keep keys that have a pattern in them, whose signs mean themselves; see ``given``."""
    found: sa.ColumnElement[bool] = key.like(pattern, escape="/")
    return found


def is_named(row: Any, _viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep rows with a pattern in their name."""
    return contains(row.sort_name, wanted)


def is_called(row: Any, viewing: Viewing, wanted: Any) -> sa.ColumnElement[bool]:
    """Keep rows with a pattern in the name that the operator or the reader has for them."""
    translated = _in_language(row.sort_name_translations, viewing)
    return sa.or_(contains(row.sort_name, wanted), contains(translated, wanted))


def called(row: Any, name: str, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give what a row is called, in the reader's language where it is translated."""
    own: sa.ColumnElement[str] = getattr(row, name)
    return words(row, name, viewing) if hasattr(row, f"{name}_translations") else own


def words(row: Any, name: str, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give a text of a row in the reader's language, or else in the operator's."""
    found: sa.ColumnElement[str] = sa.func.coalesce(
        _in_language(_translations(row, name), viewing),
        getattr(row, name),
        type_=sa.Text(),
    )
    return found


def language(row: Any, name: str, viewing: Viewing) -> sa.ColumnElement[str]:
    """Give the language in which ``words`` gives a text."""
    has_own = _translations(row, name).has_key(viewing.language)
    found = sa.case((has_own, viewing.language), else_=viewing.operator_language)
    return sa.func.upper(found, type_=sa.Text())


def _original(row: Any, name: str, _viewing: Viewing) -> Any:
    return getattr(row, name)


def _translated(into: Language) -> TextPart:
    def part(row: Any, name: str, _viewing: Viewing) -> Any:
        return _translations(row, name).op("->>", return_type=sa.Text())(into.lower())

    return part


def _translations(row: Any, name: str) -> Any:
    return getattr(row, f"{name}_translations")


def _in_language(translations: Any, viewing: Viewing) -> Any:
    return translations.op("->>", return_type=sa.Text())(viewing.language)


TEXT_PARTS: tuple[TextPart, ...] = (
    words,
    language,
    _original,
    *map(_translated, (Language.NL, Language.DE, Language.EN)),
)
"""Everything that ``Text`` of the schema shows, in its order."""
