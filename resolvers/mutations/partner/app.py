"""Changes to what apps may do in an account, of which its owner is told."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.partner import app_authorization as actions
from portal.mail.outbox import Recipient, post
from portal.mail.partner.content import AppAuthorized, AppRevoked
from portal.models import Account, App, AppAuthorization, Member, Person
from portal.viewer import Scope
from resolvers.changing.run import Change, changing
from resolvers.given import id_in, sent_or_none
from schema.types.partner import app as types


@changing(Account)
async def authorize(
    change: Change, account: Account, given: types.AuthorizeAppInput
) -> AppAuthorization:
    held = change.context.viewer.grant_in(account.id).scopes
    authorization = await actions.authorize(
        change.session,
        account,
        actions.Wanted(id_in("App", given.app_id), given.scopes, given.expires_at),
        actions.Grantor(change.person_id, held),
        change.context.now,
    )
    owner, app = await _owner_and_app(change.session, account, authorization)
    content = AppAuthorized(
        name=owner.name,
        account=account.name,
        app=app.name,
        scopes=[Scope(scope) for scope in authorization.scopes],
        until=_last_day(authorization.expires_at, account.time_zone),
    )
    to, now = Recipient(owner.email, owner.language), change.context.now
    await post(change.session, content, to=to, now=now, account_id=account.id)
    return authorization


@changing(AppAuthorization)
def narrow(
    change: Change, authorization: AppAuthorization, given: types.NarrowAppAuthorizationInput
) -> None:
    actions.narrow(
        authorization,
        scopes=sent_or_none(given.scopes),
        expires_at=sent_or_none(given.expires_at),
        now=change.context.now,
    )


@changing(AppAuthorization)
async def revoke(
    change: Change,
    authorization: AppAuthorization,
    given: types.RevokeAppAuthorizationInput,
) -> None:
    now = change.context.now
    if not actions.revoke(authorization, now):
        return
    account = await change.session.get_one(Account, authorization.account_id)
    owner, app = await _owner_and_app(change.session, account, authorization)
    content = AppRevoked(name=owner.name, account=account.name, app=app.name)
    to = Recipient(owner.email, owner.language)
    await post(change.session, content, to=to, now=now, account_id=account.id)


async def _owner_and_app(
    session: AsyncSession, account: Account, authorization: AppAuthorization
) -> tuple[Person, App]:
    """Find whom to tell, and about which app."""
    owner = await session.scalar(
        sa.select(Person)
        .join(Member, Member.person_id == Person.id)
        .where(Member.account_id == account.id, Member.id == account.owner_id)
    )
    if owner is None:
        raise LookupError(account.id)
    return owner, await session.get_one(App, authorization.app_id)


def _last_day(expires_at: datetime, time_zone: str) -> date:
    """Give the last day of which an authorisation still has something."""
    last = expires_at - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(time_zone)).date()
