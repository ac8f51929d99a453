"""Somebody else was there first: by version, or by what the database does not allow twice."""

import dataclasses
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from permissions.fields import STORED
from portal.errors import Conflict, Several, translatable
from portal.language.naming import camel
from portal.models import HistoryValue
from portal.viewer import Viewer
from portal.writing.difference import held, plain
from portal.writing.transaction import Transaction
from portal.writing.uniqueness import taken_by

# A broken constraint, as the driver tells it and as SQLAlchemy does.
BROKEN = (asyncpg.IntegrityConstraintViolationError, IntegrityError)


async def compare_versions(
    transaction: Transaction, viewer: Viewer, row: Any, expected: int | None
) -> None:
    """Refuse when the row was changed since the caller read it, naming the fields.

    What a field holds now is told whoever may read it.
    """
    if expected is None or expected == row.version:
        return
    changed = await transaction.session.scalars(
        sa.select(HistoryValue.field)
        .where(
            # Of a row outside the accounts no field is named.
            HistoryValue.account_id == getattr(row, "account_id", None),
            HistoryValue.subject_id == row.id,
            HistoryValue.subject_version > expected,
        )
        .distinct()
        .order_by(HistoryValue.field)
    )
    message = translatable("Changed since version {expected}; it is version {version} now.")
    values = {"expected": expected, "version": row.version}
    raise Several(
        [
            Conflict(message, path=["input", "expectedVersion"], **values),
            *(
                Conflict(
                    message,
                    path=["input", field.partition(".")[2]],
                    **values,
                    **_present(viewer, row, field),
                )
                for field in changed
                if field in STORED
            ),
        ]
    )


def _present(viewer: Viewer, row: Any, field: str) -> dict[str, Any]:
    """Give what a row holds of a field now, if the viewer may read it; no id of another row.

    The history may tell of a field that is there no more.
    """
    fields = held(row)
    if field not in fields or not STORED[field].allows(viewer, row.account_id):
        return {}
    present = fields[field]
    if isinstance(present, UUID):
        return {}
    return {"present": plain(present) if dataclasses.is_dataclass(present) else present}


def conflict_of(error: Exception, given: Any) -> Exception:
    """Turn a broken constraint that callers can break into its sentence."""
    known = taken_by(error)
    if known is None:
        return error
    sentence, fields = known
    return Conflict(sentence, path=["input", *_path_to(fields, given)])


def _path_to(fields: Sequence[str], given: Any) -> list[str]:
    """Give where the first of these fields stands that an input has, or a part of it."""
    if found := next((field for field in fields if hasattr(given, field)), None):
        return [camel(found)]
    parts = ((part.name, getattr(given, part.name)) for part in dataclasses.fields(given))
    for name, part in parts:
        if dataclasses.is_dataclass(part) and (path := _path_to(fields, part)):
            return [camel(name), *path]
    return []
