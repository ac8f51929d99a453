"""What a change would do, as callers see it before they decide."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from permissions.fields import EVERYONE
from portal.actions.modules import preview as actions
from resolvers.context import Info
from schema.fields import answered_by, value
from schema.types.billing.forecast import DraftDocument
from schema.types.reason import Reason, reasons
from schema.types.refusal import Refusal


def _reasons(root: strawberry.Parent[Any], info: Info) -> list[Reason]:
    return reasons(root.reasons, root.subject, info.context.viewer.language)


@strawberry.type(description="A quantity or an additional option that ends.")
class LostItem:
    """An ``actions.modules.lost_key.Lost``."""

    item_key: str = value(description="By what the price list names it.")
    quantity: int = value(description="How many of it there are until then.")
    last_day: date = value(description="Until when it is charged, that day included.")
    is_additional_option: bool = value(description="Whether it is an additional option.")


@strawberry.type(description="Prices that are published already, and hold from a later day on.")
class ComingPrice:
    """An ``actions.modules.coming_price.ComingPrice``."""

    starts_on: date = value(description="From which day on they hold for the customer.")
    monthly: Decimal = value(
        description="What the module costs each month from then on, without VAT."
    )


@strawberry.type(
    description="What a mutation would do: it was tried, and nothing of it was kept. No mail went."
)
class Preview:
    """An ``actions.Preview``."""

    token: str = value(
        description=(
            "Send it as `previewToken` with the same arguments, and you get what is shown here."
            " Good for you, once, and on this day of the account alone."
        )
    )
    valid_until: datetime = value(description="Until when the token is good.")
    starts_on: date | None = value(
        description="The first day of what begins by it; null for a cancellation."
    )
    ends_on: date | None = value(description="The last day of that; null where none is known.")
    earliest_end: date | None = value(
        description="Of an order: the first day on which it may end; null for other changes."
    )
    deadline: date | None = value(
        description=(
            "The last day on which this can be asked for; of an order, the last day of notice for"
            " the earliest end. Null where a manager sets the day."
        )
    )
    currency: str = value(description="The currency (ISO 4217) in which the account pays: `EUR`.")
    monthly_before: Decimal = value(
        description="What the module costs each month until then, without VAT."
    )
    monthly_after: Decimal = value(
        description="What the module costs each month from then on, without VAT."
    )
    reasons: list[Reason] = answered_by(
        EVERYONE, _reasons, description="Why it is that day, step by step."
    )
    ends: list[LostItem] = value(
        description="What ends by a change of tariff: the new price list has no such item."
    )

    coming: list[ComingPrice] = value(
        description=(
            "Of an order and a change of tariff: the prices that come after its first day, as they"
            " are published; the earliest first."
        )
    )

    documents: list[DraftDocument] | None = value(
        description=(
            "What the next run would issue to the account, by the engine that bills: credit notes"
            " of what was billed too much by then, and invoices. Null for who may not see what"
            " was billed."
        )
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.Preview)


PreviewResult = Annotated[
    Preview | Refusal,
    strawberry.union("PreviewResult", description="What would happen, or why not."),
]
