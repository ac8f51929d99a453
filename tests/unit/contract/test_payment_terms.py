"""Payment terms that an invoice can state."""

from decimal import Decimal

import pytest

from portal.errors import Code, Several
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms, check_payment_terms

DAYS = "Must be from 0 to {most} days."
BOTH = "A discount needs both a percentage and its days."
PERCENT = "Must be above 0 and below 100 per cent, with two decimals at most."
LATER = "A discount ends no later than the invoice falls due."


def terms(due_days=30, percent=None, days=None):
    """Give terms; the percentage as text."""
    discount = Decimal(percent) if percent is not None else None
    return PaymentTerms("Agreed", due_days, PaymentMethod.TRANSFER, discount, days)


@pytest.mark.parametrize(
    "given",
    [
        terms(0),
        terms(120),
        terms(30, "2", 10),
        terms(30, "0.01", 0),
        terms(30, "99.99", 30),
        terms(30, "2.5000", 10),
        terms(0, "2", 0),
    ],
)
def test_terms_within_their_limits_hold(given):
    check_payment_terms(given)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (terms(-1), [("dueDays", DAYS)]),
        (terms(121), [("dueDays", DAYS)]),
        (terms(30, "2"), [("discountDays", BOTH)]),
        (terms(30, days=10), [("discountPercent", BOTH)]),
        (terms(30, "0", 10), [("discountPercent", PERCENT)]),
        (terms(30, "-1", 10), [("discountPercent", PERCENT)]),
        (terms(30, "100", 10), [("discountPercent", PERCENT)]),
        (terms(30, "2.005", 10), [("discountPercent", PERCENT)]),
        (terms(30, "2", 31), [("discountDays", LATER)]),
        (terms(30, "2", -1), [("discountDays", LATER)]),
        (terms(30, "0", 31), [("discountPercent", PERCENT), ("discountDays", LATER)]),
        (
            terms(121, "100", 122),
            [("dueDays", DAYS), ("discountPercent", PERCENT), ("discountDays", LATER)],
        ),
        (terms(121, "2"), [("dueDays", DAYS), ("discountDays", BOTH)]),
    ],
)
def test_every_fault_of_other_terms_is_told_with_its_path(given, faults):
    with pytest.raises(Several) as refused:
        check_payment_terms(given)
    told = [(problem.path, problem.message) for problem in refused.value.problems]
    assert told == [((name,), message) for name, message in faults]
    assert {problem.code for problem in refused.value.problems} == {Code.INVALID_INPUT}
