"""The engine of prices in SQL: what the items of a module cost a customer on a day, and why.

It says what ``portal.rules.modules.cost`` says, over the rows at hand.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import by_year, covers, in_force, version_of
from portal.models import (
    BookedOption,
    CostLine,
    Item,
    ModuleSubscription,
    PriceListSection,
    SpecialAgreement,
    SubscriptionItemQuantity,
    TariffPeriod,
)
from portal.rules.modules.special_agreement import AgreementKind

_PRICE_DECIMALS, _CENTS = 6, 2
# So many decimals that rounding the quotient again changes nothing.
_MONTHS_IN_A_YEAR = sa.literal_column("12.00000000000000", sa.Numeric())
# The kinds of agreement that decide what one costs.
PRICES = (AgreementKind.UNIT_PRICE, AgreementKind.DISCOUNT)


class Lines:
    """The items of a version that a subscription at hand has on a day, and what decides their cost.

    ``versions`` are rows among which the version is, None for one at hand; ``kinds`` are the
    agreements that are asked for. What joins nothing costs nothing but a look at an index.
    """

    def __init__(
        self,
        subscription: Any,
        version_id: Any,
        day: Any,
        *,
        versions: Any = None,
        kinds: Iterable[AgreementKind] = AgreementKind,
    ) -> None:
        self.section, self.item = aliased(PriceListSection), aliased(Item)
        self._quantity: Any = aliased(SubscriptionItemQuantity)
        self._option: Any = aliased(BookedOption)
        self._agreed: Mapping[AgreementKind, tuple[Any, Any]] = {
            kind: (aliased(SpecialAgreement), aliased(SpecialAgreement)) for kind in kinds
        }
        self._subscription, self._day = subscription, day
        self.is_option: Any = self.item.is_additional_option
        of_version = self.section.tariff_version_id == version_id
        # Here the version comes first: PostgreSQL keeps the order of so many joins.
        first = self.section if versions is None else sa.join(versions, self.section, of_version)
        self._where = of_version if versions is None else sa.true()
        self._source = self._joined(first)

    def select(self, *columns: Any) -> sa.Select[Any]:
        """Select from them."""
        has = sa.or_(~self.is_option, self._option.id.is_not(None))
        return sa.select(*columns).select_from(self._source).where(self._where, has)

    @property
    def rows(self) -> list[Any]:
        """Whatever stands in them; all else is at hand."""
        agreed = (row for pair in self._agreed.values() for row in pair)
        return [self.section, self.item, self._quantity, self._option, *agreed]

    def of(self, kind: AgreementKind, attribute: str) -> sa.ColumnElement[Any]:
        """Give an attribute of the agreement of a kind that holds."""
        of_item, of_module = self._agreed[kind]
        return sa.case(
            (of_item.id.is_not(None), getattr(of_item, attribute)),
            else_=getattr(of_module, attribute),
        )

    @property
    def quantity(self) -> sa.ColumnElement[int]:
        """How many of it there are."""
        return sa.func.coalesce(self._option.quantity, self._quantity.quantity, 1)

    @property
    def quantity_from(self) -> sa.ColumnElement[date | None]:
        """Since when there are so many; null for the one that nobody asked for."""
        return sa.func.coalesce(self._option.starts_on, self._quantity.starts_on)

    @property
    def price(self) -> sa.ColumnElement[Decimal]:
        """What one costs."""
        special = self.of(AgreementKind.UNIT_PRICE, "unit_price")
        price = sa.func.coalesce(special, self.item.unit_price)
        percent = self.of(AgreementKind.DISCOUNT, "discount_percent")
        reduced = sa.func.round(price * (1 - percent / 100), _PRICE_DECIMALS)
        return sa.func.coalesce(reduced, price, type_=sa.Numeric())

    @property
    def agreed_price(self) -> sa.ColumnElement[Decimal | None]:
        """What one costs by special agreement; null where the price list's price holds."""
        agreements = [row.id for kind in PRICES for row in self._agreed[kind]]
        return sa.case((sa.func.num_nonnulls(*agreements) > 0, self.price))

    @property
    def monthly_amount(self) -> sa.ColumnElement[Decimal | None]:
        """What all of them cost in a month, half up to cents; null for what does not come back."""
        by_month = self.quantity * self.price * by_year(self.item) / _MONTHS_IN_A_YEAR
        return sa.func.round(by_month, _CENTS)

    def _joined(self, first: Any) -> Any:
        item = self.item
        source = sa.join(first, item, item.price_list_section_id == self.section.id)
        for row, is_meant in ((self._quantity, ~self.is_option), (self._option, self.is_option)):
            is_own = row.module_subscription_id == self._subscription.id
            source = self._outer_joined(source, row, is_own, row.item_key == item.key, is_meant)
        for kind, (of_item, of_module) in self._agreed.items():
            for row, is_meant in (
                (of_item, of_item.item_key == item.key),
                (of_module, of_module.item_key.is_(None)),
            ):
                is_own = row.module_id == self._subscription.module_id
                source = self._outer_joined(source, row, is_own, row.kind == kind.value, is_meant)
        return source

    def _outer_joined(self, source: Any, row: Any, *on: sa.ColumnElement[bool]) -> Any:
        is_own = row.account_id == self._subscription.account_id
        return sa.outerjoin(source, row, sa.and_(is_own, *on, covers(row, self._day)))


