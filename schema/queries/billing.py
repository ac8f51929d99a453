"""What was billed to whom."""

import strawberry

from schema.access import STAFF_FINANCIAL_READERS
from schema.connection import entry_connection
from schema.relay import Connection
from schema.types.billing.books import BOOKS_CLOSINGS, BooksClosing
from schema.types.billing.document import DOCUMENTS, Document
from schema.types.billing.problem import BILLING_PROBLEMS, BillingProblem
from schema.types.billing.run import BILLING_RUNS, BillingRun


@strawberry.type
class BillingQueries:
    """The fields of this area, which the root inherits."""

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
