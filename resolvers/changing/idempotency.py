"""The same request twice is carried out once: its answer is kept under the caller's key.

The key is written first, in the mutation's own transaction: a second request with it waits for
the first one's commit, and a refused mutation leaves no key behind. Inputs with a password have
none: a hash of their arguments would be a fast hash of the password.
"""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from portal.errors import InvalidInput, KeyReused
from portal.models import IdempotencyKey
from portal.writing.transaction import Transaction
from resolvers.context import Context
from resolvers.given import sent_or_none

KEPT = timedelta(hours=48)
LONGEST_KEY = 100

_PATH = ("input", "idempotencyKey")
_table = cast("sa.Table", IdempotencyKey.__table__)


async def remembered(
    transaction: Transaction, context: Context, mutation: str, given: Any
) -> dict[str, Any] | None:
    """Give the outcome of the first request with this key; None when this is the first."""
    key = sent_or_none(getattr(given, "idempotency_key", None))
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InvalidInput(
            "Must have from 1 to {most} printable characters.", path=_PATH, most=LONGEST_KEY
        )
    connection = await transaction.session.connection()
    await connection.execute(
        sa.delete(_table).where(
            _table.c.viewer_id == context.viewer.id,
            _table.c.created_at <= context.received_at - KEPT,
        )
    )
    row = {
        "viewer_id": context.viewer.id,
        "mutation": mutation,
        "key": key,
        "arguments_hash": _hash(given),
        "outcome": {},
        "created_at": context.received_at,
    }
    written = await connection.execute(
        insert(_table).values(row).on_conflict_do_nothing().returning(_table.c.key)
    )
    if written.first() is not None:
        return None
    kept = (await connection.execute(sa.select(_table).where(*_same(row)))).one()
    if kept.arguments_hash != row["arguments_hash"]:
        raise KeyReused("This key was used with other arguments.", path=_PATH)
    outcome: dict[str, Any] = kept.outcome
    return outcome


async def remember(
    transaction: Transaction,
    context: Context,
    mutation: str,
    given: Any,
    outcome: dict[str, Any],
) -> None:
    """Keep the outcome of a mutation under the key that came with it."""
    if sent_or_none(getattr(given, "idempotency_key", None)) is None:
        return
    row = {
        "viewer_id": context.viewer.id,
        "mutation": mutation,
        "key": given.idempotency_key,
    }
    connection = await transaction.session.connection()
    await connection.execute(sa.update(_table).where(*_same(row)).values(outcome=outcome))


def _same(row: dict[str, Any]) -> list[sa.ColumnElement[bool]]:
    return [_table.c[name] == row[name] for name in ("viewer_id", "mutation", "key")]


def _hash(given: Any) -> bytes:
    return sha256(repr(replace(given, idempotency_key=None)).encode()).digest()
