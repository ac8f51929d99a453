"""What was billed to whom."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

import strawberry

from permissions.fields import EVERYONE
from resolvers.context import Info
from resolvers.queries.billing.verification import verified
from schema.access import STAFF_FINANCIAL_READERS
from schema.connection import entry_connection
from schema.fields import answered_by, argument
from schema.relay import Connection
from schema.types.billing.books import BOOKS_CLOSINGS, BooksClosing
from schema.types.billing.document import DOCUMENTS, Document
from schema.types.billing.problem import BILLING_PROBLEMS, BillingProblem
from schema.types.billing.run import BILLING_RUNS, BillingRun
from schema.types.billing.verification import Verification

_NOTHING = Decimal(0)


async def verify(
    info: Info,
    code: Annotated[str, argument("The code, as it is printed on the document.")] = "",
    iban: Annotated[str, argument("The IBAN to pay to, as it is printed.")] = "",
    amount: Annotated[Decimal, argument("The amount to pay, as it is printed.")] = _NOTHING,
) -> Verification:
    """Compare what is printed with what was issued."""
    found = await verified(info.context, code, iban, amount)
    return Verification(**asdict(found))


@strawberry.type
class BillingQueries:
    """The fields of this area, which the root inherits."""

    verify_document: Verification | None = answered_by(
        EVERYONE,
        verify,
        description=(
            "Whether an invoice that somebody holds is the operator's and asks for what was issued."
            " For anybody, 10 times a minute from one network address."
        ),
    )
    documents: Connection[Document] | None = entry_connection(
        STAFF_FINANCIAL_READERS,
        DOCUMENTS,
        "ISSUED_ON",
        descending=True,
        description="The invoices and credit notes of all accounts, for staff; the latest first.",
    )
    billing_problems: Connection[BillingProblem] | None = entry_connection(
        STAFF_FINANCIAL_READERS,
        BILLING_PROBLEMS,
        "NOTED_AT",
        descending=True,
        description="Which accounts could not be billed, and what to do; the latest first.",
    )
    books_closings: Connection[BooksClosing] | None = entry_connection(
        STAFF_FINANCIAL_READERS,
        BOOKS_CLOSINGS,
        "CLOSED_UNTIL",
        descending=True,
        description="Up to which days the books were closed, the latest first: that one holds.",
    )
    billing_runs: Connection[BillingRun] | None = entry_connection(
        STAFF_FINANCIAL_READERS,
        BILLING_RUNS,
        "REQUESTED_AT",
        descending=True,
        description="The runs that billed something or are under way, the latest first.",
    )
