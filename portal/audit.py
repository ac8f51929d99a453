"""The history of an account, and of staff: one entry for each change, in its transaction.

A listener writes it, because it must not be forgettable; a bulk update would slip past the
listener, so the session refuses one.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic.alias_generators import to_camel
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.attributes import get_history
from uuid_utils.compat import uuid7

from portal.models import (
    Account,
    HistoryEntry,
    HistoryValue,
    OfAccount,
    PermissionProfile,
    Staff,
    StaffHistoryEntry,
)
from portal.models.base import Versioned
from portal.viewer import Role

_RECORD = "portal.history"
_UNRECORDED = frozenset({"id", "account_id", "version", "history_length", "token_hash"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something; the name is kept as it is at that moment."""

    role: Role
    id: UUID | None
    name: str | None


@dataclass(slots=True)
class _Record:
    actor: Actor
    action: str
    now: datetime
    reason: str | None = None
    entries: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)


class Unrecorded(Exception):
    """Somebody tried to change rows of an account past the history."""


def record_for(session: Session, actor: Actor, action: str, now: datetime) -> None:
    """Write the history of a session's changes in this actor's name."""
    session.info[_RECORD] = _Record(actor, action, now)
    event.listen(session, "after_flush", _write_history)
    event.listen(session, "do_orm_execute", _refuse_bulk_changes)


def act_as(session: Any, actor: Actor) -> None:
    """Write what follows in the name of somebody who has just come to be."""
    session.info[_RECORD].actor = actor


def give_reason(session: Any, reason: str | None) -> None:
    """Keep why a change was made, with its entry."""
    session.info[_RECORD].reason = reason


def _write_history(session: Session, *_: Any) -> None:
    record: _Record = session.info[_RECORD]
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, (Staff, PermissionProfile)):
            _add_staff_entry(session, record, row)
        if not isinstance(row, (Account, OfAccount)) or isinstance(
            row, (HistoryEntry, HistoryValue)
        ):
            continue
        values = list(_changes(session, row))
        if values:
            _add_entry(session, record, row, values)


def _add_entry(
    session: Session, record: _Record, row: Any, values: list[tuple[str, Any, Any]]
) -> None:
    connection = session.connection()
    if row.account_id not in record.entries:
        record.entries[row.account_id] = (_open_entry(connection, record, row.account_id), 0)
    entry_id, length = record.entries[row.account_id]
    connection.execute(
        sa.insert(HistoryValue),
        [
            {
                "id": uuid7(),
                "account_id": row.account_id,
                "history_entry_id": entry_id,
                "position": length + index,
                "subject_id": row.id,
                "subject_version": row.version if isinstance(row, Versioned) else None,
                "field": f"{type(row).__name__}.{to_camel(name)}",
                "before": before,
                "after": after,
            }
            for index, (name, before, after) in enumerate(values)
        ],
    )
    record.entries[row.account_id] = (entry_id, length + len(values))


def _add_staff_entry(session: Session, record: _Record, row: Staff | PermissionProfile) -> None:
    """Write what is about staff, which belongs to no account; its entry says who it is about."""
    changes = [
        {"field": f"{type(row).__name__}.{to_camel(name)}", "before": before, "after": after}
        for name, before, after in _changes(session, row)
        if name != "person_id"
    ]
    if changes:
        session.connection().execute(
            sa.insert(StaffHistoryEntry).values(
                id=uuid7(),
                at=record.now,
                action=record.action,
                actor_id=record.actor.id,
                staff_id=row.id if isinstance(row, Staff) else None,
                permission_profile_id=row.id if isinstance(row, PermissionProfile) else None,
                changes=changes,
                reason=record.reason,
            )
        )


def _open_entry(connection: sa.Connection, record: _Record, account_id: UUID) -> UUID:
    """Write an entry under the next number of its account, and give its id."""
    number = connection.scalar(
        sa.update(Account)
        .where(Account.id == account_id)
        .values(history_length=Account.history_length + 1)
        .returning(Account.history_length)
    )
    entry_id = uuid7()
    connection.execute(
        sa.insert(HistoryEntry).values(
            id=entry_id,
            account_id=account_id,
            number=number,
            at=record.now,
            action=record.action,
            actor_role=record.actor.role,
            actor_id=record.actor.id,
            actor_name=record.actor.name,
            reason=record.reason,
        )
    )
    return entry_id


def _changes(session: Session, row: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give the name, the value before and the value after of each attribute that changed."""
    mapper = sa.inspect(row).mapper
    composed = {part.key for composite in mapper.composites for part in composite.props}
    for name in [*mapper.column_attrs.keys(), *mapper.composites.keys()]:
        if name in _UNRECORDED or name in composed:
            continue
        before = None if row in session.new else _before(row, name)
        after = None if row in session.deleted else getattr(row, name)
        if before != after:
            yield name, plain(before), plain(after)


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
        return {to_camel(name): plain(part) for name, part in asdict(value).items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        raise Unrecorded(str(state.statement))
