"""When prices rise, how soon, and who may cancel for it."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import RuleBroken
from portal.rules.address import PartyKind
from portal.rules.catalogue.price_rise import (
    Charge,
    RisePolicy,
    SpecialRight,
    check_days,
    check_rise,
    dearer_keys,
)
from portal.rules.catalogue.terms import BillingMode
from tests.saying import sentence

TODAY = date(2026, 3, 10)
BUSINESS, CONSUMER = PartyKind.BUSINESS, PartyKind.CONSUMER
MONTHLY, YEARLY = BillingMode.MONTHLY, BillingMode.YEARLY_IN_ADVANCE
USE, ONCE = BillingMode.PER_USE, BillingMode.AT_ONCE


def charge(price, mode=MONTHLY, key="BASE"):
    return Charge(key, Decimal(price), mode)


@pytest.mark.parametrize(
    ("before", "after", "dearer"),
    [
        pytest.param([charge("10")], [charge("10")], [], id="the same"),
        pytest.param([charge("10")], [charge("10.01")], ["BASE"], id="dearer"),
        pytest.param([charge("10")], [charge("9.99")], [], id="cheaper"),
        pytest.param([charge("10")], [charge("120", YEARLY)], [], id="the same by year"),
        pytest.param([charge("120", YEARLY)], [charge("10.000001")], ["BASE"], id="dearer by year"),
        pytest.param([charge("1", USE)], [charge("1.000001", USE)], ["BASE"], id="dearer by use"),
        pytest.param([charge("10")], [charge("1", USE)], ["BASE"], id="charged by use now"),
        pytest.param([charge("1", USE)], [charge("0.01")], ["BASE"], id="charged by month now"),
        pytest.param([charge("10", ONCE)], [charge("99", ONCE)], [], id="charged already"),
        pytest.param([], [charge("1")], ["BASE"], id="new"),
        pytest.param([], [charge("1", ONCE)], [], id="new and charged at once"),
        pytest.param([charge("1")], [], [], id="gone"),
        pytest.param([charge("-1")], [], ["BASE"], id="a rebate that is gone"),
        pytest.param(
            [charge("5", key="B"), charge("5", key="A")],
            [charge("6", key="B"), charge("6", key="A")],
            ["A", "B"],
            id="two of them",
        ),
    ],
)
def test_what_is_dearer(before, after, dearer):
    assert dearer_keys(before, after) == dearer


@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        ({BUSINESS}, date(2026, 3, 10)),
        ({CONSUMER}, date(2026, 4, 9)),
        ({BUSINESS, CONSUMER}, date(2026, 4, 9)),
        (set(), TODAY),
    ],
)
def test_from_when_a_rise_may_reach_whom(kinds, first):
    assert RisePolicy(30, 0).first_day(TODAY, kinds) == first


def test_a_rise_too_soon_is_refused_with_the_first_possible_day():
    check_rise(date(2026, 4, 9), date(2026, 4, 9))
    with pytest.raises(RuleBroken) as refused:
        check_rise(date(2026, 4, 8), date(2026, 4, 9))
    assert refused.value.path == ("validFromForExisting",)
    assert sentence(refused.value) == (
        "Prices rise by it, and a rise reaches existing customers from 9 April 2026 on at the"
        " earliest."
    )


@pytest.mark.parametrize(
    ("valid_from", "for_existing", "path"),
    [
        (date(2026, 3, 9), date(2026, 5, 1), "validFrom"),
        (TODAY, date(2026, 3, 9), "validFromForExisting"),
    ],
)
def test_days_that_no_version_can_have(valid_from, for_existing, path):
    with pytest.raises(RuleBroken) as refused:
        check_days(valid_from, for_existing, TODAY)
    assert refused.value.path == (path,)


def test_a_version_may_begin_today_for_everybody():
    check_days(TODAY, TODAY, TODAY)


@pytest.mark.parametrize(
    ("right", "protected"),
    [
        (SpecialRight.CONSUMERS, [CONSUMER]),
        (SpecialRight.EVERYONE, [BUSINESS, CONSUMER]),
        (SpecialRight.NOBODY, []),
    ],
)
def test_whom_the_special_right_protects(right, protected):
    assert [kind for kind in (BUSINESS, CONSUMER) if right.protects(kind)] == protected
