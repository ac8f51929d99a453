"""Whether a document is the operator's, as anybody may ask who holds one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.rules.billing.verification import Mismatch, VerificationResult, code_of, compact
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a document by its code, and what is printed otherwise on the one at hand."""

    result: VerificationResult
    mismatches: list[Mismatch]
    issued_on: date | None = None
    is_test: bool | None = None


_UNKNOWN = Verified(VerificationResult.UNKNOWN, [])


async def verified(context: Context, code: str, iban: str, amount: Decimal) -> Verified:
    """Compare what is printed with what was issued; each question counts against guessing."""
    known = code_of(code)
    if known is None:
        return _UNKNOWN
    database = context.installation.database
    await context.throttle.count_verification(database, context.received_at)
    columns = ("iban", "payable", "issued_on", "is_test")
    document = sa.func.issued_document(known).table_valued(*columns)
    rows = await context.read(sa.select(document))
    if not rows:
        return _UNKNOWN
    (row,) = rows
    differs = {
        Mismatch.IBAN: compact(iban) != (row.iban or ""),
        Mismatch.AMOUNT: amount != row.payable,
    }
    mismatches = [one for one, is_other in differs.items() if is_other]
    result = VerificationResult.MISMATCH if mismatches else VerificationResult.MATCH
    return Verified(result, mismatches, row.issued_on, row.is_test)
