"""Modules, tariffs and price lists."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.rules.catalogue.terms import BillingBasis, BillingMode, EndingDay, VatCategory
from resolvers.context import Info
from resolvers.given import sent_or_none
from resolvers.listing import Order
from resolvers.points import DATA
from resolvers.queries.catalogue.price_list import is_listed
from resolvers.queries.modules import module_data
from resolvers.queries.modules import module_subscription as queries
from resolvers.queries.text import is_called
from resolvers.reading import answers
from resolvers.sources import Function
from schema.access import MANAGERS, STAFF
from schema.connection import connection
from schema.criteria import by, criteria, search
from schema.criterion import exactly
from schema.fields import (
    answered_by,
    argument,
    column,
    expression,
    many,
    of_model,
    one,
    own_id,
    text,
)
from schema.relay import Connection
from schema.types.catalogue.data_check import DataCheck
from schema.types.catalogue.tariff_version import BY_POSITION, VERSIONS, TariffVersion
from schema.types.catalogue.terms import Terms, TermType
from schema.types.node import Node
from schema.types.text import Text

described(
    VatCategory,
    "The rate at which an item is taxed.",
    STANDARD="The standard rate.",
    REDUCED="The reduced rate.",
    ZERO="The rate of zero.",
    EXEMPT="Exempt: no tax is charged.",
)
described(
    BillingMode,
    "When an item is billed.",
    AT_ONCE="Once, when it is ordered.",
    MONTHLY="Every month, in arrears.",
    MONTHLY_IN_ADVANCE="Every month, in advance.",
    QUARTERLY_IN_ADVANCE="Every quarter, in advance.",
    YEARLY_IN_ADVANCE="Every year, in advance.",
    PER_USE="By what was used.",
)
described(
    BillingBasis,
    "Where the billing periods of an item begin.",
    CONTRACT="On the first day of the module.",
    CALENDAR="On the first day of the month, quarter or year.",
)

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


@of_model(models.Tariff, description="At what prices and terms a module can be had.")
class Tariff(Node):
    """Public, or opened by an offer number."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    name: Text = text(EVERYONE, "name", description="What it is called.")
    closed_from: date | None = column(
        STAFF, description="From which day on nobody can order it; null while it is open."
    )
    versions: Connection[TariffVersion] | None = connection(
        MANAGERS,
        VERSIONS,
        lambda tariff, version, _: version.tariff_id == tariff.id,
        "VALID_FROM",
        descending=True,
        description="Its drafts, and the versions that were published, the latest first.",
    )
    is_public: bool = column(EVERYONE, description="Whether everybody may order it.")
    offer_number: str | None = column(STAFF, description="The number that opens it.")
    offer_expires_on: date | None = column(
        STAFF, description="The last day on which its number opens it; null without an end."
    )
    offer_most_uses: int | None = column(
        STAFF, description="How often its number opens it; null without a limit."
    )
    offer_uses: int | None = column(STAFF, description="How often its number was used.")
    price_list: PriceList | None = one(
        EVERYONE,
        models.TariffVersion,
        queries.is_offered_today,
        LATEST_VERSION,
        description="What a new customer pays today; null before its first day.",
    )
    terms: Terms | None = one(
        EVERYONE,
        models.TariffVersion,
        queries.is_offered_today,
        LATEST_VERSION,
        description="What a new customer agrees to today; null before its first day.",
    )


TARIFFS = criteria(
    Tariff,
    "tariffs",
    exactly("is_public", "Can be ordered by everybody, or needs an offer number."),
    search=search(
        "Text in the name of the tariff, as the operator or as you read it.",
        is_called,
        access=EVERYONE,
        reads=("Tariff.name",),
    ),
    orders=(by("name", "The name of the tariff, from A to Z.", lambda row: row.sort_name),),
)


_DATA_CHECK = Function(module_data.checks, ("id",), DATA)


async def _data_check(
    root: strawberry.Parent[Any],
    info: Info,
    data_schema: Annotated[
        JSON | None, argument("The schema to try; the module's own when left out.")
    ] = strawberry.UNSET,
    after: Annotated[
        strawberry.ID | None,
        argument("Show those after this module subscription; the first ones when left out."),
    ] = strawberry.UNSET,
) -> Any:
    """Look at the data of all who have the module."""
    given = (sent_or_none(data_schema), sent_or_none(after))
    return await answers.function(root, info.raw, _DATA_CHECK, *given)


@of_model(models.Module, description="A service that customers can order.")
class Module(Node):
    """A row of the catalogue."""

    id: strawberry.ID = own_id()
    key: str = column(EVERYONE, description="A short name for programs.")
    name: Text = text(EVERYONE, "name", description="What it is called.")
    description: Text = text(EVERYONE, "description", description="What it does.")
    is_single_booking: bool = column(
        EVERYONE, description="Whether an account can have it once at a time."
    )
    is_orderable: bool = expression(
        EVERYONE,
        queries.is_orderable,
        description="Whether it has a public tariff today; any other needs an offer number.",
    )
    data_schema: JSON = column(EVERYONE, description="The JSON Schema of the module's data.")
    data_check: DataCheck | None = answered_by(
        MANAGERS,
        _data_check,
        _DATA_CHECK,
        description=(
            "Whose data a schema does not allow: ask before `updateModule`. Nobody's data changes"
            " by that; whoever edits theirs then has to meet the new schema."
        ),
    )
    version: int | None = column(STAFF, description="Counts the changes; see expectedVersion.")
    position: int = column(
        EVERYONE, description="Its place in the catalogue, as managers arrange it."
    )
    retired_from: date | None = column(
        STAFF, description="From when on it takes no more orders; null while that is not known."
    )
    tariffs: Connection[Tariff] = connection(
        EVERYONE,
        TARIFFS,
        lambda module, tariff, _: tariff.module_id == module.id,
        "NAME",
        description="The tariffs that you may see.",
    )


MODULES = criteria(
    Module,
    "modules",
    exactly("is_orderable", "Has a public tariff today, or has none."),
    exactly("is_single_booking", "Can be had once at a time, or more often."),
    search=search(
        "Text in the name of the module, as the operator or as you read it.",
        is_called,
        access=EVERYONE,
        reads=("Module.name",),
    ),
    orders=(
        by("name", "The name of the module, from A to Z.", lambda row: row.sort_name),
        by("position", "The place in the catalogue, the first one first."),
    ),
)
