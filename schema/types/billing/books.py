"""Closing the books: what days cost until then changes no more."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from portal import models
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.access import STAFF_FINANCIAL_READERS
from schema.criteria import by, criteria
from schema.fields import column, of_model, own_id, sent
from schema.length import characters
from schema.types.edit import KEY
from schema.types.node import Node
from schema.types.refusal import Refusal


@of_model(models.BooksClosing, description="A day up to which the books were closed.")
class BooksClosing(Node):
    """The latest day holds; books are never opened again."""

    id: strawberry.ID = own_id()
    closed_until: date | None = column(
        STAFF_FINANCIAL_READERS,
        description="Nobody changes any more what days up to this one cost.",
    )
    closed_at: datetime | None = column(STAFF_FINANCIAL_READERS, description="When that was said.")


BOOKS_CLOSINGS = criteria(
    BooksClosing,
    "closings of the books",
    orders=(by("closed_until", "The day up to which they are closed, the earliest first."),),
)


@strawberry.input(description="Up to which day the books are closed.")
class CloseBooksInput:
    """A day that is over, later than the one up to which they are closed."""

    until: date = sent(description="The last day that is closed: one that is over.")
    reason: str | None = sent(
        description="Why; managers read it in the history.",
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


BooksClosingResult = Annotated[
    BooksClosing | Refusal,
    strawberry.union("BooksClosingResult", description="The closing, or why not."),
]
