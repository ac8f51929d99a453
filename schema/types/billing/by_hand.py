"""What staff do with an invoice that is issued: credit it, or issue it again."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from portal.actions.billing.by_hand import MOST_LINES
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.fields import sent
from schema.length import characters, entries
from schema.types.billing.document import Document
from schema.types.edit import KEY, SHOWN_BEFORE
from schema.types.refusal import Refusal

_ID = "The invoice."
_REASON = "Why; it is printed, and the customer reads it."
_CREDITED = (
    "What was credited of it when you read it (`Document.credited`): where that is other by now,"
    " you get CONFLICT."
)


@strawberry.input(description="How much of a line of an invoice is credited.")
class CreditLineInput:
    """A line, by its place."""

    position: int = sent(description="The place of the line in the invoice.")
    net: Decimal | None = sent(
        description="How much, without VAT; all that is left of it when left out.",
        default=strawberry.UNSET,
    )


@strawberry.input(description="Which invoice is credited, how much of it, and why.")
class CreditDocumentInput:
    """What is credited by hand is billed by no later run."""

    id: strawberry.ID = sent(description=_ID)
    lines: list[CreditLineInput] | None = sent(
        description="Which lines; all that is left of the invoice where none is named.",
        default=strawberry.UNSET,
        length=entries(MOST_LINES),
    )
    reason: str = sent(description=_REASON, length=characters(LONGEST_REASON))
    expected_credited: Decimal | None = sent(description=_CREDITED, default=strawberry.UNSET)
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Which invoice is issued again, and why.")
class ReissueDocumentInput:
    """Another number, and the addresses, numbers and references of today."""

    id: strawberry.ID = sent(description=_ID)
    due_on: date | None = sent(
        description="Until when it is to be paid; as before when left out, and today at the least.",
        default=strawberry.UNSET,
    )
    reason: str = sent(description=_REASON, length=characters(LONGEST_REASON))
    expected_credited: Decimal | None = sent(description=_CREDITED, default=strawberry.UNSET)
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


DocumentResult = Annotated[
    Document | Refusal,
    strawberry.union("DocumentResult", description="The document that was issued, or why not."),
]
