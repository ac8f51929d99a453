"""What accounts let apps do."""

import strawberry

from resolvers.mutations.partner import app, program
from schema.access import APP_AUTHORIZERS, MANAGERS
from schema.types.partner.app import (
    AppAuthorizationResult,
    AppResult,
    AppTokenCreatedResult,
    AppTokenResult,
)
from schema.verb import mutation


@strawberry.type
class PartnerMutations:
    """The mutations of this area, which the root inherits."""

    authorize_app: AppAuthorizationResult = mutation(
        app.authorize,
        APP_AUTHORIZERS,
        edits=("appAuthorizations",),
        description="Let an app act in an account until a date; its owner is told by mail.",
    )
    narrow_app_authorization: AppAuthorizationResult = mutation(
        app.narrow,
        APP_AUTHORIZERS,
        description="Take scopes away from an app, or let its authorisation end earlier.",
    )
    revoke_app_authorization: AppAuthorizationResult = mutation(
        app.revoke,
        APP_AUTHORIZERS,
        description="End an app's authorisation at once; the owner is told by mail.",
    )
    create_app: AppResult = mutation(
        program.create,
        MANAGERS,
        description="Add a program of a third party, which accounts can then authorise.",
    )
    update_app: AppResult = mutation(
        program.update, MANAGERS, description="Give an app another name."
    )
    disable_app: AppResult = mutation(
        program.disable,
        MANAGERS,
        edits=("disabledAt",),
        description="Let an app in nowhere any more, and revoke all its tokens, for good.",
    )
    create_app_token: AppTokenCreatedResult = mutation(
        program.create_token,
        MANAGERS,
        description="Give an app a token; it is shown once.",
    )
    revoke_app_token: AppTokenResult = mutation(
        program.revoke_token, MANAGERS, description="End a token of an app at once."
    )
