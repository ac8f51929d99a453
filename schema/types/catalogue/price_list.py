"""Price lists: their headings and items."""

from datetime import date
from decimal import Decimal

from permissions.fields import EVERYONE
from portal import models
from portal.rules.catalogue.terms import EndingDay
from resolvers.listing import Order
from resolvers.queries.catalogue.price_list import is_listed
from schema.access import MANAGERS
from schema.fields import (
    column,
    many,
    of_model,
    text,
)
from schema.types.catalogue.billing import BillingBasis, BillingMode, VatCategory
from schema.types.catalogue.tariff_version import BY_POSITION
from schema.types.catalogue.terms import TermType
from schema.types.text import Text

LATEST_VERSION = Order((lambda version: version.valid_from,), descending=True, goes_by="valid_from")


@of_model(models.Item, description="What is charged.")
class Item:
    """A line of a price list."""

    name: Text = text(EVERYONE, "name", description="What is charged, as invoices name it.")
    key: str = column(
        EVERYONE, description="A short name for programs: the same in later versions."
    )
    is_additional_option: bool = column(
        EVERYONE, description="Whether it is charged where it is booked, and not with the tariff."
    )
    unit: Text = text(EVERYONE, "unit", description="What one of it is: a month, a call, a minute.")
    unit_code: str = column(EVERYONE, description="The unit's code in UN/ECE Recommendation 20.")
    unit_price: Decimal = column(EVERYONE, description="The price of one, without VAT, in euro.")
    vat_category: VatCategory = column(EVERYONE, description="The rate at which it is taxed.")
    vat_exemption_code: str | None = column(
        EVERYONE, description="Why no tax is charged, as a code of VATEX."
    )
    vat_exemption_text: str | None = column(
        EVERYONE, description="Why no tax is charged, as invoices say it."
    )
    billing_mode: BillingMode = column(
        EVERYONE, description="How often it is billed, and whether before or after."
    )
    billing_basis: BillingBasis = column(EVERYONE, description="Where its periods begin.")
    notice_period: TermType | None = column(
        MANAGERS,
        description="Of an option with notice terms of its own: how long before its last day.",
    )
    ending_day: EndingDay | None = column(
        MANAGERS, description="Of such an option: the days on which it may end."
    )


@of_model(models.PriceListSection, description="A heading in a price list, and its items.")
class PriceListSection:
    """A part of a price list."""

    title: Text = text(EVERYONE, "title", description="The heading.")
    items: list[Item] = many(
        EVERYONE,
        models.Item,
        is_listed,
        BY_POSITION,
        description="The items in their order; managers see additional options too.",
    )


@of_model(models.TariffVersion, description="The prices of a tariff from a day on.")
class PriceList:
    """A version of a tariff, seen for its prices."""

    valid_from: date = column(EVERYONE, description="From when it holds for new customers.")
    valid_from_for_existing: date = column(
        EVERYONE, description="From when it holds for customers who already have the tariff."
    )
    sections: list[PriceListSection] = many(
        EVERYONE,
        models.PriceListSection,
        lambda version, section, _: section.tariff_version_id == version.id,
        BY_POSITION,
        description="The headings in their order, with their items.",
    )
