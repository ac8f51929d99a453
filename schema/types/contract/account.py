"""What an account has agreed to."""

import strawberry

from portal import models
from schema.access import (
    PARTIES,
    READERS,
)
from schema.connection import connection
from schema.fields import one
from schema.relay import Connection
from schema.types.contract.consent import CONSENTS, Consent
from schema.types.contract.contract import Contract


@strawberry.type
class ContractOfAccount:
    """The part of an account that `Account` inherits from this area."""

    contract: Contract | None = one(
        READERS,
        models.Contract,
        lambda account, contract, _: contract.account_id == account.id,
        description="What was agreed; null until the first module is ordered.",
    )
    consents: Connection[Consent] | None = connection(
        PARTIES,
        CONSENTS,
        lambda account, consent, _: consent.account_id == account.id,
        "GIVEN_AT",
        descending=True,
        description="What was agreed to, the latest first.",
    )
