"""What may be credited by hand, and what is issued again; what a run makes of lines waived."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Conflict, NotFound, RuleBroken
from portal.rules.billing.by_hand import InvoiceLine, Wanted, credited, repeated
from portal.rules.billing.draft import Quantity, Written
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.vat import TaxCategory, VatGroup
from tests.billing import Books, item, period, source

FIRST, MAY_10 = date(2026, 5, 1), date(2026, 5, 10)
GROUP = VatGroup(TaxCategory.S, Decimal(21))
WORDS = Written("Module", "Item", "BASE", "month", "MON", FIRST, date(2026, 5, 31))
ONE = Decimal(1)


def line(position: int, net: str, left: str, waived: str = "0.00") -> InvoiceLine:
    amount = Decimal(net)
    quantity = Quantity(ONE, ONE, amount)
    return InvoiceLine(
        WORDS, position, quantity, amount, GROUP, None, Decimal(left), Decimal(waived)
    )


def amounts(lines) -> list[tuple[int | None, str]]:
    return [(one.corrects_position, str(one.net)) for one in lines]


def test_without_a_line_all_that_is_left_is_credited():
    lines = [line(1, "30.00", "30.00"), line(2, "5.00", "0.00"), line(3, "9.00", "4.00")]
    found = credited(lines, [])
    assert amounts(found) == [(1, "30.00"), (3, "4.00")]
    # The whole line reads as it stood; a part of one is one of its amount.
    assert found[0].quantity == Quantity(ONE, ONE, Decimal("30.00"))
    assert found[1].quantity == Quantity(ONE, ONE, Decimal("4.00"), "C62")
    assert amounts(credited(lines, [Wanted(3), Wanted(1, Decimal("0.01"))])) == [
        (3, "4.00"), (1, "0.01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ([Wanted(4)], NotFound),
        ([Wanted(1), Wanted(1)], NotFound),
        ([Wanted(2)], RuleBroken),
        ([Wanted(1, Decimal("30.01"))], RuleBroken),
        ([Wanted(1, Decimal(0))], RuleBroken),
        ([Wanted(1, Decimal("0.001"))], RuleBroken),
    ],
)
def test_no_more_than_is_left_is_credited(wanted, error):
    with pytest.raises(error):
        credited([line(1, "30.00", "30.00"), line(2, "5.00", "0.00")], wanted)


def test_what_was_credited_whole_is_credited_no_more():
    gone = [line(1, "30.00", "0.00", "30.00"), line(2, "5.00", "0.00")]
    with pytest.raises(Conflict):
        credited(gone, [])
    assert amounts(repeated(gone)) == [(1, "30.00")]
    assert amounts(repeated([line(1, "30.00", "20.00", "10.00"), *gone])) == [(1, "20.00")]
    with pytest.raises(Conflict):
        repeated([line(2, "5.00", "0.00")])


def test_what_was_waived_counts_as_billed():
    books, runs = Books(), [source(period(FIRST, None, item("31.00")))]
    books.run(runs, FIRST)
    books.credit(0, Decimal("0.5"))
    assert books.run(runs, FIRST) == []
    ends = [source(period(FIRST, MAY_10, item("31.00")))]
    # 10.00 remain due and 15.50 were waived: what is left goes back, and the rest of the waiver.
    (note,) = books.run(ends, FIRST)
    assert (note.kind, note.net) == (DocumentKind.CREDIT_NOTE, Decimal("15.50"))
    assert (books.net, books.waived) == (Decimal("0.00"), Decimal("10.00"))
    assert books.run(ends, FIRST) == []


def test_a_line_that_was_waived_whole_keeps_its_days():
    books, dear = Books(), [source(period(FIRST, None, item("62.00")))]
    books.run([source(period(FIRST, None, item("31.00")))], FIRST)
    books.credit(0, Decimal(1))
    assert books.run(dear, FIRST) == []
    assert books.run([source(period(FIRST, MAY_10, item("31.00")))], FIRST) == []
    (june,) = books.run(dear, date(2026, 6, 1))
    assert june.net == Decimal("62.00")
