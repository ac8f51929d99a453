"""What an account was billed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import strawberry

from resolvers.context import Context
from resolvers.points import FORECAST, REASON
from resolvers.queries.billing.document_file import papers_of
from schema.access import FINANCIAL_READERS, PARTIES, STAFF_FINANCIAL_READERS
from schema.connection import connection
from schema.fields import ahead, column, function, value
from schema.relay import Connection
from schema.types.billing.document import DOCUMENTS, Document
from schema.types.billing.forecast import InvoiceForecast, next_invoices

MOST_MONTHS = 12


@strawberry.type(description="A contract on paper: parties, terms, prices, what was agreed to.")
class ContractSummary:
    """A PDF (PDF/A-3, tagged) in the language of the account."""

    url: str = value(
        description="Where it is, after the portal's own address: for whoever asked for it, as long"
        " as their login holds and they may read it."
    )
    expires_at: datetime = value(description="When the link is over: 15 minutes after the answer.")


async def _summaries(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> list[ContractSummary | None]:
    return [
        ContractSummary(url=link.url, expires_at=link.expires_at) if link else None
        for link in await papers_of(context, rows)
    ]


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
    contract_summary: ContractSummary | None = function(
        PARTIES,
        _summaries,
        ("id",),
        weight=REASON,
        description="The contract on paper, as it stands; null before the first order.",
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
