"""Runs: what was billed, and how far one has come that is under way."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from portal import models
from portal.actions.billing.asked_run import MOST_AT_ONCE
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.access import STAFF_FINANCIAL_READERS
from schema.criteria import by, criteria
from schema.fields import column, of_model, own_id, sent
from schema.length import characters, entries
from schema.types.edit import KEY, SHOWN_BEFORE
from schema.types.node import Node
from schema.types.refusal import Refusal


@of_model(models.BillingRun, description="A run: what was due up to a day is billed.")
class BillingRun(Node):
    """One that bills all accounts goes on in the background; ask again how far it has come."""

    id: strawberry.ID = own_id()
    billed_until: date | None = column(
        STAFF_FINANCIAL_READERS, description="What falls due up to this day is billed."
    )
    requested_at: datetime | None = column(
        STAFF_FINANCIAL_READERS, description="When it was asked for, or came by itself."
    )
    finished_at: datetime | None = column(
        STAFF_FINANCIAL_READERS, description="When it was finished; null while it goes on."
    )
    accounts: int | None = column(
        STAFF_FINANCIAL_READERS, description="How many accounts it has looked at."
    )
    invoices: int | None = column(
        STAFF_FINANCIAL_READERS, description="How many invoices it has issued."
    )
    credit_notes: int | None = column(
        STAFF_FINANCIAL_READERS, description="How many credit notes it has issued."
    )
    unbilled: int | None = column(
        STAFF_FINANCIAL_READERS, description="How many accounts it could not bill."
    )


BILLING_RUNS = criteria(
    BillingRun,
    "billing runs",
    orders=(by("requested_at", "When it was asked for, the earliest first."),),
)


@strawberry.input(description="Up to which day which accounts are billed.")
class RunBillingInput:
    """A run of all accounts goes on in the background; that of some is done when it is answered."""

    until: date | None = sent(
        description=(
            "What falls due up to this day is billed; today when left out. No day that is yet to"
            " come, and none in closed books."
        ),
        default=strawberry.UNSET,
    )
    account_ids: list[strawberry.ID] | None = sent(
        description="Which accounts; all of them when left out.",
        default=strawberry.UNSET,
        length=entries(MOST_AT_ONCE),
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
    reason: str | None = sent(
        description="Why; managers read it in the history.",
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


BillingRunResult = Annotated[
    BillingRun | Refusal,
    strawberry.union("BillingRunResult", description="The run, or why there is none."),
]
