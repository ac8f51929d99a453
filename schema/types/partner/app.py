"""Apps, and what accounts authorise them to do."""

from datetime import datetime
from typing import Annotated

import strawberry

from portal import models
from portal.viewer import Scope
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from resolvers.listing import Order
from resolvers.queries.people.staff import granted_by_name
from resolvers.queries.text import is_named
from schema.access import LOGGED_IN, MANAGERS, PARTIES
from schema.criteria import by, criteria, search
from schema.criterion import filled, related, within
from schema.fields import column, expression, many, of_model, one, own_id, sent, shown_once, value
from schema.length import characters
from schema.types.edit import KEY, EditInput, ReasonedEditInput
from schema.types.node import Node
from schema.types.refusal import Refusal


@of_model(models.App, description="A program of a third party.")
class App(Node):
    """A partner's program."""

    id: strawberry.ID = own_id()
    key: str | None = column(LOGGED_IN, description="A short name for programs.")
    name: str | None = column(LOGGED_IN, description="What it is called.")
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    disabled_at: datetime | None = column(
        LOGGED_IN, description="Since when it is let in nowhere; null while it is."
    )
    issued_tokens: list["AppToken"] | None = many(
        MANAGERS,
        models.AppToken,
        lambda app, token, _: token.app_id == app.id,
        Order((lambda token: token.created_at,), descending=True),
        description="The tokens that managers gave it, the latest first.",
    )


@of_model(models.AppToken, description="That an app has, or had, a token; nobody reads it again.")
class AppToken(Node):
    """When it was made and when it ends."""

    id: strawberry.ID = own_id()
    name: str | None = column(MANAGERS, description="Which server or person holds it.")
    created_at: datetime | None = column(MANAGERS, description="When it was made.")
    expires_at: datetime | None = column(MANAGERS, description="Until when it is good.")
    revoked_at: datetime | None = column(
        MANAGERS, description="When it was revoked; null when it was not."
    )


APPS = criteria(
    App,
    "apps",
    search=search("Text in the name of the app.", is_named, access=LOGGED_IN, reads=("App.name",)),
    orders=(by("name", "The name of the app, from A to Z.", lambda row: row.sort_name),),
)


@of_model(models.AppAuthorization, description="What an app may do in an account, until when.")
class AppAuthorization(Node):
    """An authorisation, over or not."""

    id: strawberry.ID = own_id()
    version: int | None = column(PARTIES, description="Counts the changes; see expectedVersion.")
    app: App | None = one(
        PARTIES,
        models.App,
        lambda authorization, app, _: app.id == authorization.app_id,
        stored=("AppAuthorization.appId",),
        description="The program that was let in.",
    )
    scopes: list[Scope] | None = column(PARTIES, description="What it may do in the account.")
    granted_by: str | None = expression(
        PARTIES,
        granted_by_name,
        stored=("AppAuthorization.grantedBy",),
        description="Who authorised it; null when that was staff, or is no member any more.",
    )
    granted_at: datetime | None = column(PARTIES, description="Since when.")
    expires_at: datetime | None = column(PARTIES, description="Until when.")
    revoked_at: datetime | None = column(
        PARTIES, description="When it was revoked; null when it was not."
    )
    last_used_at: datetime | None = column(
        PARTIES,
        description=(
            "When the app last read something of this account, true to the hour; null before"
            " the first time."
        ),
    )


APP_AUTHORIZATIONS = criteria(
    AppAuthorization,
    "authorisations",
    related("app", "App", "app_id", "The program that was let in, by its id."),
    filled("is_revoked", "revoked_at", "Ended before its time, or did not."),
    within("expires_at"),
    orders=(
        by("granted_at", "When it was given, the earliest first."),
        by("expires_at", "When it ends, the earliest first."),
    ),
)


@strawberry.input(description="Which app may do what in an account, and until when.")
class AuthorizeAppInput(ReasonedEditInput):
    """A new authorisation."""

    app_id: strawberry.ID = sent(description="The app, as Query.apps lists it.")
    scopes: list[Scope] = sent(
        description="Some of ACCOUNT_READ, FILES_READ, FILES_EDIT, FINANCIALS; one at least."
    )
    expires_at: datetime = sent(description="When it ends: two years from now at the latest.")


@strawberry.input(description="What is left of an authorisation; what is left out stays.")
class NarrowAppAuthorizationInput(ReasonedEditInput):
    """Fewer scopes, an earlier end, or both."""

    scopes: list[Scope] | None = sent(
        description="The scopes that stay, some of the present ones.", default=strawberry.UNSET
    )
    expires_at: datetime | None = sent(
        description="When it ends, not later than now intended.", default=strawberry.UNSET
    )


@strawberry.input(description="Which authorisation ends at once.")
class RevokeAppAuthorizationInput(ReasonedEditInput):
    """The end of an authorisation."""


AppAuthorizationResult = Annotated[
    AppAuthorization | Refusal,
    strawberry.union("AppAuthorizationResult", description="The authorisation, or why not."),
]


_REASON = "Why; managers read it in the history of the operator."


@strawberry.input(description="A program of a third party.")
class CreateAppInput:
    """A new app; it gets in nowhere before an account lets it."""

    key: str = sent(
        description="A short name for programs, of its own: letters, digits, - _ . (60).",
        length=characters(models.App.key),
    )
    name: str = sent(description="What it is called.", length=characters(models.App.name))
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="What an app is called.")
class UpdateAppInput(EditInput):
    """Another name; the key stays."""

    name: str = sent(description="What it is called.", length=characters(models.App.name))
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="Which app is let in nowhere any more.")
class DisableAppInput(EditInput):
    """The end of an app: its tokens are revoked for good."""

    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="Which app gets a token.")
class CreateAppTokenInput:
    """A token for the bearer of it."""

    app_id: strawberry.ID = sent(description="Whose requests carry the token.")
    name: str = sent(
        description="What it is for.",
        length=characters(models.AppToken.name),
    )
    expires_at: datetime = sent(description="When it ends: two years from now at the latest.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which token of an app ends at once.")
class RevokeAppTokenInput:
    """The end of a token."""

    id: strawberry.ID = sent(description="The token, as App.issuedTokens lists it.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.type(description="A new token of an app.")
class AppTokenCreated:
    """The portal keeps a hash of it alone."""

    id: strawberry.ID = value(description="The id under which App.issuedTokens lists it.")
    token: str | None = shown_once(
        description=(
            "The token, for the Authorization header (Bearer). It is shown this once; null where"
            " the same request is sent again with its idempotencyKey."
        )
    )


AppResult = Annotated[
    App | Refusal, strawberry.union("AppResult", description="The app, or why not.")
]
AppTokenCreatedResult = Annotated[
    AppTokenCreated | Refusal,
    strawberry.union("AppTokenCreatedResult", description="The token, or why not."),
]
AppTokenResult = Annotated[
    AppToken | Refusal, strawberry.union("AppTokenResult", description="The token, or why not.")
]
