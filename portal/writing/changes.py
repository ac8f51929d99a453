"""Apply what was sent to a row: trim, blank is absent, length, form and nullability by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from portal.errors import InvalidInput, PortalError, Several, faults_below
from portal.language.naming import camel
from portal.models import Base
from portal.rules.form import line
from portal.viewer import Language

Path = tuple[str, ...]
Form = Callable[..., str]


def apply_changes(row: Base, changes: Mapping[str, Any], path: Path = ("input",)) -> None:
    """Set each attribute that was sent; every fault is found before the first is told.

    An attribute is a column, a text with its translations, or a composite of columns; these two are
    sent whole.
    """
    mapper = sa.inspect(type(row))
    faults: list[PortalError] = []
    checked: dict[str, Any] = {}
    for name, given in changes.items():
        here = (*path, camel(name))
        try:
            if name in mapper.composites:
                checked[name] = _composite(mapper.composites[name], given, here)
            elif isinstance(given, Mapping) and f"{name}_translations" in mapper.columns:
                checked |= _translated(mapper.columns[name], given, here)
            else:
                checked[name] = _column(mapper.columns[name], given, here)
        except PortalError as error:
            faults += error.problems
    if faults:
        raise Several(faults)
    for name, value in checked.items():
        setattr(row, name, value)


def _composite(composite: Any, given: Mapping[str, Any] | None, path: Path) -> Any:
    if given is None:
        if not all(part.columns[0].nullable for part in composite.props):
            raise InvalidInput("Must not be empty.", path=path)
        return None
    faults: list[PortalError] = []
    parts: dict[str, Any] = {}
    required = _required(composite.composite_class)
    for part in composite.props:
        name = part.key.removeprefix(f"{composite.key}_")
        here = (*path, camel(name))
        try:
            value = _column(part.columns[0], given.get(name), here, required=name in required)
            parts[name] = value
        except PortalError as error:
            faults += error.problems
    if faults:
        raise Several(faults)
    made = composite.composite_class(**parts)
    with faults_below(*path):
        return made.in_form() if hasattr(made, "in_form") else made


def _translated(column: sa.Column[Any], given: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Give a text of the operator and its translations, which are sent whole."""
    faults: list[PortalError] = []
    found: dict[str, str | None] = {}
    for name in ("value", *(language.lower() for language in Language)):
        try:
            required = name == "value" and not column.nullable
            found[name] = _column(column, given.get(name), (*path, name), required=required)
        except PortalError as error:
            faults += error.problems
    if faults:
        raise Several(faults)
    own = found.pop("value")
    translations = {language: text for language, text in found.items() if text is not None}
    return {column.key: own, f"{column.key}_translations": translations}


def _required(composite_class: Any) -> frozenset[str]:
    """Give the fields of a dataclass that have no default."""
    fields = composite_class.__dataclass_fields__.values()
    return frozenset(field.name for field in fields if field.default is not None)


def _column(column: sa.Column[Any], given: Any, path: Path, *, required: bool | None = None) -> Any:
    form = _form_of(column)
    if isinstance(column.type, sa.ARRAY):
        return _texts(given, form, path, column.info["most"])
    value = _text(given, form, path) if isinstance(given, str) else given
    if value is None:
        if required if required is not None else not column.nullable:
            raise InvalidInput("Must not be empty.", path=path)
        return None
    return _as_kept(column, value) if isinstance(value, Decimal) else value


def _form_of(column: sa.Column[Any]) -> Form:
    """Give the form of a column's text, with the length of the column."""
    form: Form = column.info.get("form", line)
    longest = column.type.length if isinstance(column.type, sa.String) else None
    return form if longest is None else partial(form, longest=longest)


def _as_kept(column: sa.Column[Any], value: Decimal) -> Decimal:
    """Give a number with the decimals of its column, so that the history tells what is stored.

    Whether a number with more of them is right is for a rule to say.
    """
    scale = column.type.scale if isinstance(column.type, sa.Numeric) else None
    kept = round(value, scale) if scale is not None else value
    return kept if kept == value else value


def _texts(given: Sequence[str], form: Form, path: Path, most: int) -> list[str]:
    if len(given) > most:
        raise InvalidInput("May have at most {most} entries.", path=path, most=most)
    faults: list[PortalError] = []
    texts = list(_each(given, form, path, faults))
    if faults:
        raise Several(faults)
    return list(dict.fromkeys(texts))


def _each(given: Sequence[str], form: Form, path: Path, faults: list[PortalError]) -> Iterator[str]:
    for index, text in enumerate(given):
        try:
            value = _text(text, form, (*path, str(index)))
        except PortalError as error:
            faults.append(error)
            continue
        if value is not None:
            yield value


def _text(given: str, form: Form, path: Path) -> str | None:
    """Give text in its form; None when it is blank. Enums are text that knows its form."""
    if type(given) is not str:
        return given
    try:
        return form(given) if given.strip() else None
    except InvalidInput as error:
        error.path = path
        raise
