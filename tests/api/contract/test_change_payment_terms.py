"""changePaymentTerms: terms that deviate from the general ones, by managers."""

import pytest

from tests.world import Kind
from tests.writing import problem, refusal

MUTATION = "changePaymentTerms"
SHAPE = "{ name dueDays method discountPercent discountDays }"
FIELDS = f"version paymentTerms {{ general {SHAPE} deviating {SHAPE} effective {SHAPE} }}"
TERMS = {"name": " 60 dagen ", "dueDays": 60, "method": "DIRECT_DEBIT"}
SHOWN = {
    "name": "60 dagen",
    "dueDays": 60,
    "method": "DIRECT_DEBIT",
    "discountPercent": None,
    "discountDays": None,
}


def shown(terms):
    """Give terms of the world as the API shows them."""
    return {
        "name": terms.name,
        "dueDays": 30,
        "method": "TRANSFER",
        "discountPercent": "2.50",
        "discountDays": 8,
    }


async def test_a_manager_lets_the_terms_deviate(writer):
    contract = writer.world.own.contract
    general, old = contract.general_payment_terms, contract.deviating_payment_terms
    before = await writer.rows()
    given = {"deviatingPaymentTerms": TERMS, "reason": "Afgesproken."}
    assert await writer.change(MUTATION, Kind.MANAGER, given, FIELDS) == {
        "__typename": "Contract",
        "version": 2,
        "paymentTerms": {"general": shown(general), "deviating": SHOWN, "effective": SHOWN},
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {
            "version": 2,
            "deviating_payment_terms_name": "60 dagen",
            "deviating_payment_terms_due_days": 60,
            "deviating_payment_terms_method": "DIRECT_DEBIT",
            "deviating_payment_terms_discount_percent": None,
            "deviating_payment_terms_discount_days": None,
        },
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["reason"]) == (3, MUTATION, "Afgesproken.")
    assert entry["values"] == [["Contract.deviatingPaymentTerms", shown(old), SHOWN]]


async def test_without_deviating_terms_the_general_ones_apply_again(writer):
    general = shown(writer.world.own.contract.general_payment_terms)
    answer = await writer.change(MUTATION, Kind.MANAGER, {"deviatingPaymentTerms": None}, FIELDS)
    assert answer == {
        "__typename": "Contract",
        "version": 2,
        "paymentTerms": {"general": general, "deviating": None, "effective": general},
    }
    (entry,) = await writer.entries()
    ((field, _, after),) = entry["values"]
    assert (field, after) == ("Contract.deviatingPaymentTerms", None)


@pytest.mark.parametrize(
    ("discount", "percent", "days"),
    [
        ({"discountPercent": "0.01", "discountDays": 0}, "0.01", 0),
        ({"discountPercent": "99.99", "discountDays": 60}, "99.99", 60),
        ({"discountPercent": "2.500000", "discountDays": 8}, "2.50", 8),
        ({"discountPercent": 3, "discountDays": 8}, "3.00", 8),
    ],
)
async def test_a_discount_is_exact(writer, discount, percent, days):
    given = {"deviatingPaymentTerms": TERMS | discount}
    answer = await writer.change(MUTATION, Kind.MANAGER, given, FIELDS)
    expected = SHOWN | {"discountPercent": percent, "discountDays": days}
    assert answer["paymentTerms"]["effective"] == expected
    (entry,) = await writer.entries()
    assert entry["values"][0][2] == expected


DAYS = "Must be from 0 to 120 days."
BOTH = "A discount needs both a percentage and its days."
PERCENT = "Must be above 0 and below 100 per cent, with two decimals at most."
LATER = "A discount ends no later than the invoice falls due."


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"dueDays": 121}, [("dueDays", DAYS)]),
        ({"dueDays": -1}, [("dueDays", DAYS)]),
        ({"dueDays": 2**31 - 1}, [("dueDays", DAYS)]),
        ({"discountPercent": "2"}, [("discountDays", BOTH)]),
        ({"discountDays": 2}, [("discountPercent", BOTH)]),
        ({"discountPercent": "100", "discountDays": 2}, [("discountPercent", PERCENT)]),
        (
            {"discountPercent": "99999999999999.999999", "discountDays": 61},
            [("discountPercent", PERCENT), ("discountDays", LATER)],
        ),
        (
            {"name": "", "dueDays": 121, "discountPercent": "0", "discountDays": 122},
            [
                ("name", "Must not be empty."),
                ("dueDays", DAYS),
                ("discountPercent", PERCENT),
                ("discountDays", LATER),
            ],
        ),
        ({"name": "x" * 101}, [("name", "May have at most 100 characters.")]),
    ],
)
@pytest.mark.reads
async def test_every_fault_of_the_terms_is_told(writer, changed, problems):
    before = await writer.fingerprint()
    given = {"deviatingPaymentTerms": TERMS | changed}
    assert await writer.change(MUTATION, Kind.MANAGER, given) == refusal(
        *(
            problem("INVALID_INPUT", f"input.deviatingPaymentTerms.{name}", message)
            for name, message in problems
        )
    )
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_terms_left_out_are_not_terms_emptied(writer):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, {}) == refusal(
        problem(
            "INVALID_INPUT",
            "input.deviatingPaymentTerms",
            "Give the terms, or none to let the general ones apply.",
        )
    )
    assert await writer.fingerprint() == before
