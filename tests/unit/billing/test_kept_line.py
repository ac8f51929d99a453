"""Why a line costs what it costs is read as it was kept."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from portal.rules.billing.kept_line import cost_line, kept
from portal.rules.catalogue.terms import BillingMode
from portal.rules.modules.cost import CostLine

LINE = CostLine(
    key="BASE",
    billing_mode=BillingMode.MONTHLY_IN_ADVANCE,
    is_additional_option=False,
    quantity=1,
    quantity_from=None,
    unit_price=Decimal("5.000000"),
    price_from=date(2026, 1, 1),
)


def test_it_is_read_as_it_was_kept() -> None:
    counted = replace(LINE, quantity=2, quantity_from=date(2026, 2, 1))
    for line in (LINE, counted):
        assert cost_line(kept(line)) == line
