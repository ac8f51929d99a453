"""The row that a mutation starts from: read and locked once the lock of its account is held."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from permissions import rows
from permissions.viewing import Viewing
from portal.database.statement import Statement
from portal.errors import Conflict, NotFound
from portal.models import Account, Base
from portal.models.base import Versioned
from portal.writing.transaction import Transaction, columns_of
from resolvers.context import Context

# Parameters of these statements, which are made once.
_ID, _ACCOUNT = "locked_id", "locked_account"
_DELETED_AT = sa.select(Account.deleted_at).where(Account.id == sa.bindparam(_ACCOUNT))
_ACCOUNT_DELETED = Statement(_DELETED_AT)


async def locked(
    transaction: Transaction,
    context: Context,
    model: type[Base],
    account_id: UUID | None,
    id: UUID | None,
) -> Any:
    """Lock a row of an account that is locked; Conflict where that was deleted meanwhile."""
    if account_id is None:
        raise _not_found()
    of_row = {_ID: id, _ACCOUNT: account_id}
    statement = _row_locked(model, context.viewing)
    found = await transaction.first(statement, context.parameters | of_row)
    if found is None:
        account = await transaction.first(_ACCOUNT_DELETED, of_row)
        _check_exists(account[0] if account else None)
        raise _not_found()
    *values, deleted_at = found
    _check_exists(deleted_at)
    return transaction.loaded(model, values)


@cache
def _row_locked(model: Any, viewing: Viewing) -> Statement:
    """Lock a row, unless nobody ever changes it; with when its account was deleted."""
    statement = sa.select(*columns_of(model), _DELETED_AT.scalar_subquery()).where(
        model.id == sa.bindparam(_ID), rows.visible(model, viewing)
    )
    changes = issubclass(model, Versioned)
    return Statement(statement.with_for_update(of=model) if changes else statement)


def _check_exists(deleted_at: datetime | None) -> None:
    if deleted_at is not None:
        raise Conflict("This account was deleted.", path=["input", "id"])


def _not_found() -> NotFound:
    return NotFound("There is no such row, or you may not see it.", path=["input", "id"])
