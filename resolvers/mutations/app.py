"""Changes to what apps may do in an account."""

from portal import global_id
from portal.actions import app_authorization as actions
from portal.models import Account, AppAuthorization
from resolvers.given import sent_or_none
from resolvers.mutations.change import Change, changing
from schema.types import app as types


@changing(Account)
async def authorize(
    change: Change, account: Account, given: types.AuthorizeAppInput
) -> AppAuthorization:
    decoded = global_id.decode(given.app_id)
    app_id = decoded[1] if decoded and decoded[0] == "App" else None
    held = change.context.viewer.grant_in(account.id).scopes
    return await actions.authorize(
        change.session,
        account,
        actions.Wanted(app_id, given.scopes, given.expires_at),
        actions.Grantor(change.person_id, held),
        change.context.now,
    )


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
def revoke(
    change: Change,
    authorization: AppAuthorization,
    given: types.RevokeAppAuthorizationInput,
) -> None:
    actions.revoke(authorization, change.context.now)
