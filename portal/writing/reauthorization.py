"""Reauthorization: whether a login still holds what a mutation was let in with, under its locks.

The guards are asked before a mutation waits for anything. Whoever lost the right meanwhile does not
finish: PostgreSQL is asked once the account is locked, and with the commit.
"""

from datetime import datetime
from uuid import UUID

import asyncpg

from portal.errors import Conflict, NotFound, PortalError, Unauthenticated
from portal.viewer import Role, Viewer


def question(viewer: Viewer, account_id: UUID | None, at: datetime) -> str:
    """Give the statement that asks, and fails where the answer is no; nothing without a login.

    Of text there are a hash, UUIDs, an instant and the names of rights in it, and nothing else.
    """
    if viewer.token_hash is None:
        return ""
    account = f"'{account_id}'" if account_id else "NULL"
    return (
        f"SELECT confirm_login('\\x{viewer.token_hash.hex()}', {account},"
        f" '{_held(viewer, account_id)}', '{at.isoformat()}'); "
    )


def refusal(error: asyncpg.PostgresError) -> PortalError | None:
    """Give what a caller is told of the answer; None where the error is another one."""
    match error.sqlstate:
        case "PT401":
            return Unauthenticated("Your session has just ended. Log in again.", path=["input"])
        case "PT404":
            return NotFound("There is no such row, or you may not see it.", path=["input", "id"])
        case "PT409":
            return Conflict("Your role in this account has just changed.", path=["input", "id"])
        case "PT403":
            return Conflict("What you may do has just changed.", path=["input"])
    return None


def _held(viewer: Viewer, account_id: UUID | None) -> str:
    """Name what the guards were told that the viewer holds, as ``confirm_login`` names it."""
    if viewer.role is Role.EMPLOYEE:
        return ",".join(sorted(viewer.everywhere.scopes))
    grant = viewer.grants.get(account_id) if account_id else None
    if grant is None:
        return ""
    return grant.member_role or ",".join(sorted(grant.scopes))
