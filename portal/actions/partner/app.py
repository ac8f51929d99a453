"""Apps, and the tokens by which they come in: what managers do with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.database.login_change import harmless
from portal.errors import Conflict, RuleBroken, check_all
from portal.login.credentials import new_token
from portal.models import App, AppToken
from portal.rules.partner.app_authorization import check_token_expiry
from portal.writing.changes import apply_changes

# A token that nobody has yet changes no login.
_ISSUE = harmless("SELECT issue_app_token(:id, :token_hash, :at)").bindparams(
    sa.bindparam("id", type_=sa.Uuid()), sa.bindparam("token_hash", type_=sa.LargeBinary())
)
_REVOKE = sa.text("SELECT revoke_app_tokens(:ids, :at)").bindparams(
    sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid()))
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token that was just made, and what is kept of it."""

    row: AppToken
    token: str


def create(session: AsyncSession, values: dict[str, Any]) -> App:
    """Add an app, which is let in nowhere yet."""
    app = App()
    apply_changes(app, values)
    session.add(app)
    return app


async def disable(session: AsyncSession, app: App, now: datetime) -> None:
    """Let an app in nowhere any more; its tokens are good no more, for good."""
    if app.disabled_at is not None:
        return
    app.disabled_at = now
    tokens = await session.scalars(
        sa.select(AppToken).where(AppToken.app_id == app.id, AppToken.revoked_at.is_(None))
    )
    await _revoke(session, list(tokens), now)


async def issue(
    session: AsyncSession, app: App, name: str, expires_at: datetime, now: datetime
) -> Issued:
    """Give an app, which is locked, a token; nothing but its hash is kept."""
    row = AppToken(id=uuid7(), app_id=app.id, created_at=now, expires_at=expires_at)
    check_all(
        lambda: apply_changes(row, {"name": name}),
        lambda: check_token_expiry(expires_at, now),
    )
    if app.disabled_at is not None:
        raise RuleBroken("This app is disabled.", path=["input", "appId"])
    session.add(row)
    await session.flush()
    token, token_hash = new_token()
    await session.execute(_ISSUE, {"id": row.id, "token_hash": token_hash, "at": now})
    return Issued(row, token)


async def revoke(session: AsyncSession, token: AppToken, now: datetime) -> None:
    """End a token at once."""
    if token.revoked_at is not None:
        raise Conflict("This token is revoked already.", path=["input", "id"])
    await _revoke(session, [token], now)


async def _revoke(session: AsyncSession, tokens: list[AppToken], now: datetime) -> None:
    for token in tokens:
        token.revoked_at = now
    ids: list[UUID] = [token.id for token in tokens]
    await session.execute(_REVOKE, {"ids": ids, "at": now})
