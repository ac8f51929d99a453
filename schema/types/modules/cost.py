"""What the items of a module cost a customer, and why."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.language.messages import said
from portal.rules.modules import item_price
from portal.rules.modules.cost_reason import CostRule, cost_reasons
from portal.viewer import Language
from resolvers.context import Context
from resolvers.points import REASON
from schema.fields import column, function, of_model, text, value
from schema.types.catalogue.billing import BillingMode, VatCategory
from schema.types.text import Text
from schema.types.vat import VatTreatment

described(
    CostRule,
    "What decides what an item costs.",
    PRICE_LIST="The price in force for this customer.",
    QUANTITY="How many of it there are, where that was ever said.",
    ADDITIONAL_OPTION="It was booked separately.",
    SPECIAL_PRICE="A special agreement about the price of one.",
    DISCOUNT="A special agreement about a discount, of the agreed price where there is one.",
    SPECIAL_VAT_TREATMENT="A special agreement about the VAT treatment.",
)

USUAL_REASONS = 2
_DECIDING = tuple(field.name for field in fields(item_price.CostLine))


@strawberry.type(description="A part of what decides what an item costs.")
class CostReason:
    """A ``rules.modules.cost_reason.CostReason``."""

    rule: CostRule = value(description="What decides it.")
    since: date = value(description="The first day on which that holds.")
    sentence: str = value(description="The same in words, in the viewer's language.")


def reasons_of(price: item_price.ItemPrice, language: Language) -> list[CostReason]:
    """Give what decides what an item costs, in the words of a language."""
    return [
        CostReason(rule=one.rule, since=one.since, sentence=said(one.phrase, language))
        for one in cost_reasons(price)
    ]


async def _reasons(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[CostReason]]:
    lines = (item_price.CostLine(**dict(zip(_DECIDING, row, strict=True))) for row in rows)
    return [reasons_of(one, context.viewer.language) for one in lines]


@of_model(models.CostLine, description="What an item of a module costs its customer on a day.")
class CostLine:
    """A line of what a module costs."""

    name: Text = text(EVERYONE, "name", description="What is charged, as invoices name it.")
    key: str = column(EVERYONE, description="A short name for programs.")
    unit: Text = text(EVERYONE, "unit", description="What one of it is: a month, a call, a minute.")
    is_additional_option: bool = column(
        EVERYONE, description="Whether it was booked beside what the tariff includes."
    )
    quantity: int = column(EVERYONE, description="How many of it there are.")
    unit_price: Decimal = column(
        EVERYONE, description="The price of one by the price list, without VAT, in euro."
    )
    agreed_price: Decimal | None = column(
        EVERYONE,
        description=(
            "What one costs by special agreement, its price and discount together, without VAT;"
            " null where the price list's price holds."
        ),
    )
    discount_percent: Decimal | None = column(
        EVERYONE, description="The discount in per cent that is agreed; null for none."
    )
    vat_category: VatCategory = column(EVERYONE, description="The rate at which it is taxed.")
    vat_treatment: VatTreatment | None = column(
        EVERYONE, description="The VAT treatment that is agreed for it; null for the contract's."
    )
    billing_mode: BillingMode = column(
        EVERYONE, description="How often it is billed, and whether before or after."
    )
    monthly_amount: Decimal | None = column(
        EVERYONE,
        description=(
            "What all of them cost each month, without VAT, rounded half up to cents; null for what"
            " is billed once, or by use."
        ),
    )
    reasons: list[CostReason] = function(
        EVERYONE,
        _reasons,
        _DECIDING,
        weight=REASON,
        usual=USUAL_REASONS,
        description="Why it costs that, part by part.",
    )
