"""The secret address of an account's calendar, as callers see it."""

from datetime import datetime
from typing import Annotated

import strawberry

from portal import models
from schema.access import PARTIES
from schema.fields import column, of_model, own_id, shown_once
from schema.types.edit import EditInput
from schema.types.node import Node
from schema.types.refusal import Refusal


@of_model(models.CalendarAddress, description="A secret address that shows an account's deadlines.")
class CalendarAddress(Node):
    """That there is one; where it is, only whoever made it was told."""

    id: strawberry.ID = own_id()
    created_at: datetime | None = column(PARTIES, description="When it was made.")
    revoked_at: datetime | None = column(
        PARTIES, description="When it was revoked or replaced; null when it was not."
    )


@strawberry.type(description="A new address of a calendar.")
class CalendarAddressCreated:
    """It ends in a secret, of which the portal keeps a hash alone."""

    path: str | None = shown_once(
        description=(
            "What follows the portal's own address in that of the calendar (iCalendar, RFC 5545)."
            " It is shown this once: whoever knows it reads the deadlines without a login. Null"
            " where the same request is sent again with its idempotencyKey."
        )
    )


@strawberry.input(description="The account whose calendar gets an address.")
class CreateCalendarAddressInput(EditInput):
    """An address in the place of an earlier one."""


@strawberry.input(description="The account whose calendar loses its address.")
class RevokeCalendarAddressInput(EditInput):
    """The end of an address."""


CalendarAddressCreatedResult = Annotated[
    CalendarAddressCreated | Refusal,
    strawberry.union(
        "CalendarAddressCreatedResult", description="Where the calendar is, or why not."
    ),
]
