"""What an account lets apps do."""

import strawberry

from schema.access import (
    PARTIES,
)
from schema.connection import connection
from schema.relay import Connection
from schema.types.partner.app import APP_AUTHORIZATIONS, AppAuthorization


@strawberry.type
class PartnerOfAccount:
    """The part of an account that `Account` inherits from this area."""

    app_authorizations: Connection[AppAuthorization] | None = connection(
        PARTIES,
        APP_AUTHORIZATIONS,
        lambda account, authorization, _: authorization.account_id == account.id,
        "GRANTED_AT",
        descending=True,
        description="What apps may do here, or might; the latest first.",
    )
