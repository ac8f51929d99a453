"""What an item of a price list has to say: every fault is told, with its path."""

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.errors import PortalError
from portal.rules.catalogue.item import ItemFacts, check_item, places_taken
from portal.rules.catalogue.terms import EndingDay, Term, TermUnit, VatCategory

ITEM = ItemFacts(
    key="BASE",
    is_additional_option=False,
    unit_code="MON",
    unit_price=Decimal("12.345678"),
    vat_category=VatCategory.STANDARD,
    vat_exemption_code=None,
    vat_exemption_text=None,
    notice_period=None,
    ending_day=None,
)
OPTION = replace(
    ITEM,
    is_additional_option=True,
    notice_period=Term(0, TermUnit.DAYS),
    ending_day=EndingDay.ANY_DAY,
)
EXEMPT = replace(ITEM, vat_category=VatCategory.EXEMPT, vat_exemption_text="Exempt")


@pytest.mark.parametrize(
    "item",
    [
        ITEM,
        replace(ITEM, key="a.b-c_1", unit_price=Decimal(-10_000_000)),
        OPTION,
        replace(OPTION, notice_period=None, ending_day=None),
        EXEMPT,
        replace(EXEMPT, vat_exemption_code="VATEX-EU-132-1A", vat_exemption_text=None),
    ],
)
def test_what_can_be_charged_is_taken(item):
    check_item(item)


@pytest.mark.parametrize(
    ("item", "paths"),
    [
        (replace(ITEM, key="", unit_code="MONTH"), ["key", "unitCode"]),
        (replace(ITEM, key="_A"), ["key"]),
        (replace(ITEM, key="A" * 61), ["key"]),
        (replace(ITEM, unit_price=Decimal("NaN")), ["unitPrice"]),
        (replace(ITEM, unit_price=Decimal("-Infinity")), ["unitPrice"]),
        (replace(ITEM, unit_price=Decimal("10000000.01")), ["unitPrice"]),
        (replace(ITEM, unit_price=Decimal("0.0000001")), ["unitPrice"]),
        (replace(ITEM, vat_exemption_code="VATEX-EU-132"), ["vatExemptionCode"]),
        (replace(ITEM, vat_exemption_text="Exempt"), ["vatExemptionText"]),
        (replace(EXEMPT, vat_exemption_text=None), ["vatExemptionCode"]),
        (replace(EXEMPT, vat_exemption_code="132"), ["vatExemptionCode"]),
        (replace(OPTION, ending_day=None), ["endingDay"]),
        (replace(OPTION, notice_period=None), ["noticePeriod"]),
        (replace(OPTION, is_additional_option=False), ["noticePeriod"]),
        (replace(OPTION, notice_period=Term(-1, TermUnit.WEEKS)), ["noticePeriod"]),
        (replace(OPTION, notice_period=Term(1_201, TermUnit.MONTHS)), ["noticePeriod"]),
        (replace(OPTION, ending_day=EndingDay.END_OF_TERM), ["endingDay"]),
    ],
)
def test_what_cannot_be_charged_is_refused(item, paths):
    with pytest.raises(PortalError) as refused:
        check_item(item)
    assert [list(one.path) for one in refused.value.problems] == [[path] for path in paths]


def test_of_what_has_a_fault_already_no_other_is_told():
    wrong = replace(ITEM, key="", unit_code="", unit_price=Decimal("NaN"), vat_exemption_text="X")
    with pytest.raises(PortalError) as refused:
        check_item(wrong, {"key", "vat_category"})
    assert [list(one.path) for one in refused.value.problems] == [["unitCode"], ["unitPrice"]]


def test_of_two_alike_keys_the_second_is_taken():
    assert places_taken("abcdef", ["BASE", "Seat", "base", "", "SEAT", ""]) == ["c", "e"]
