"""What an account has agreed to."""

import strawberry

from portal import models
from resolvers.listing import Order
from resolvers.queries.contract import consent as queries
from schema.access import (
    PARTIES,
    READERS,
)
from schema.connection import connection
from schema.fields import many, one
from schema.relay import Connection
from schema.types.contract.consent import CONSENTS, Consent, ConsentDocument
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
    open_consents: list[ConsentDocument] | None = many(
        PARTIES,
        models.ConsentDocument,
        queries.is_open,
        Order((lambda document: document.kind,)),
        description=(
            "Notices: documents that wait for the agreement of an owner or an admin. Nothing but an"
            " order waits for it."
        ),
    )
    changed_documents: list[ConsentDocument] | None = many(
        PARTIES,
        models.ConsentDocument,
        queries.is_told,
        Order((lambda document: document.kind,)),
        description="Notices: new versions that ask for nothing, until somebody has read them.",
    )
    consents: Connection[Consent] | None = connection(
        PARTIES,
        CONSENTS,
        lambda account, consent, _: consent.account_id == account.id,
        "GIVEN_AT",
        descending=True,
        description="What was agreed to, the latest first.",
    )
