"""Holding the billing of an account."""

from datetime import date

import strawberry

from schema.fields import sent
from schema.types.edit import ReasonedEditInput


@strawberry.input(description="Up to which day no run bills an account.")
class HoldBillingInput(ReasonedEditInput):
    """What falls due by then is billed afterwards."""

    until: date | None = sent(
        description="The last day of that; when left out, it is billed again from now on.",
        default=strawberry.UNSET,
    )
