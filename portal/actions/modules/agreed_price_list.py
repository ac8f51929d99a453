"""The price list in force for a customer on a day, in SQL: what one of each item costs them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import covers, first_day_of, version_of
from portal.actions.modules.item_price import ItemPrices, columns_of
from portal.models import (
    AgreedItem,
    AgreedPriceList,
    AgreedPriceListSection,
    Item,
    PriceListSection,
    TariffPeriod,
)


def price_list(subscription: Any, day: Any) -> sa.Select[Any]:
    """Select the price list of a day of a subscription at hand, as ``AgreedPriceList`` has it."""
    period = aliased(TariffPeriod)
    version = version_of(period, day).lateral().c
    values = {
        "account_id": subscription.account_id,
        "module_id": subscription.module_id,
        "day": day,
        "price_from": first_day_of(version, period),
    }
    return (
        sa.select(*columns_of(AgreedPriceList, values, version))
        .select_from(period)
        .join(version.id.table, sa.true())
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            covers(period, day),
        )
        .correlate_except(period, version.id.table)
    )


def sections(prices: Any) -> sa.Select[Any]:
    """Select the headings of a price list at hand, as ``AgreedPriceListSection`` has them."""
    section = aliased(PriceListSection)
    values = {
        name: getattr(prices, name) for name in ("account_id", "module_id", "day", "price_from")
    }
    return (
        sa.select(*columns_of(AgreedPriceListSection, values, section))
        .where(section.tariff_version_id == prices.id)
        .correlate_except(section)
    )


def items(section: Any) -> sa.Select[Any]:
    """Select the items below a heading at hand, booked or not, as ``AgreedItem`` has them."""
    item = aliased(Item)
    prices = ItemPrices(item, section, section.day)
    values = {"price_from": section.price_from, **prices.values}
    return (
        sa.select(*columns_of(AgreedItem, values, item))
        .select_from(prices.joined(item))
        .where(item.price_list_section_id == section.id)
        .correlate_except(item, *prices.agreements)
    )
