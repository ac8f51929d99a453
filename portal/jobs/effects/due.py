"""What a day causes: the effects that are due, and the mails that each of them sends."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.mail.content import Content
from portal.mail.outbox import Recipient
from portal.models import Account, Effect, EffectKind, Member, Person
from portal.rules.calendar import end_of_day

BATCH = 100
"""Rows that one transaction looks at."""
# Neither an account that moves to another time zone skips a day, nor what the first time finds.
_LOOK_BACK = timedelta(days=2)
FIRST = UUID(int=0)
"""The id after which the first batch begins."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose effects are due where clocks show one time; ``now`` may be a moved clock's."""

    time_zone: str
    done: date
    today: date
    now: datetime

    @property
    def after(self) -> date:
        """Day before the first of them."""
        return self.done - _LOOK_BACK

    @property
    def after_instant(self) -> datetime:
        """Instant at which the first of them began."""
        return end_of_day(self.after, self.time_zone)


@dataclass(frozen=True, slots=True)
class Due:
    """An effect of a day, its mails, and what the history tells: a field, before and after."""

    kind: EffectKind
    subject_id: UUID
    day: date
    account_id: UUID | None
    mails: tuple[tuple[Content, Recipient], ...]
    change: tuple[str, Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What one batch holds, and the id after which the next one begins, if there is one."""

    due: list[Due]
    next_after: UUID | None


Find = Callable[[AsyncSession, Span, UUID], Awaitable[Found]]


def is_new(kind: EffectKind, subject_id: Any, day: Any = None) -> sa.ColumnElement[bool]:
    """Say that an effect was not caused yet, of a day where one subject may have several."""
    same_day = sa.true() if day is None else Effect.day == day
    return ~sa.exists().where(Effect.kind == kind, Effect.subject_id == subject_id, same_day)


def page(query: sa.Select[*tuple[Any, ...]], id: Any, after: UUID) -> sa.Select[*tuple[Any, ...]]:
    """Select one batch, in the order of the ids."""
    return query.where(id > after).order_by(id).limit(BATCH)


def told_to_owner(query: sa.Select[Any], account_id: Any, span: Span) -> sa.Select[Any]:
    """Join the accounts of a span's time zone to what was selected, and who owns each."""
    return (
        query.join(Account, Account.id == account_id)
        .join(Member, sa.and_(Member.account_id == Account.id, Member.id == Account.owner_id))
        .join(Person, Person.id == Member.person_id)
        .where(Account.time_zone == span.time_zone)
        .add_columns(
            Account.name.label("account"),
            Person.name.label("person"),
            Person.email,
            Person.language,
        )
    )


def about(row: sa.Row[Any]) -> dict[str, Any]:
    """Give the names that every mail to an owner says."""
    return {"name": row.person, "account": row.account}


def reader(row: sa.Row[Any]) -> Recipient:
    """Give whoever is told."""
    return Recipient(row.email, row.language)


def batch(rows: Sequence[sa.Row[Any]], due: Callable[[sa.Row[Any]], Due]) -> Found:
    """Give what rows are due, each with its ``id``, in the order of those."""
    return Found([due(row) for row in rows], rows[-1].id if len(rows) == BATCH else None)
