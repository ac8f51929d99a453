"""What has become of a row: the attributes that changed, as the history tells them."""

from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import get_history

from portal.language.naming import camel
from portal.models.key import is_key
from portal.models.recording import is_recorded
from portal.models.text import is_translation

_UNRECORDED = frozenset({"id", "account_id", "version", "history_length", "token_hash"})


class Fate(Enum):
    """What a transaction does to a row."""

    ADDED = auto()
    CHANGED = auto()
    DELETED = auto()


def recorded_names(mapper: Mapper[Any]) -> Iterator[str]:
    """Give what the history tells of a model, as ``Model.attribute``."""
    for name, _ in _recorded(mapper):
        yield named(mapper.class_, name)


def named(model: type, attribute: str) -> str:
    """Give the name under which the history keeps an attribute."""
    return f"{model.__name__}.{camel(attribute)}"


def held(row: Any) -> dict[str, Any]:
    """Give what a row holds, by the names under which the history keeps it."""
    model = type(row)
    names = (name for name, _ in _recorded(sa.inspect(model)))
    return {named(model, name): getattr(row, name) for name in names}


def changes_of(row: Any, fate: Fate) -> Iterator[tuple[str, Any, Any]]:
    """Give the name, the value before and the value after of each attribute that changed."""
    state = sa.inspect(row)
    for name, keys in _recorded(state.mapper):
        # What was never set is as it was.
        if fate is Fate.CHANGED and state.committed_state.keys().isdisjoint(keys):
            continue
        before = None if fate is Fate.ADDED else _before(row, name)
        after = None if fate is Fate.DELETED else getattr(row, name)
        if before != after and (before or after or not _is_translated(state.mapper, name)):
            yield name, plain(before), plain(after)


def _is_translated(mapper: Mapper[Any], name: str) -> bool:
    """Say whether an attribute holds translations, of which none is nothing to tell."""
    return name in mapper.columns and is_translation(mapper.columns[name])


@cache
def _recorded(mapper: Mapper[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name the attributes that are recorded, each with those that hold its columns."""
    composites = {
        name: tuple(part.key for part in composite.props)
        for name, composite in mapper.composites.items()
    }
    composed = set(chain.from_iterable(composites.values()))
    columns = {
        attribute.key: (attribute.key,)
        for attribute in mapper.column_attrs
        if attribute.key not in composed
        and not is_key(attribute.columns[0])
        and is_recorded(attribute.columns[0])
    }
    return tuple(
        (name, keys) for name, keys in (columns | composites).items() if name not in _UNRECORDED
    )


def _before(row: Any, name: str) -> Any:
    """Give what an attribute held when its row was read."""
    composite = sa.inspect(row).mapper.composites.get(name)
    if composite is None:
        return _before_of_column(row, name)
    # The history of a composite itself leaves out the parts that did not change.
    parts = [_before_of_column(row, part.key) for part in composite.props]
    if all(part is None for part in parts):
        return None
    return composite.composite_class(*parts)


def _before_of_column(row: Any, name: str) -> Any:
    history = get_history(row, name)
    held = history.deleted or history.unchanged
    return held[0] if held else None


def plain(value: Any) -> Any:
    """Give a value as JSON can hold it; decimals and days as text, composites as objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(name): plain(part) for name, part in asdict(value).items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
