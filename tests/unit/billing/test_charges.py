"""What is billed, and credited, for known cases of other products and of the law."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.rules.billing.charge import charges
from portal.rules.billing.number import DocumentKind
from portal.rules.catalogue.terms import BillingMode
from portal.rules.modules.cost import Agreed, Count
from portal.rules.modules.special_agreement import AgreementKind
from tests.billing import BY_CALENDAR, Books, item, period, source

QUARTERLY, YEARLY = BillingMode.QUARTERLY_IN_ADVANCE, BillingMode.YEARLY_IN_ADVANCE
ARREARS, AT_ONCE = BillingMode.MONTHLY, BillingMode.AT_ONCE


def amounts(books: Books) -> list[tuple[str, str]]:
    return [(one.kind.value, str(one.net)) for one in books.drafts]


def test_a_module_that_ends_on_its_second_day_gets_the_rest_of_its_month_back() -> None:
    books = Books()
    first = date(2012, 3, 2)
    books.run([source(period(first, None, item("249.95")))], first)
    books.run([source(period(first, date(2012, 3, 3), item("249.95")))], date(2012, 3, 3))
    assert amounts(books) == [("INVOICE", "249.95"), ("CREDIT_NOTE", "233.82")]
    line = books.drafts[1].lines[0]
    assert line.share == (29, 31)
    assert (line.quantity.quantity, line.quantity.base_quantity) == (29, 31)
    assert str(books.net) == "16.13"


@pytest.mark.parametrize(
    ("price", "mode", "first", "last", "net"),
    [
        ("249.95", BillingMode.MONTHLY_IN_ADVANCE, date(2024, 4, 1), date(2024, 4, 27), "224.96"),
        ("910.00", QUARTERLY, date(2024, 5, 20), date(2024, 6, 20), "320.00"),
        ("1188.00", YEARLY, date(2024, 5, 3), date(2024, 12, 31), "788.75"),
        ("50.00", BillingMode.MONTHLY_IN_ADVANCE, date(2023, 2, 8), date(2023, 2, 28), "37.50"),
        ("50.00", ARREARS, date(2023, 2, 8), date(2023, 2, 28), "37.50"),
    ],
)
def test_a_part_of_a_calendar_period_costs_its_share(
    price: str, mode: BillingMode, first: date, last: date, net: str
) -> None:
    of = source(period(first, last, item(price, mode, basis=BY_CALENDAR)))
    (charge,) = charges([of], date(2025, 6, 1))
    assert (str(charge.net), charge.first_day, charge.last_day) == (net, first, last)


def test_another_tariff_in_the_middle_of_a_month_credits_and_charges_the_rest() -> None:
    first = date(2024, 4, 1)
    books = Books()
    books.run([source(period(first, None, item(100)))], first)
    changed = source(
        period(first, date(2024, 4, 15), item(100)),
        period(date(2024, 4, 16), None, item(300), tariff=2),
    )
    books.run([changed], date(2024, 4, 16))
    assert amounts(books) == [
        ("INVOICE", "100.00"), ("CREDIT_NOTE", "50.00"), ("INVOICE", "150.00"),
    ]  # fmt: skip
    # A change that is withdrawn gives all of it back.
    books.run([source(period(first, None, item(100)))], date(2024, 4, 16))
    assert str(books.net) == "100.00"


def test_a_price_agreed_for_days_that_are_billed_is_a_difference() -> None:
    first = date(2024, 4, 1)
    books = Books()
    books.run([source(period(first, None, item(100)))], first)

    def agreed(price: int) -> Agreed:
        return Agreed(AgreementKind.UNIT_PRICE, None, first, unit_price=Decimal(price))

    for price in (130, 90):
        of = source(period(first, None, item(100)), agreements=[agreed(price)])
        books.run([of], first)
    assert [(kind, net) for kind, net in amounts(books)] == [
        ("INVOICE", "100.00"), ("INVOICE", "30.00"), ("CREDIT_NOTE", "30.00"),
        ("CREDIT_NOTE", "10.00"),
    ]  # fmt: skip
    assert books.drafts[1].lines[0].about.is_correction


@pytest.mark.parametrize(
    ("mode", "basis", "days"),
    [
        (ARREARS, None, [("2024-01-31", "2024-02-29", "2024-03-01")]),
        (BillingMode.MONTHLY_IN_ADVANCE, None, [
            ("2024-01-31", "2024-02-29", "2024-01-31"), ("2024-03-01", "2024-03-30", "2024-03-01"),
        ]),
        (QUARTERLY, None, [("2024-01-31", "2024-04-30", "2024-01-31")]),
        (YEARLY, None, [("2024-01-31", "2025-01-30", "2024-01-31")]),
        (YEARLY, BY_CALENDAR, [("2024-01-31", "2024-12-31", "2024-01-31")]),
        (ARREARS, BY_CALENDAR, [
            ("2024-01-31", "2024-01-31", "2024-02-01"), ("2024-02-01", "2024-02-29", "2024-03-01"),
        ]),
        (AT_ONCE, None, [("2024-01-31", "2024-01-31", "2024-01-31")]),
        (BillingMode.PER_USE, None, []),
    ],
)  # fmt: skip
def test_each_mode_is_due_on_its_day(mode: BillingMode, basis, days) -> None:
    priced = replace(item(10, mode), billing_basis=basis or item(1).billing_basis)
    found = charges([source(period(date(2024, 1, 31), None, priced))], date(2024, 3, 1))
    assert [(str(c.first_day), str(c.last_day), str(c.due_on)) for c in found] == days


def test_what_ends_in_arrears_is_due_on_the_day_after() -> None:
    of = source(period(date(2024, 1, 1), date(2024, 1, 10), item("31.00", ARREARS)))
    assert charges([of], date(2024, 1, 10)) == []
    (charge,) = charges([of], date(2024, 1, 11))
    assert str(charge.net) == "10.00"


def test_periods_go_on_through_a_change_of_tariff_and_what_costs_once_is_billed_again() -> None:
    of = source(
        period(date(2024, 1, 10), date(2024, 2, 14), item(31), item(5, AT_ONCE, key="SETUP")),
        period(date(2024, 2, 15), None, item(29), item(7, AT_ONCE, key="SETUP"), tariff=2),
    )
    found = charges([of], date(2024, 3, 10))
    assert [(c.item.key, str(c.first_day), str(c.last_day), str(c.net)) for c in found] == [
        ("BASE", "2024-01-10", "2024-02-09", "31.00"),
        ("SETUP", "2024-01-10", "2024-01-10", "5.00"),
        ("BASE", "2024-02-10", "2024-02-14", "5.34"),
        ("BASE", "2024-02-15", "2024-03-09", "24.00"),
        ("SETUP", "2024-02-15", "2024-02-15", "7.00"),
        ("BASE", "2024-03-10", "2024-04-09", "29.00"),
    ]


def test_quantities_and_options_cut_a_period_and_options_count_their_own() -> None:
    first = date(2024, 6, 1)
    option = item(20, key="EXTRA", is_option=True)
    of = source(
        period(first, None, item(3, ARREARS), option),
        quantities=[Count("BASE", 4, date(2024, 6, 11), date(2024, 6, 20))],
        options=[Count("EXTRA", 2, date(2024, 6, 15), date(2024, 7, 14))],
    )
    found = charges([of], date(2024, 7, 1))
    assert [(c.item.key, c.first_day.day, c.last_day.day, c.line.quantity, str(c.net))
            for c in found] == [
        ("BASE", 1, 10, 1, "1.00"), ("BASE", 11, 20, 4, "4.00"), ("EXTRA", 15, 14, 2, "40.00"),
        ("BASE", 21, 30, 1, "1.00"),
    ]  # fmt: skip


def test_what_does_not_change_the_cost_cuts_nothing() -> None:
    first = date(2024, 6, 1)
    agreed = Agreed(AgreementKind.DISCOUNT, "OTHER", date(2024, 6, 9), discount_percent=Decimal(5))
    of = source(period(first, None, item(30), item(1, key="OTHER")), agreements=[agreed])
    found = [one for one in charges([of], first) if one.item.key == "BASE"]
    assert [(one.first_day.day, one.last_day.day) for one in found] == [(1, 30)]


def test_what_was_due_before_billing_began_is_nobodys() -> None:
    of = source(period(date(2024, 1, 1), None, item(30)))
    books = Books()
    books.run([of], date(2024, 3, 15), since=date(2024, 2, 2))
    assert [(line.about.first_day, str(line.net)) for line in books.drafts[0].lines] == [
        (date(2024, 3, 1), "30.00")
    ]


def test_an_earlier_day_credits_nothing_of_what_is_billed_ahead() -> None:
    of = source(period(date(2024, 1, 1), None, item(30)))
    books = Books()
    books.run([of], date(2024, 6, 1))
    assert books.run([of], date(2024, 2, 1)) == []
    assert books.run([of], date(2024, 6, 1)) == []


def test_a_module_that_is_no_more_gets_everything_back() -> None:
    books = Books()
    books.run([source(period(date(2024, 1, 1), None, item(30)))], date(2024, 2, 1))
    (note,) = books.run([], date(2024, 2, 1))
    assert (note.kind, str(note.gross), len(note.lines)) == (DocumentKind.CREDIT_NOTE, "72.60", 2)
    assert books.billed == []
    assert books.run([], date(2024, 2, 1)) == []


def test_lines_that_come_to_nothing_wait_for_others() -> None:
    first = date(2024, 1, 1)
    of = source(period(first, None, item(5, AT_ONCE, key="A"), item(-5, AT_ONCE, key="B")))
    books = Books()
    assert books.run([of], first) == []
    more = source(
        period(first, None, item(5, AT_ONCE, key="A"), item(-5, AT_ONCE, key="B"), item(8))
    )
    (invoice,) = books.run([more], first)
    assert (len(invoice.lines), str(invoice.net)) == (3, "8.00")
