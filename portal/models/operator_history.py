"""What has changed that belongs to no account: the catalogue, staff, what the operator says."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Identified
from portal.models.erasure import kept
from portal.models.recording import History
from portal.models.wall import may, staff_only
from portal.viewer import Role

_OF_STAFF = "subject_type IN ('Staff', 'PermissionProfile')"


class OperatorHistoryEntry(Identified, Base):
    """One change of a row that belongs to no account; ``subject_type`` is the name of its model.

    Names are not copied: they are read from the rows that the entry refers to. The subject may be
    gone: a draft is deleted, and what was told of it stays.
    """

    __tablename__ = "operator_history"
    wall = staff_only(Role.MANAGER, staff=may("SELECT, INSERT"))
    history = History.NONE
    erasure = (kept("at", "action", "subject_type", "subject_id", "changes", "reason"),)
    __table_args__ = (
        sa.Index("ix_operator_history_at_id", "at", "id"),
        sa.Index("ix_operator_history_subject_id", "subject_id"),
        # Few among many, once the catalogue changes.
        sa.Index("ix_operator_history_of_staff", "at", "id", postgresql_where=sa.text(_OF_STAFF)),
    )

    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(60))
    # Nobody for the operator at the command line.
    actor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    subject_type: Mapped[str] = mapped_column(sa.String(60))
    subject_id: Mapped[UUID]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB())
    reason: Mapped[str | None] = mapped_column(sa.String(1000))


_entry = OperatorHistoryEntry.__table__.c


def _subject(model: str, name: str) -> sa.ColumnElement[UUID]:
    is_of_model = _entry.subject_type == sa.literal_column(f"'{model}'")
    return sa.case((is_of_model, _entry.subject_id)).label(name)


class StaffHistoryEntry(Base):
    """The part of the operator's history that tells of staff and of permission profiles."""

    __table__ = (
        sa.select(
            _entry.id,
            _entry.at,
            _entry.action,
            _entry.actor_id,
            _subject("Staff", "staff_id"),
            _subject("PermissionProfile", "permission_profile_id"),
            _entry.changes,
            _entry.reason,
        )
        .where(sa.text(_OF_STAFF))
        .subquery("staff_history")
    )
    __mapper_args__ = {"primary_key": [__table__.c.id]}  # noqa: RUF012  (as SQLAlchemy has it)
    wall = OperatorHistoryEntry.wall
    history = OperatorHistoryEntry.history

    id: Mapped[UUID]
    at: Mapped[datetime]
    action: Mapped[str]
    actor_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    permission_profile_id: Mapped[UUID | None]
    changes: Mapped[list[dict[str, Any]]]
    reason: Mapped[str | None]
