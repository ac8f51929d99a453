"""What accounts let apps do."""

import strawberry

from resolvers.mutations.partner import app
from schema.access import APP_AUTHORIZERS
from schema.types.partner.app import AppAuthorizationResult
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
