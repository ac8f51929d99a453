"""The history of an account, and of staff: one entry for each change, in its transaction.

A listener writes it, because it must not be forgettable; a bulk update would slip past the
listener, so the session refuses one.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic.alias_generators import to_camel
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.attributes import get_history
from uuid_utils.compat import uuid7

from portal.login_change import harmless
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
# What the values of one account are, and the entry before them under the account's next number.
_WRITTEN = """INSERT INTO history_value (id, account_id, history_entry_id, position, subject_id,
  subject_version, field, before, after)
SELECT v.id, :account_id, :entry_id, v.position, v.subject_id, v.subject_version, v.field,
  v.before, v.after
FROM jsonb_to_recordset(:values) AS v(id uuid, position integer, subject_id uuid,
  subject_version integer, field text, before jsonb, after jsonb)"""
_OPENED = """WITH numbered AS (
  UPDATE account SET history_length = history_length + 1 WHERE id = :account_id
  RETURNING history_length
), opened AS (
  INSERT INTO history_entry (id, account_id, number, at, action, actor_role, actor_id, actor_name,
    reason)
  SELECT :entry_id, :account_id, history_length, :at, :action, :actor_role, :actor_id, :actor_name,
    :reason
  FROM numbered
)
"""
_TYPES: dict[str, Any] = {
    "account_id": sa.Uuid(),
    "entry_id": sa.Uuid(),
    "values": JSONB(),
    "at": sa.DateTime(timezone=True),
    "action": sa.String(),
    "actor_role": sa.String(),
    "actor_id": sa.Uuid(),
    "actor_name": sa.String(),
    "reason": sa.String(),
}
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


def _statement(text: str) -> sa.TextClause:
    typed = (sa.bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in text)
    return harmless(text).bindparams(*typed)


_VALUES = _statement(_WRITTEN)
_ENTRY = _statement(_OPENED + _WRITTEN)


class Unrecorded(Exception):
    """Somebody tried to change rows of an account past the history."""


def record_for(session: Session, actor: Actor, action: str, now: datetime) -> None:
    """Write the history of a session's changes in this actor's name."""
    session.info[_RECORD] = _Record(actor, action, now)


def act_as(session: Any, actor: Actor) -> None:
    """Write what follows in the name of somebody who has just come to be."""
    session.info[_RECORD].actor = actor


def give_reason(session: Any, reason: str | None) -> None:
    """Keep why a change was made, with its entry."""
    session.info[_RECORD].reason = reason


@event.listens_for(Session, "after_flush")
def _write_history(session: Session, *_: Any) -> None:
    record: _Record | None = session.info.get(_RECORD)
    if record is None:
        return
    values: dict[UUID, list[dict[str, Any]]] = {}
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, (Staff, PermissionProfile)):
            _add_staff_entry(session, record, row)
        if not isinstance(row, (Account, OfAccount)) or isinstance(
            row, (HistoryEntry, HistoryValue)
        ):
            continue
        for name, before, after in _changes(session, row):
            values.setdefault(row.account_id, []).append(
                {
                    "id": str(uuid7()),
                    "subject_id": str(row.id),
                    "subject_version": row.version if isinstance(row, Versioned) else None,
                    "field": f"{type(row).__name__}.{to_camel(name)}",
                    "before": before,
                    "after": after,
                }
            )
    for account_id, told in values.items():
        _tell(session.connection(), record, account_id, told)


def _tell(
    connection: sa.Connection, record: _Record, account_id: UUID, values: list[dict[str, Any]]
) -> None:
    """Write values to the entry of an account; open it where there is none yet."""
    known = record.entries.get(account_id)
    entry_id, length = known or (uuid7(), 0)
    for position, value in enumerate(values, length):
        value["position"] = position
    given = {"account_id": account_id, "entry_id": entry_id, "values": values}
    if known:
        connection.execute(_VALUES, given)
    else:
        given |= {
            "at": record.now,
            "action": record.action,
            "actor_role": record.actor.role.name,
            "actor_id": record.actor.id,
            "actor_name": record.actor.name,
            "reason": record.reason,
        }
        connection.execute(_ENTRY, given)
    record.entries[account_id] = (entry_id, length + len(values))


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


def _changes(session: Session, row: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give the name, the value before and the value after of each attribute that changed."""
    state = sa.inspect(row)
    is_new, is_deleted = row in session.new, row in session.deleted
    for name, keys in _recorded(state.mapper):
        # What was never set is as it was.
        if not (is_new or is_deleted) and state.committed_state.keys().isdisjoint(keys):
            continue
        before = None if is_new else _before(row, name)
        after = None if is_deleted else getattr(row, name)
        if before != after:
            yield name, plain(before), plain(after)


@cache
def _recorded(mapper: Mapper[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name the attributes that are recorded, each with those that hold its columns."""
    composites = {
        name: tuple(part.key for part in composite.props)
        for name, composite in mapper.composites.items()
    }
    composed = set(chain.from_iterable(composites.values()))
    columns = {name: (name,) for name in mapper.column_attrs.keys() if name not in composed}  # noqa: SIM118
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
        return {to_camel(name): plain(part) for name, part in asdict(value).items()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if _RECORD not in state.session.info:
        return
    if state.is_update or state.is_delete or state.is_insert:
        raise Unrecorded(str(state.statement))