def total(amounts: Any) -> sa.ColumnElement[Decimal]:
    """Add up amounts that are in cents: a total is the sum of what is shown, 0.00 for nothing."""
    return sa.func.round(sa.func.coalesce(sa.func.sum(amounts), 0), _CENTS)


def by_month(subscription: Any, version_id: Any, day: Any) -> sa.ScalarSelect[Decimal]:
    """Give what a subscription at hand costs each month on a day by the prices of a version."""
    lines = Lines(subscription, version_id, day, kinds=PRICES)
    cost = lines.select(total(lines.monthly_amount))
    return cost.correlate_except(*lines.rows).scalar_subquery()


def cost_lines(subscription: Any, day: Any) -> sa.Select[Any]:
    """Select what each item costs on a day of a subscription at hand, as ``CostLine`` has it."""
    period = aliased(TariffPeriod)
    version = version_of(period, day).lateral().c
    versions = sa.join(period, version.id.table, sa.true())
    lines = Lines(subscription, version.id, day, versions=versions)
    item, (price, discount, treatment) = lines.item, AgreementKind
    values: dict[str, Any] = {
        "id": item.id,
        "section_position": lines.section.position,
        "is_additional_option": lines.is_option,
        "quantity": lines.quantity,
        "quantity_from": lines.quantity_from,
        "price_from": sa.case(
            (version.valid_from <= period.agreed_on, version.valid_from),
            else_=version.valid_from_for_existing,
        ),
        "special_price": lines.of(price, "unit_price"),
        "special_price_from": lines.of(price, "starts_on"),
        "discount_percent": lines.of(discount, "discount_percent"),
        "discount_from": lines.of(discount, "starts_on"),
        "vat_treatment": lines.of(treatment, "vat_treatment"),
        "vat_treatment_from": lines.of(treatment, "starts_on"),
        "agreed_price": lines.agreed_price,
        "monthly_amount": lines.monthly_amount,
    }
    names = sa.inspect(CostLine).columns.keys()
    columns = (
        (values[name] if name in values else getattr(item, name)).label(name) for name in names
    )
    return (
        lines.select(*columns)
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            covers(period, day),
        )
        .correlate_except(period, version.id.table, *lines.rows)
    )


async def monthly_cost(
    session: AsyncSession, subscription: ModuleSubscription, day: date
) -> Decimal:
    """Give what a module costs each month by the prices of a day; 0 on a day it does not run."""
    at = sa.literal(day, sa.Date())
    cost = (
        sa.select(total(by_month(ModuleSubscription, in_force(TariffPeriod, at), at)))
        .select_from(ModuleSubscription)
        .join(TariffPeriod, TariffPeriod.module_subscription_id == ModuleSubscription.id)
        .where(
            TariffPeriod.account_id == subscription.account_id,
            ModuleSubscription.id == subscription.id,
            covers(TariffPeriod, at),
        )
    )
    return (await session.scalars(cost)).one()
