"""What an account was billed."""

import strawberry

from schema.access import FINANCIAL_READERS
from schema.connection import connection
from schema.relay import Connection
from schema.types.billing.document import DOCUMENTS, Document


@strawberry.type
class BillingOfAccount:
    """The part of an account that `Account` inherits from this area."""

    documents: Connection[Document] | None = connection(
        FINANCIAL_READERS,
        DOCUMENTS,
        lambda account, document, _: document.account_id == account.id,
        "ISSUED_ON",
        descending=True,
        description="Its invoices and credit notes, the latest first.",
    )
