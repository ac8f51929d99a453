"""What an account lets apps do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import Conflict, InvalidInput, NotFound, RuleBroken, check_all
from portal.models import Account, App, AppAuthorization
from portal.rules.partner.app_authorization import (
    check_earlier,
    check_expiry,
    check_narrower,
    check_scopes,
    in_order,
)
from portal.viewer import Scope


@dataclass(frozen=True, slots=True)
class Grantor:
    """Who authorises an app, and what that person holds in the account: nobody gives more."""

    person_id: UUID
    held: Collection[Scope]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which app shall do what, and until when; an id that is no app's is None."""

    app_id: UUID | None
    scopes: Sequence[Scope]
    expires_at: datetime


async def authorize(
    session: AsyncSession, account: Account, wanted: Wanted, grantor: Grantor, now: datetime
) -> AppAuthorization:
    """Let an app act in an account; the caller has locked the account, so one at a time."""
    app = await session.get(App, wanted.app_id) if wanted.app_id else None
    if app is None:
        raise NotFound("There is no such app.", path=["input", "appId"])
    if app.disabled_at is not None:
        raise RuleBroken("This app is disabled.", path=["input", "appId"])
    check_all(
        lambda: check_scopes(wanted.scopes, grantor.held),
        lambda: check_expiry(wanted.expires_at, now),
    )
    holds_already = await session.scalar(
        sa.select(AppAuthorization.id).where(
            AppAuthorization.account_id == account.id,
            AppAuthorization.app_id == app.id,
            AppAuthorization.revoked_at.is_(None),
            AppAuthorization.expires_at > now,
        )
    )
    if holds_already:
        raise Conflict(
            "This app is authorised already; revoke that authorisation first.",
            path=["input", "appId"],
        )
    authorization = AppAuthorization(
        account_id=account.id,
        app_id=app.id,
        scopes=in_order(wanted.scopes),
        granted_by=grantor.person_id,
        granted_at=now,
        expires_at=wanted.expires_at.astimezone(UTC),
    )
    session.add(authorization)
    return authorization


def narrow(
    authorization: AppAuthorization,
    *,
    scopes: Sequence[Scope] | None,
    expires_at: datetime | None,
    now: datetime,
) -> None:
    """Take scopes away, or end an authorisation earlier; None leaves either as it is."""
    if authorization.revoked_at is not None or authorization.expires_at <= now:
        raise RuleBroken("This authorisation is over.", path=["input", "id"])
    if scopes is None and expires_at is None:
        raise InvalidInput("Send fewer scopes, an earlier end, or both.", path=["input"])
    check_all(
        lambda: None if scopes is None else check_narrower(scopes, authorization.scopes),
        lambda: (
            None if expires_at is None else check_earlier(expires_at, authorization.expires_at, now)
        ),
    )
    if scopes is not None:
        authorization.scopes = in_order(scopes)
    if expires_at is not None:
        authorization.expires_at = expires_at.astimezone(UTC)


def revoke(authorization: AppAuthorization, now: datetime) -> bool:
    """End an authorisation at once; False when somebody had done so before."""
    if authorization.revoked_at is not None:
        return False
    authorization.revoked_at = now
    return True
