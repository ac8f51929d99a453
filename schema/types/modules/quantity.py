"""How many of an item a module has, and what is sent to change that."""

from datetime import date

import strawberry

from portal import models
from portal.actions.modules.ended_key import last_day
from portal.rules.modules.notice import Party
from portal.rules.modules.reason import Subject
from resolvers.points import REASON
from schema.access import MANAGERS, PARTIES, READERS, STAFF
from schema.fields import column, expression, function, of_model, sent
from schema.length import characters
from schema.types.edit import SHOWN_BEFORE, ReasonedEditInput
from schema.types.modules.notice import (
    ASKED_BY,
    DEVIATING,
    GIVEN_BY,
    LETTER,
    USUAL_REASONS,
    steps_about,
)
from schema.types.reason import Reason

_KEY = "The key of an item of the price list; no additional option."
_QUANTITY = "How many of it, 1 to 1,000,000."


@of_model(models.SubscriptionItemQuantity, description="How many of an item, from day to day.")
class ItemQuantity:
    """One where none of these says otherwise."""

    item_key: str | None = column(READERS, description="By what the price list names it.")
    quantity: int | None = column(READERS, description="How many of it there are.")
    starts_on: date | None = column(READERS, description="The first day with so many.")
    ends_on: date | None = expression(
        READERS,
        lambda row, _: last_day(row),
        stored=("SubscriptionItemQuantity.endsOn",),
        description=(
            "The last day; null when open. The day before the first one, where it never came to"
            " hold: a price list without this item follows before, of another tariff or a version."
        ),
    )
    asked_by: Party | None = column(PARTIES, description=ASKED_BY)
    agreed_on: date | None = column(READERS, description="The day for which it was asked.")
    deadline: date | None = column(
        PARTIES,
        description="The last day to ask for fewer; null for more, and where a manager set it.",
    )
    reasons: list[Reason] | None = function(
        PARTIES,
        steps_about(Subject.QUANTITY),
        ("steps",),
        weight=REASON,
        usual=USUAL_REASONS,
        stored=("SubscriptionItemQuantity.steps",),
        description="Why it is that first day, step by step; none where it was ordered so.",
    )


@strawberry.input(description="How many of an item are ordered.")
class ItemQuantityInput:
    """A key and a number."""

    item_key: str = sent(description=_KEY)
    quantity: int = sent(description=_QUANTITY)


@strawberry.input(description="Which module has more or fewer of an item, and from when on.")
class ChangeQuantityInput(ReasonedEditInput):
    """More or fewer of an item."""

    item_key: str = sent(description=_KEY, length=characters(models.Item.key))
    quantity: int = sent(description=_QUANTITY)
    starts_on: date | None = sent(
        default=strawberry.UNSET,
        description=(
            "From when on; for more any day from today, for fewer one on which the tariff could"
            " change. The earliest one when left out."
        ),
    )
    asked_by: Party | None = sent(STAFF, default=strawberry.UNSET, description=GIVEN_BY)
    received_on: date | None = sent(MANAGERS, default=strawberry.UNSET, description=LETTER)
    deviating_date: date | None = sent(MANAGERS, default=strawberry.UNSET, description=DEVIATING)
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
