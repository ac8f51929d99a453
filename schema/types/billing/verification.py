"""What anybody is told of a document that they hold."""

from datetime import date

import strawberry

from permissions.enums import described
from portal.rules.billing.verification import Mismatch, VerificationResult
from schema.fields import value

described(
    VerificationResult,
    "Whether a document was issued as it is printed.",
    MATCH="It was, with this bank account and this amount.",
    MISMATCH="It was issued otherwise: do not pay it.",
    UNKNOWN="No document has this code.",
)
described(
    Mismatch,
    "What is printed otherwise than it was issued.",
    IBAN="The bank account.",
    AMOUNT="What is to be paid.",
)


@strawberry.type(description="Whether a document is the operator's.")
class Verification:
    """It names nobody, and no number that is not known already."""

    result: VerificationResult = value(description="Whether it was issued as it is printed.")
    mismatches: list[Mismatch] = value(description="What is printed otherwise.")
    issued_on: date | None = value(description="The day of its issue; null for an unknown code.")
    is_test: bool | None = value(
        description="Whether it is of a test account, and nothing to be paid; null if unknown."
    )
