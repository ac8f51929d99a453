"""What a line may be that somebody writes, and what it costs."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import InvalidInput, RuleBroken
from portal.rules.billing.manual_charge import ManualLine, net_of
from portal.rules.catalogue.terms import VatCategory

DAY = date(2026, 5, 5)
ITEM = {"item_key": "BASE"}
WORDS = {"text": "Two hours", "unit_price": Decimal(80), "vat_category": VatCategory.STANDARD}


@pytest.mark.parametrize("given", [ITEM, ITEM | {"unit_price": Decimal("0.000001")}, WORDS])
def test_an_item_or_words_with_a_price_are_a_line(given):
    ManualLine(Decimal(2), DAY, DAY, **given).check()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, InvalidInput),
        (ITEM | WORDS, InvalidInput),
        (WORDS | {"unit_price": None}, InvalidInput),
        (WORDS | {"vat_category": None}, InvalidInput),
        (WORDS | {"unit_code": "XXX"}, InvalidInput),
        (WORDS | {"unit_price": Decimal(0)}, InvalidInput),
        (WORDS | {"unit_price": Decimal("1.0000001")}, InvalidInput),
        (ITEM | {"quantity": Decimal(1_000_001)}, InvalidInput),
        (ITEM | {"last_day": date(2026, 5, 4)}, RuleBroken),
        (ITEM | {"last_day": date(2200, 1, 1)}, InvalidInput),
    ],
)
def test_others_are_refused(given, error):
    values = {"quantity": Decimal(1), "first_day": DAY, "last_day": DAY} | given
    with pytest.raises(error):
        ManualLine(**values).check()


def test_a_line_is_rounded_once_and_comes_to_something():
    assert net_of(Decimal(1234), Decimal("0.0125")) == Decimal("15.43")
    assert net_of(Decimal("0.5"), Decimal("0.01")) == Decimal("0.01")
    with pytest.raises(RuleBroken):
        net_of(Decimal("0.4"), Decimal("0.01"))
