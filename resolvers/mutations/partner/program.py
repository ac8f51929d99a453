"""Changes to apps and their tokens, by managers; logins go by the real time."""

import strawberry

from portal.actions.partner import app as actions
from portal.errors import NotFound
from portal.language.global_id import encode
from portal.models import App, AppToken
from portal.writing.changes import apply_changes
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import found, row_of
from schema.types.partner import app as types


@starting()
async def create(change: Change, _row: None, given: types.CreateAppInput) -> App:
    return actions.create(change.session, {"key": given.key, "name": given.name})


@starting()
async def update(change: Change, _row: None, given: types.UpdateAppInput) -> App:
    app: App = await row_of(change, App, given)
    apply_changes(app, {"name": given.name})
    return app


@starting()
async def disable(change: Change, _row: None, given: types.DisableAppInput) -> App:
    app: App = await row_of(change, App, given)
    await actions.disable(change.session, app, change.context.received_at)
    return app


@starting(types.AppTokenCreated)
async def create_token(
    change: Change, _row: None, given: types.CreateAppTokenInput
) -> types.AppTokenCreated:
    app: App | None = await found(change, App, given.app_id)
    if app is None:
        raise NotFound("There is no such app.", path=["input", "appId"])
    issued = await actions.issue(
        change.session, app, given.name, given.expires_at, change.context.received_at
    )
    return types.AppTokenCreated(
        id=strawberry.ID(encode("AppToken", issued.row.id)),
        token=issued.token,
    )


@starting()
async def revoke_token(change: Change, _row: None, given: types.RevokeAppTokenInput) -> AppToken:
    token: AppToken | None = await found(change, AppToken, given.id)
    if token is None:
        raise NotFound("There is no such row, or you may not see it.", path=["input", "id"])
    await actions.revoke(change.session, token, change.context.received_at)
    return token
