"""What an account was billed."""

from datetime import date

import strawberry

from resolvers.points import FORECAST, REASON
from schema.access import FINANCIAL_READERS, PARTIES, STAFF_FINANCIAL_READERS
from schema.connection import connection
from schema.fields import ahead, column, function
from schema.relay import Connection
from schema.types.billing.contract_paper import (
    CONTRACT_COPIES,
    ContractCopy,
    ContractPaper,
    summaries,
)
from schema.types.billing.document import DOCUMENTS, Document
from schema.types.billing.forecast import InvoiceForecast, next_invoices

MOST_MONTHS = 12


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
    billing_held_until: date | None = column(
        STAFF_FINANCIAL_READERS,
        description="Up to which day no run bills it; null while nobody holds it.",
    )
    contract_summary: ContractPaper | None = function(
        PARTIES,
        summaries,
        ("id",),
        weight=REASON,
        description="The contract on paper, as it stands; null before the first order.",
    )
    contract_copies: Connection[ContractCopy] | None = connection(
        PARTIES,
        CONTRACT_COPIES,
        lambda account, copy, _: copy.account_id == account.id,
        "AGREED_AT",
        descending=True,
        description="What its orders agreed, each as it was on that day, the latest first.",
    )
    next_invoices: list[InvoiceForecast] | None = ahead(
        FINANCIAL_READERS,
        next_invoices,
        ("id",),
        MOST_MONTHS,
        weight=FORECAST,
        description=(
            "What will be billed in the months to come if nothing changes, by the engine that"
            " bills; empty while nobody is billed, and where something is in the way."
        ),
    )
