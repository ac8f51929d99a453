"""Additional options that are booked, and what is sent to book and to end one."""

from datetime import date
from typing import Annotated

import strawberry

from portal import models
from portal.actions.modules.ended_key import last_day
from portal.rules.modules.notice import Party
from portal.rules.modules.reason import Subject
from resolvers.listing import Order
from resolvers.points import REASON
from resolvers.queries.modules import course
from schema.access import MANAGERS
from schema.fields import column, expression, function, of_model, own_id, sent
from schema.types.edit import SHOWN_BEFORE, ReasonedEditInput
from schema.types.modules.notice import DEVIATING, GIVEN_BY, LETTER, USUAL_REASONS, steps_about
from schema.types.node import Node
from schema.types.permission import FieldPermission, viewer_can
from schema.types.reason import Reason
from schema.types.refusal import Refusal

FIRST_OPTION = Order((lambda row: row.item_key, lambda row: row.starts_on), goes_by="item_key")


@of_model(models.BookedOption, description="An additional option that a module has.")
class BookedOption(Node):
    """A row of what was booked."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    item_key: str | None = column(MANAGERS, description="The key of its item in the price list.")
    quantity: int | None = column(MANAGERS, description="How many of it there are.")
    starts_on: date | None = column(MANAGERS, description="The first day.")
    ends_on: date | None = expression(
        MANAGERS,
        lambda row, _: last_day(row),
        stored=("BookedOption.endsOn",),
        description=(
            "The last day; null when open, until its module ends. The day before the first one,"
            " where a price list without it follows before, of another tariff or a version."
        ),
    )
    agreed_on: date | None = column(MANAGERS, description="The day on which it was booked.")
    end_asked_by: Party | None = column(
        MANAGERS, description="For which side its end was asked; null while it has none."
    )
    end_received_on: date | None = column(
        MANAGERS, description="The day for which that counted; null while it has no end."
    )
    deadline: date | None = column(
        MANAGERS,
        description=(
            "The last day to ask for that last day; null while it has no end, and where a manager"
            " deviated from its terms."
        ),
    )
    reasons: list[Reason] | None = function(
        MANAGERS,
        steps_about(Subject.ADDITIONAL_OPTION),
        ("steps",),
        weight=REASON,
        usual=USUAL_REASONS,
        stored=("BookedOption.steps",),
        description="Why it ends on its last day, step by step.",
    )
    viewer_can: list[FieldPermission] | None = viewer_can(
        "BookedOption", course.option_states, MANAGERS
    )


@strawberry.input(description="Which option a module gets, and from when on.")
class BookOptionInput(ReasonedEditInput):
    """An option of the price list; the id is that of the module subscription."""

    item_key: str = sent(
        description="The key of an additional option in the price list.",
    )
    quantity: int | None = sent(
        default=strawberry.UNSET, description="How many of it, 1 to 1,000,000; 1 when left out."
    )
    starts_on: date | None = sent(
        default=strawberry.UNSET,
        description="The first day; today when left out. One that is over takes a reason.",
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which booked option ends, and when.")
class EndOptionInput(ReasonedEditInput):
    """An end by the option's terms, or on a deviating day."""

    last_day: date | None = sent(
        default=strawberry.UNSET,
        description=(
            "A day that its own notice terms allow, or without any those of its tariff; the"
            " earliest one when left out."
        ),
    )
    given_by: Party | None = sent(default=strawberry.UNSET, description=GIVEN_BY)
    received_on: date | None = sent(default=strawberry.UNSET, description=LETTER)
    deviating_date: date | None = sent(default=strawberry.UNSET, description=DEVIATING)
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which booking is withdrawn, before its first day.")
class WithdrawOptionInput(ReasonedEditInput):
    """An option that has not begun."""


@strawberry.input(description="Of which booked option the end is withdrawn.")
class WithdrawOptionEndInput(ReasonedEditInput):
    """An option that goes on."""


BookedOptionResult = Annotated[
    BookedOption | Refusal,
    strawberry.union("BookedOptionResult", description="The option as it is now, or why not."),
]
