"""The history of an account, and of the operator: what tells of each change, in its transaction.

Which of them tells of a row, its model declares. A listener writes both, because they must not be
forgettable; a bulk update would slip past the listener, so the session refuses one. What changes a
row without a session writes them likewise, see ``portal.writing.transaction``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import ORMExecuteState, Session
from uuid_utils.compat import uuid7

from portal.database.login_change import harmless
from portal.models import (
    Account,
    OfAccount,
)
from portal.models.base import Base, Versioned
from portal.models.recording import History
from portal.viewer import Role
from portal.writing.difference import Fate, changes_of, named

_OCCASION = "portal.history"
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
# The table is closed to whoever sends none, so no other statement speaks of it.
_NOTED = """, noted AS (
  INSERT INTO history_note (id, account_id, history_entry_id, text)
  VALUES (:note_id, :account_id, :entry_id, :internal_note)
)
"""
# What belongs to no account has an entry for each row.
_TOLD = """INSERT INTO operator_history (id, at, action, actor_id, subject_type, subject_id,
  changes, reason)
SELECT v.id, :at, :action, :actor_id, v.subject_type, v.subject_id, v.changes, :reason
FROM jsonb_to_recordset(:values) AS v(id uuid, subject_type text, subject_id uuid, changes jsonb)"""
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
    "note_id": sa.Uuid(),
    "internal_note": sa.String(),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something; the name is kept as it is at that moment."""

    role: Role
    id: UUID | None
    name: str | None


COMMAND_LINE = Actor(Role.MANAGER, None, None)
"""The operator at the command line, who need not be anybody that the portal knows."""
NOBODY = Actor(Role.ANONYMOUS, None, None)
"""Whoever makes what a day brings by itself."""


@dataclass(slots=True)
class Occasion:
    """What the entries of a transaction say, and those that it has written so far."""

    actor: Actor
    action: str
    now: datetime
    reason: str | None = None
    internal_note: str | None = None
    entries: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)


def _statement(text: str) -> sa.TextClause:
    typed = (sa.bindparam(name, type_=kind) for name, kind in _TYPES.items() if f":{name}" in text)
    return harmless(text).bindparams(*typed)


_VALUES = _statement(_WRITTEN)
_ENTRY = _statement(_OPENED + _WRITTEN)
_NOTED_ENTRY = _statement(_OPENED + _NOTED + _WRITTEN)
_OPERATOR_ENTRIES = _statement(_TOLD)


class Unrecorded(Exception):
    """Somebody tried to change rows past the history."""


def record_for(session: Session, occasion: Occasion) -> None:
    """Write the history of a session's changes as this occasion says."""
    session.info[_OCCASION] = occasion


def act_as(session: Any, actor: Actor) -> None:
    """Write what follows in the name of somebody who has just come to be."""
    session.info[_OCCASION].actor = actor


@event.listens_for(Session, "after_flush")
def _write_history(session: Session, *_: Any) -> None:
    occasion: Occasion | None = session.info.get(_OCCASION)
    if occasion is None:
        return
    rows = [
        *((row, Fate.ADDED) for row in session.new),
        *((row, Fate.CHANGED) for row in session.dirty),
        *((row, Fate.DELETED) for row in session.deleted),
    ]
    for statement, values in entries(occasion, rows):
        session.connection().execute(statement, values)


def entries(
    occasion: Occasion, rows: Iterable[tuple[Any, Fate]]
) -> Iterator[tuple[sa.TextClause, dict[str, Any]]]:
    """Give the statements that tell what has become of rows, each with its values.

    They follow those that wrote the rows, in one transaction.
    """
    values: dict[UUID, list[dict[str, Any]]] = {}
    of_operator: list[dict[str, Any]] = []
    for row, fate in rows:
        match _history_of(row):
            case History.OPERATOR:
                of_operator.extend(_subject(row, fate))
            case History.ACCOUNT:
                told = values.setdefault(row.account_id, [])
                told.extend(_values(row, fate))
    if of_operator:
        yield _OPERATOR_ENTRIES, _told(occasion) | {"values": of_operator}
    for account_id, told in values.items():
        if told:
            yield _entry(occasion, account_id, told)


def entry_of(
    occasion: Occasion, account_id: UUID, subject_id: UUID, change: tuple[str, Any, Any]
) -> tuple[sa.TextClause, dict[str, Any]]:
    """Give the statement that tells of what became of a row without being written to it.

    ``change`` is the field as ``Model.attribute``, and its value before and after.
    """
    field, before, after = change
    value = {"subject_id": str(subject_id), "subject_version": None}
    value |= {"id": str(uuid7()), "field": field, "before": before, "after": after}
    return _entry(occasion, account_id, [value])


def _history_of(row: Base) -> History:
    """Give the history that tells of a row; none of what staff cannot write."""
    return getattr(row, "history", History.NONE)


def _values(row: Account | OfAccount, fate: Fate) -> Iterator[dict[str, Any]]:
    for name, before, after in changes_of(row, fate):
        yield {
            "id": str(uuid7()),
            "subject_id": str(row.id),
            "subject_version": row.version if isinstance(row, Versioned) else None,
            "field": named(type(row), name),
            "before": before,
            "after": after,
        }


def _subject(row: Any, fate: Fate) -> Iterator[dict[str, Any]]:
    """Give the entry of what belongs to no account; it says what it is about."""
    changes = [
        {"field": named(type(row), name), "before": before, "after": after}
        for name, before, after in changes_of(row, fate)
    ]
    if changes:
        yield {
            "id": str(uuid7()),
            "subject_type": type(row).__name__,
            "subject_id": str(row.id),
            "changes": changes,
        }


def _told(occasion: Occasion) -> dict[str, Any]:
    """Give what the histories say alike of an occasion."""
    return {
        "at": occasion.now,
        "action": occasion.action,
        "actor_id": occasion.actor.id,
        "reason": occasion.reason,
    }


def _entry(
    occasion: Occasion, account_id: UUID, values: list[dict[str, Any]]
) -> tuple[sa.TextClause, dict[str, Any]]:
    """Write values to the entry of an account; open it where there is none yet."""
    known = occasion.entries.get(account_id)
    entry_id, length = known or (uuid7(), 0)
    for position, value in enumerate(values, length):
        value["position"] = position
    occasion.entries[account_id] = (entry_id, length + len(values))
    given = {"account_id": account_id, "entry_id": entry_id, "values": values}
    if known:
        return _VALUES, given
    given |= _told(occasion) | {
        "actor_role": occasion.actor.role.name,
        "actor_name": occasion.actor.name,
    }
    if occasion.internal_note is None:
        return _ENTRY, given
    return _NOTED_ENTRY, given | {"note_id": uuid7(), "internal_note": occasion.internal_note}


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if _OCCASION not in state.session.info:
        return
    if state.is_update or state.is_delete or state.is_insert:
        raise Unrecorded(str(state.statement))
