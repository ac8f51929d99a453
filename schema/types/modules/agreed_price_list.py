"""The price list of a module as its customer has it, with what is agreed about its items."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from permissions.fields import EVERYONE
from portal import models
from portal.rules.modules.item_price import ItemPrice
from resolvers.context import Context
from resolvers.points import REASON
from resolvers.queries.modules import agreed_price_list as queries
from schema.fields import column, computed, function, of_model, text
from schema.types.catalogue.price_list import Item
from schema.types.catalogue.tariff_version import BY_POSITION
from schema.types.modules.cost import USUAL_REASONS, CostReason, reasons_of
from schema.types.text import Text
from schema.types.vat import VatTreatment

_DECIDING = tuple(field.name for field in fields(ItemPrice))


async def _reasons(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[CostReason]]:
    prices = (ItemPrice(**dict(zip(_DECIDING, row, strict=True))) for row in rows)
    return [reasons_of(one, context.viewer.language) for one in prices]


@of_model(models.AgreedItem, description="What is charged, and what is agreed about it.")
class AgreedItem(Item):
    """An item of a price list, as one customer has it."""

    agreed_price: Decimal | None = column(
        EVERYONE,
        description=(
            "What one costs this customer by special agreement, its price and discount together,"
            " without VAT; null where the price list's price holds."
        ),
    )
    discount_percent: Decimal | None = column(
        EVERYONE, description="The discount in per cent that is agreed; null for none."
    )
    vat_treatment: VatTreatment | None = column(
        EVERYONE, description="The VAT treatment that is agreed for it; null for the contract's."
    )
    reasons: list[CostReason] = function(
        EVERYONE,
        _reasons,
        _DECIDING,
        weight=REASON,
        usual=USUAL_REASONS,
        description="Why one costs that, part by part.",
    )


@of_model(models.AgreedPriceListSection, description="A heading in it, and the items below.")
class AgreedPriceListSection:
    """A part of a price list, as one customer has it."""

    title: Text = text(EVERYONE, "title", description="The heading.")
    items: list[AgreedItem] = computed(
        EVERYONE,
        models.AgreedItem,
        queries.items,
        BY_POSITION,
        description="The items in their order; managers see additional options too.",
    )


@of_model(models.AgreedPriceList, description="The price list of a module as its customer has it.")
class AgreedPriceList:
    """A version of a tariff, with what is agreed about its items."""

    valid_from: date = column(EVERYONE, description="From when it holds for new customers.")
    valid_from_for_existing: date = column(
        EVERYONE, description="From when it holds for customers who already have the tariff."
    )
    sections: list[AgreedPriceListSection] = computed(
        EVERYONE,
        models.AgreedPriceListSection,
        queries.sections,
        BY_POSITION,
        description="The headings in their order, with their items.",
    )
