"""Whatever changes between the runs: what was billed, less what was credited, is what should be."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.rules.billing.charge import Source, charges, foreseen
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.total import NONE, Sum, key_of
from portal.rules.catalogue.terms import BillingBasis, BillingMode, VatCategory
from portal.rules.modules.cost import Agreed, Count, PricedItem
from portal.rules.modules.special_agreement import AgreementKind
from tests.billing import Books, item, period, source

FIRST = date(2024, 1, 31)
LAST = 200
KEYS = ("BASE", "SEAT")
PRICES = st.decimals("0.01", 500, places=2) | st.decimals(0, 1, places=6)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def items(draw: st.DrawFn) -> list[PricedItem]:
    return [
        item(
            draw(PRICES),
            draw(st.sampled_from(BillingMode)),
            key=key,
            basis=draw(st.sampled_from(BillingBasis)),
            vat=draw(st.sampled_from(VatCategory)),
        )
        for key in KEYS[: draw(st.integers(1, 2))]
    ]


@st.composite
def sources(draw: st.DrawFn) -> list[Source]:
    """Draw a module as it may stand on some day: tariffs, quantities, and what is agreed."""
    turns = [0, *sorted(draw(st.sets(st.integers(1, LAST), max_size=2)))]
    ends = [*(turn - 1 for turn in turns[1:]), draw(st.none() | st.integers(turns[-1], LAST + 9))]
    periods = [
        period(day(first), None if last is None else day(last), *draw(items()), tariff=number)
        for number, (first, last) in enumerate(zip(turns, ends, strict=True))
    ]
    counts = [
        Count(key, draw(st.integers(2, 9)), day(draw(st.integers(0, LAST)))) for key in KEYS
        if draw(st.booleans())
    ]  # fmt: skip
    agreements = [
        Agreed(AgreementKind.DISCOUNT, None, day(first), day(first + length), None, percent)
        for first, length, percent in draw(
            st.lists(
                st.tuples(st.integers(0, LAST), st.integers(0, 60), st.decimals(1, 99, places=2)),
                max_size=1,
            )
        )
    ]
    return [source(*periods, quantities=counts, agreements=agreements)]


RUNS = st.lists(st.tuples(sources(), st.integers(0, LAST)), min_size=1, max_size=5)
SHARES = st.none() | st.decimals("0.01", 1, places=2)


@given(RUNS, sources())
def test_what_is_billed_is_what_should_be(runs, last: list[Source]) -> None:
    books = Books()
    until = day(LAST + 400)
    for of, number in sorted(runs, key=lambda run: run[1]):
        books.run(of, day(number))
        assert books.run(of, day(number)) == []
        _check(books)
    books.run(last, until)
    _check(books)
    assert books.net == sum((one.net for one in charges(last, until)), Decimal("0.00"))


@given(RUNS, st.lists(st.tuples(st.integers(0, 9), SHARES), min_size=1, max_size=5))
def test_what_is_credited_by_hand_is_not_billed_again(runs, credits) -> None:
    books, last = Books(), day(LAST + 400)
    runs.sort(key=lambda run: run[1])
    for (of, number), (place, share) in zip(runs, credits, strict=False):
        books.run(of, day(number))
        if share is not None:
            books.credit(place, share)
        assert books.run(of, day(number)) == []
        _check(books)
    of, number = runs[-1]
    books.run(of, last)
    _check(books)
    assert books.run(of, last) == []
    due = sum((one.net for one in charges(of, last)), Decimal("0.00"))
    # A line that was waived whole keeps its days, whatever they would cost by now.
    assert books.net <= due
    if not books.waived:
        assert books.net == due


@given(sources(), st.integers(0, LAST), st.integers(0, LAST))
def test_what_is_over_need_not_be_foreseen(of, first: int, number: int) -> None:
    since, until = day(first + 500), day(first + 500 + number)
    late = [one for one in foreseen(of, until) if one.last_day >= since or one.due_on >= since]
    found = foreseen(of, until, since)
    assert [one for one in found if one.last_day >= since or one.due_on >= since] == late


def _check(books: Books) -> None:
    spans = defaultdict(list)
    for row in books.billed:
        if not row.is_correction:
            spans[row.key].append((row.first_day, row.last_day))
    for of_key in spans.values():
        assert all(before[1] < after[0] for before, after in pairwise(sorted(of_key)))
    assert sum((row.left for row in books.billed), Decimal("0.00")) == books.net
    for issued in books.issued.values():
        for key, whole in issued.invoiced.items():
            credited = issued.credited.get(key, NONE)
            assert NONE.net <= credited.net <= whole.net
            assert credited.net != whole.net or credited == whole
    for draft in books.drafts:
        assert draft.gross > 0
        assert sum((line.net for line in draft.lines), Decimal("0.00")) == draft.net
        for line in draft.lines:
            quantity = line.quantity
            amount = quantity.quantity * quantity.unit_price / quantity.base_quantity
            assert round(amount + Decimal("1e-9"), 2) == line.net
        sums = {key_of(one.group): Sum(one.net, one.vat) for one in draft.groups}
        if draft.kind is DocumentKind.INVOICE:
            assert all(abs(one.vat - one.net * key[1] / 100) <= Decimal("0.005")
                       for key, one in sums.items())  # fmt: skip
