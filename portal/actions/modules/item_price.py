"""What one of an item costs a customer on a day, in SQL: a part of the engine of prices."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import covers
from portal.models import Computed, SpecialAgreement
from portal.rules.modules.special_agreement import AgreementKind

_PRICE_DECIMALS = 6
# Where an agreement of each kind holds its value.
_VALUES = {
    AgreementKind.UNIT_PRICE: "unit_price",
    AgreementKind.DISCOUNT: "discount_percent",
    AgreementKind.VAT_TREATMENT: "vat_treatment",
}


class ItemPrices:
    """The price of each item at hand, as it is agreed with an account about a module on a day.

    ``customer`` has the ids of the two. What is agreed is read once for all items.
    """

    def __init__(self, item: Any, customer: Any, day: Any) -> None:
        self.item = item
        self._of_item, self._of_module = (_agreements(customer, day) for _ in range(2))

    @property
    def agreements(self) -> list[Any]:
        """Whatever of agreements stands in them."""
        return [columns.item_key.table for columns in (self._of_item, self._of_module)]

    def joined(self, source: Any) -> Any:
        """Join what is agreed to a source that has the item."""
        of_item, of_module = self.agreements
        source = sa.outerjoin(source, of_item, self._of_item.item_key == self.item.key)
        return sa.outerjoin(source, of_module, self._of_module.item_key.is_(None))

    def agreed(self, name: str) -> sa.ColumnElement[Any]:
        """Give the value of an agreement that holds: that about the item, else the module's."""
        return sa.func.coalesce(self._of_item[name], self._of_module[name])

    def agreed_from(self, name: str) -> sa.ColumnElement[date | None]:
        """Give the first day of the agreement whose value holds."""
        since = f"{name}_from"
        return sa.case(
            (self._of_item[name].is_not(None), self._of_item[since]),
            else_=self._of_module[since],
        )

    @property
    def price(self) -> sa.ColumnElement[Decimal]:
        """What one costs."""
        price = sa.func.coalesce(self.agreed("unit_price"), self.item.unit_price)
        percent = self.agreed("discount_percent")
        reduced = sa.func.round(price * (1 - percent / 100), _PRICE_DECIMALS)
        return sa.func.coalesce(reduced, price, type_=sa.Numeric())

    @property
    def agreed_price(self) -> sa.ColumnElement[Decimal | None]:
        """What one costs by special agreement; null where the price list's price holds."""
        values = (self.agreed("unit_price"), self.agreed("discount_percent"))
        return sa.case((sa.func.num_nonnulls(*values) > 0, self.price))

    @property
    def values(self) -> dict[str, Any]:
        """What is agreed, by the names that it has in a row that is worked out."""
        return {
            "special_price": self.agreed("unit_price"),
            "special_price_from": self.agreed_from("unit_price"),
            "discount_percent": self.agreed("discount_percent"),
            "discount_from": self.agreed_from("discount_percent"),
            "vat_treatment": self.agreed("vat_treatment"),
            "vat_treatment_from": self.agreed_from("vat_treatment"),
            "agreed_price": self.agreed_price,
        }


def columns_of(
    model: type[Computed], values: Mapping[str, Any], row: Any
) -> Iterator[sa.ColumnElement[Any]]:
    """Give the columns of a model that is worked out: some values, the others those of a row."""
    for name in sa.inspect(model).columns.keys():  # noqa: SIM118  (a collection)
        yield (values[name] if name in values else getattr(row, name)).label(name)


def _agreements(customer: Any, day: Any) -> Any:
    """Give what is agreed on the day, a row for each item and one for the module.

    Of a kind one agreement holds for each of them, so that the largest value is the one.
    """
    row = aliased(SpecialAgreement)
    values = []
    for kind, name in _VALUES.items():
        since = sa.func.max(row.starts_on).filter(row.kind == kind.value)
        values += [sa.func.max(getattr(row, name)).label(name), since.label(f"{name}_from")]
    agreed = (
        sa.select(row.item_key, *values)
        .where(
            row.account_id == customer.account_id,
            row.module_id == customer.module_id,
            covers(row, day),
        )
        .group_by(row.item_key)
    )
    return agreed.correlate_except(row).subquery().c
