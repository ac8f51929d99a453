"""What was sent, applied to rows in memory: every fault at once, blank is absent."""

from datetime import date
from decimal import Decimal

import pytest

from portal.errors import Code, Several
from portal.models import Account, Contract
from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.viewer import Language
from portal.writing.changes import apply_changes

EMPTY = "Must not be empty."
LONG = "May have at most {most} characters."
ADDRESS = {
    "name": "Beheer Het Huisje",
    "street": "Postbus 45",
    "postal_code": "2300 AA",
    "city": "Leiden",
    "country": "NL",
}


def account(**values):
    """Give an account in memory."""
    return Account(**{"name": "De Timmerwinkel", "language": Language.NL} | values)


def contract(**values):
    """Give a contract in memory."""
    delivery = DocumentDelivery(["jan@example.nl"], DocumentDeliveryMode.LINK)
    return Contract(**{"document_delivery": delivery, "purchase_order_number": "A1"} | values)


def faults(row, changes):
    """Give the path, the code and the message of each fault."""
    with pytest.raises(Several) as refused:
        apply_changes(row, changes)
    return [
        (".".join(problem.path), problem.code, problem.message)
        for problem in refused.value.problems
    ]


def test_only_what_was_sent_is_set():
    row = account(customer_number="10001", time_zone="UTC")
    apply_changes(row, {"name": "  Timmer  "})
    assert (row.name, row.customer_number, row.language, row.time_zone) == (
        "Timmer",
        "10001",
        Language.NL,
        "UTC",
    )


def test_nothing_sent_changes_nothing():
    row = account()
    apply_changes(row, {})
    assert row.name == "De Timmerwinkel"


@pytest.mark.parametrize("blank", [None, "", "   ", "\t\n"])
def test_blank_empties_what_may_be_empty(blank):
    row = contract()
    apply_changes(row, {"purchase_order_number": blank})
    assert row.purchase_order_number is None


@pytest.mark.parametrize("blank", [None, "", "   "])
def test_blank_is_refused_where_something_must_stand(blank):
    row = account()
    assert faults(row, {"name": blank}) == [("input.name", Code.INVALID_INPUT, EMPTY)]
    assert row.name == "De Timmerwinkel"


def test_every_fault_is_told_with_its_path_and_nothing_is_set():
    row = contract()
    changes = {
        "purchase_order_number": "B2",
        "iban": "NL92ABNA0417164300",
        "billing_address": ADDRESS | {"name": " ", "city": "x" * 101, "country": "xx"},
        "document_delivery": {
            "recipients": ["piet@example.nl", "piet", "  ", "a\0b@example.nl"],
            "mode": DocumentDeliveryMode.ATTACHMENT,
        },
    }
    assert faults(row, changes) == [
        ("input.iban", Code.INVALID_INPUT, "This is not a valid IBAN."),
        ("input.billingAddress.name", Code.INVALID_INPUT, EMPTY),
        ("input.billingAddress.city", Code.INVALID_INPUT, LONG),
        (
            "input.billingAddress.country",
            Code.INVALID_INPUT,
            "Must be a country code of two letters (ISO 3166-1).",
        ),
        (
            "input.documentDelivery.recipients.1",
            Code.INVALID_INPUT,
            "This is not an e-mail address.",
        ),
        (
            "input.documentDelivery.recipients.3",
            Code.INVALID_INPUT,
            "This is not an e-mail address.",
        ),
    ]
    assert row.purchase_order_number == "A1"
    assert row.iban is None
    assert row.billing_address is None


@pytest.mark.parametrize(
    ("row", "name", "longest"),
    [
        (account(), "name", 200),
        (account(), "customer_number", 40),
        (contract(), "purchase_order_number", 50),
    ],
)
def test_a_text_has_the_length_of_its_column(row, name, longest):
    apply_changes(row, {name: f" {'é' * longest} "})
    assert getattr(row, name) == "é" * longest
    with pytest.raises(Several) as refused:
        apply_changes(row, {name: "é" * (longest + 1)})
    (problem,) = refused.value.problems
    assert (problem.message, problem.values) == (LONG, {"most": longest})


def test_letters_are_composed_before_they_are_counted():
    row = contract()
    apply_changes(row, {"purchase_order_number": "e\u0301" * 50})
    assert row.purchase_order_number == "é" * 50


def test_a_composite_is_sent_whole():
    row = contract(billing_address=Address(**ADDRESS, attention="Bestuur", extra="2e etage"))
    apply_changes(row, {"billing_address": ADDRESS | {"country": "nl", "attention": " "}})
    assert row.billing_address == Address(**ADDRESS | {"country": "NL"})
    apply_changes(row, {"billing_address": None})
    assert row.billing_address is None


def test_what_is_missing_in_a_composite_is_a_fault_of_its_own():
    assert faults(contract(), {"billing_address": {"name": "Beheer", "country": "NL"}}) == [
        ("input.billingAddress.street", Code.INVALID_INPUT, EMPTY),
        ("input.billingAddress.postalCode", Code.INVALID_INPUT, EMPTY),
        ("input.billingAddress.city", Code.INVALID_INPUT, EMPTY),
    ]


@pytest.mark.parametrize("name", ["contract_partner", "document_delivery"])
def test_a_composite_that_must_stand_cannot_be_emptied(name):
    assert [fault[2] for fault in faults(contract(), {name: None})] == [EMPTY]


def test_a_contract_partner_keeps_its_kind_and_its_optional_lines():
    row = contract()
    apply_changes(row, {"contract_partner": ADDRESS | {"kind": PartyKind.CONSUMER, "extra": "x"}})
    assert row.contract_partner == ContractPartner(
        **ADDRESS, kind=PartyKind.CONSUMER, attention=None, extra="x"
    )


def test_numbers_and_enums_are_taken_as_they_are():
    row = contract()
    terms = {
        "name": "30 dagen",
        "due_days": 0,
        "method": PaymentMethod.DIRECT_DEBIT,
        "discount_percent": Decimal("2.50"),
        "discount_days": 0,
    }
    apply_changes(row, {"deviating_payment_terms": terms, "starts_on_override": date(2020, 1, 1)})
    assert row.deviating_payment_terms == PaymentTerms(
        "30 dagen", 0, PaymentMethod.DIRECT_DEBIT, Decimal("2.50"), 0
    )
    assert row.starts_on_override == date(2020, 1, 1)


def test_a_list_is_trimmed_cleared_of_blanks_and_of_doubles_in_its_order():
    row = contract()
    given = [" B@example.nl", "", "a@example.nl", "b@EXAMPLE.nl", "  "]
    changes = {"recipients": given, "mode": DocumentDeliveryMode.LINK}
    apply_changes(row, {"document_delivery": changes})
    assert row.document_delivery == DocumentDelivery(
        ["b@example.nl", "a@example.nl"], DocumentDeliveryMode.LINK
    )


def test_a_list_has_a_greatest_length():
    given = [f"a{number}@example.nl" for number in range(21)]
    changes = {"recipients": given, "mode": DocumentDeliveryMode.LINK}
    assert faults(contract(), {"document_delivery": changes}) == [
        (
            "input.documentDelivery.recipients",
            Code.INVALID_INPUT,
            "May have at most {most} entries.",
        )
    ]
    apply_changes(contract(), {"document_delivery": changes | {"recipients": given[:20]}})
