"""Rows that no table holds: a statement works them out of the row at hand."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from portal.models.base import Base


class Computed(DeclarativeBase):
    """Whoever reads the row that they are worked out of may read them: they have no wall.

    ``told_by`` names what tells a row apart, and all that what is below it is worked out of.
    """

    told_by: ClassVar[tuple[str, ...]] = ("id",)
    type_annotation_map: ClassVar[dict[Any, Any]] = Base.type_annotation_map

    id: Mapped[UUID] = mapped_column(primary_key=True)
