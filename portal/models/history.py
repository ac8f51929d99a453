"""What has changed in an account: who, when, why; and, apart, the values."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from portal.models.base import Base, OfAccount, one_of
from portal.models.erasure import (
    DeletedData,
    by_account,
    by_people_where,
    by_person,
    deleted,
    emptied,
    kept,
)
from portal.models.recording import History
from portal.models.wall import NOTHING, may, of_account, staff_only
from portal.viewer import Role


class HistoryEntry(OfAccount, Base):
    """One change, numbered without gaps in its account."""

    __tablename__ = "history_entry"
    # Nobody who serves rewrites the history.
    wall = of_account(
        adds=True,
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, INSERT"),
        login=may("INSERT"),
    )
    history = History.NONE
    erasure = (
        emptied(DeletedData.HISTORY_VALUES, "on_behalf_of", "reason"),
        emptied(
            DeletedData.HISTORY_VALUES,
            "actor_name",
            whose=by_account(where="t.actor_role NOT IN ('EMPLOYEE', 'MANAGER', 'PARTNER')"),
        ),
        emptied(DeletedData.HISTORY_VALUES, "actor_name", whose=by_person("actor_id")),
        kept("number", "at", "action", "actor_role", "actor_id"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.UniqueConstraint("account_id", "number"),
            one_of("actor_role", Role),
        )

    number: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(60))
    actor_role: Mapped[Role]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None] = mapped_column(sa.String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(sa.String(200))
    reason: Mapped[str | None] = mapped_column(sa.String(1000))


class HistoryNote(OfAccount, Base):
    """What staff noted about a change for staff, apart: its table is closed to customers."""

    __tablename__ = "history_note"
    wall = staff_only(staff=may("SELECT, INSERT"), worker=NOTHING)
    history = History.NONE
    erasure = (deleted(DeletedData.HISTORY_VALUES),)

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.ForeignKeyConstraint(
                ["account_id", "history_entry_id"],
                ["history_entry.account_id", "history_entry.id"],
            ),
            sa.UniqueConstraint("history_entry_id"),
        )

    history_entry_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(sa.String(1000))


class HistoryValue(OfAccount, Base):
    """One field of a change, before and after; emptied when a person is erased."""

    __tablename__ = "history_value"
    wall = of_account(
        adds=True,
        staff=may("SELECT, INSERT"),
        worker=may("SELECT, INSERT"),
        login=may("INSERT"),
    )
    history = History.NONE
    erasure = (
        emptied(DeletedData.HISTORY_VALUES, "before", "after"),
        # An invitation of another account names whom it invited.
        emptied(
            DeletedData.HISTORY_VALUES,
            "before",
            "after",
            whose=by_people_where(
                "EXISTS (SELECT FROM invitation i WHERE i.email = ANY (emails)"
                " AND i.account_id = t.account_id AND i.id = t.subject_id)"
            ),
        ),
        kept("position", "subject_id", "subject_version", "field"),
    )

    @classmethod
    @override
    def constraints(cls) -> tuple[Any, ...]:
        return (
            sa.ForeignKeyConstraint(
                ["account_id", "history_entry_id"],
                ["history_entry.account_id", "history_entry.id"],
            ),
            sa.UniqueConstraint("history_entry_id", "position"),
        )

    history_entry_id: Mapped[UUID]
    position: Mapped[int]
    subject_id: Mapped[UUID]
    subject_version: Mapped[int | None]
    field: Mapped[str] = mapped_column(sa.String(120))
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
