"""The declarative base, and the columns that many tables share."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from typing_extensions import override
from uuid_utils.compat import uuid7

from portal.models.erasure import Erasure, undeclared
from portal.models.key import keep_keys
from portal.models.recording import History, must_declare
from portal.models.text import check_translations
from portal.models.wall import Wall


class Base(DeclarativeBase):
    """Every table, with its wall, its history and what erasing does; one that lacks it is refused.

    Constraints get names, so that a migration can address them.
    """

    wall: ClassVar[Wall]
    erasure: ClassVar[Erasure]
    history: ClassVar[History]

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        date: sa.Date(),
        datetime: sa.DateTime(timezone=True),
        Decimal: sa.Numeric(14, 6),
        Enum: sa.Enum(Enum, native_enum=False, length=30, create_constraint=False),
        UUID: sa.Uuid(),
        dict[str, Any]: JSONB(),
        dict[str, str]: JSONB(),
        list[str]: sa.ARRAY(sa.Text()),
    }

    @override
    def __init_subclass__(cls, **options: Any) -> None:
        if not isinstance(getattr(cls, "wall", None), Wall):
            raise TypeError(f"{cls.__module__}.{cls.__qualname__} declares no wall")
        if must_declare(cls.wall) and not isinstance(getattr(cls, "history", None), History):
            raise TypeError(f"{cls.__module__}.{cls.__qualname__} declares no history")
        super().__init_subclass__(**options)
        if not isinstance(cls.__table__, sa.Table):
            # Rows of another model, seen otherwise: what becomes of them is declared there.
            return
        keep_keys(cls)
        check_translations(cls.__table__)
        parts = {
            name: [column.name for column in composite.columns]
            for name, composite in sa.inspect(cls).composites.items()
        }
        if missing := [*undeclared(cls.__table__, getattr(cls, "erasure", None), parts)]:
            raise TypeError(f"erasing does not declare what becomes of {', '.join(missing)}")


def models() -> list[type[Base]]:
    """Give every model that has a table, by its name."""
    mappers = Base.registry.mappers
    found = [one.class_ for one in mappers if isinstance(one.local_table, sa.Table)]
    return sorted(found, key=lambda model: str(model.__tablename__))


class Identified:
    """A row with an id of its own, made in Python and ordered by time."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class OfAccount(Identified):
    """A row inside an account. Composite keys onto ``(account_id, id)`` cannot leave it."""

    history: ClassVar[History] = History.ACCOUNT

    @declared_attr
    @classmethod
    def account_id(cls) -> Mapped[UUID]:
        """The account; every wall asks for it."""
        return mapped_column(sa.ForeignKey("account.id"))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (sa.UniqueConstraint("account_id", "id"), *cls.constraints())

    @classmethod
    def constraints(cls) -> tuple[Any, ...]:
        """The table's own constraints and indexes."""
        return ()


class Versioned:
    """A row that callers edit: ``version`` counts its changes."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def one_of(column: str, values: type[Enum]) -> sa.CheckConstraint:
    """Give the constraint that keeps a text column to the values of an enum."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def each_of(column: str, values: type[Enum]) -> sa.CheckConstraint:
    """Give the constraint that keeps a text array to the values of an enum."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return sa.CheckConstraint(f"{column} <@ ARRAY[{allowed}]::text[]", name=f"{column}_known")
