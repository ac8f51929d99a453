"""Electronic invoices keep the official rules, which are asked themselves."""

from copy import deepcopy
from typing import Any

import pytest

from portal.printing.cii import cii
from portal.printing.einvoice import (
    EInvoiceProblem,
    Profile,
    problems_of_cii,
    problems_of_ubl,
    profile_of,
)
from portal.printing.ubl import ubl
from tests.official import EN16931_CII, EN16931_UBL, FACTUR_X, PEPPOL, XRECHNUNG, broken
from tests.printed import BUYER, GERMAN, KINDS, SELLER, says


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_keeps_the_rules(kind: str) -> None:
    document = KINDS[kind]
    national = XRECHNUNG if kind == "reversed" else PEPPOL
    assert problems_of_ubl(document) == []
    assert broken(ubl(document), EN16931_UBL, national) == []
    assert broken(cii(document), EN16931_CII, FACTUR_X) == []


def test_amounts_are_those_of_the_document() -> None:
    """Mixed rates, days of a period, a price below a cent."""
    document = KINDS["mixed"]
    assert (document["net"], document["vat"], document["gross"]) == ("363.78", "69.74", "433.52")
    for written in (ubl(document), cii(document)):
        for amount in ("363.78", "64.74", "5.00", "433.52", "42.90", "15.43", "0.0125"):
            assert f">{amount}<".encode() in written


@pytest.mark.parametrize(
    ("name", "amount", "off", "rules"),
    [
        ("PayableAmount", "433.52", "433.53", ["BR-CO-16"]),
        ("TaxInclusiveAmount", "433.52", "433.53", ["BR-CO-15", "BR-CO-16"]),
        ("LineExtensionAmount", "363.78", "363.79", ["BR-CO-10", "BR-CO-13"]),
        ("TaxAmount", "69.74", "69.75", ["BR-CO-14", "BR-CO-15"]),
    ],
)
def test_an_amount_that_is_off_is_noticed(
    name: str, amount: str, off: str, rules: list[str]
) -> None:
    """The rules that are asked do notice a cent, or all the others would prove nothing."""
    written = ubl(KINDS["mixed"]).decode()
    right, wrong = (f'<cbc:{name} currencyID="EUR">{one}<' for one in (amount, off))
    assert written.count(right) == 1
    assert broken(written.replace(right, wrong).encode(), EN16931_UBL) == rules


@pytest.mark.parametrize(
    ("party", "lacks", "problem", "rule"),
    [
        ("seller", "vatNumber", EInvoiceProblem.SELLER_VAT_NUMBER, "BR-S-02"),
        ("seller", "registrationScheme", EInvoiceProblem.SELLER_REGISTRATION_NUMBER, None),
        ("seller", "iban", EInvoiceProblem.SELLER_IBAN, "BR-50"),
        ("seller", "electronicAddress", EInvoiceProblem.SELLER_ELECTRONIC_ADDRESS,
         "PEPPOL-EN16931-R020"),
        ("buyer", "electronicAddress", EInvoiceProblem.BUYER_ELECTRONIC_ADDRESS,
         "PEPPOL-EN16931-R010"),
        ("document", "purchaseOrderNumber", EInvoiceProblem.BUYER_REFERENCE,
         "PEPPOL-EN16931-R003"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_before_a_rule_does(
    party: str, lacks: str, problem: EInvoiceProblem, rule: str | None
) -> None:
    document: dict[str, Any] = deepcopy(KINDS["mixed"])
    (document if party == "document" else document[party])[lacks] = None
    assert problems_of_ubl(document) == [problem]
    if rule:
        assert rule in broken(ubl(document), EN16931_UBL, PEPPOL)


def test_whoever_accounts_for_the_vat_is_known_by_a_number() -> None:
    buyer = GERMAN | {"vatNumber": None}
    document = KINDS["reversed"] | {"buyer": buyer}
    assert problems_of_cii(document) == [EInvoiceProblem.BUYER_NUMBER]
    assert "BR-AE-02" in broken(cii(document), EN16931_CII)
    registered = document | {"buyer": buyer | {"registrationNumber": "HRB 12"}}
    assert problems_of_cii(registered) == []


def test_an_authority_is_told_whom_to_ask() -> None:
    document = KINDS["reversed"] | {"seller": SELLER | {"telephone": None}}
    assert problems_of_ubl(document) == [EInvoiceProblem.SELLER_CONTACT]
    assert "BR-DE-6" in broken(ubl(document), XRECHNUNG)


def test_the_profile_follows_from_who_receives_it() -> None:
    assert {kind for kind, one in KINDS.items() if profile_of(one) is Profile.XRECHNUNG} == {
        "reversed"
    }
    assert b"#SKONTO#TAGE=8#PROZENT=2.00#" in ubl(KINDS["reversed"])
    assert b"#SKONTO#" not in ubl(KINDS["mixed"])
    assert profile_of(says(buyer=BUYER | {"reference": "04011000-12345-03"})) is Profile.PEPPOL
