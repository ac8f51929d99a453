"""A row as it was read: its columns, and the expressions that were asked for with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.models import Account, Base, Computed


class Record:
    """A row of a model; composites of columns are made when they are read."""

    __slots__ = ("model", "values")

    def __init__(self, model: type[Base], values: Mapping[Any, Any]) -> None:
        self.model = model
        self.values = values

    @property
    def account_id(self) -> UUID | None:
        """The account that the row belongs to; None for a shared row."""
        found: UUID | None = self.values.get("id" if self.model is Account else "account_id")
        return found

    @property
    def told_by(self) -> tuple[Any, ...]:
        """What tells it apart from others of its model."""
        return tuple(self.values[name] for name in told_by(self.model))

    def __getattr__(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        composite = sa.inspect(self.model).composites.get(name)
        if composite is None:
            raise AttributeError(name)
        parts = [self.values[part.key] for part in composite.props]
        if all(part is None for part in parts):
            return None
        return composite.composite_class(*parts)


def told_by(model: type[Base]) -> tuple[str, ...]:
    """Give the names of what tells the rows of a model apart: their id, where a table has them."""
    return model.told_by if issubclass(model, Computed) else ("id",)
