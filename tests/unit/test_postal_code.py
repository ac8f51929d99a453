"""Postal codes: each has the form of its country."""

import pytest

from portal.errors import InvalidInput, PortalError
from portal.models import Contract
from portal.rules.postal_code import postal_code
from portal.writing.changes import apply_changes

ADDRESS = {"name": "De Kade", "street": "Kaai 21", "city": "Gent"}


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("3511 AB", "NL", "3511 AB"),
        ("3511ab", "NL", "3511AB"),
        ("9000", "BE", "9000"),
        ("50667", "DE", "50667"),
        ("4750", "LU", "4750"),
        ("sw1a 1aa", "GB", "SW1A 1AA"),
        # It knows no postal codes.
        ("whatever", "AE", "WHATEVER"),
    ],
)
def test_a_postal_code_of_its_country(typed, country, kept):
    assert postal_code(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("9000", "NL"),
        ("3511 AB", "BE"),
        ("0511 AB", "NL"),
        ("5066", "DE"),
        ("50667 Köln", "DE"),
        ("\u0661\u0661\u0661\u0661", "BE"),
        ("9000\n", "BE"),
    ],
)
def test_a_postal_code_of_no_or_another_country(typed, country):
    with pytest.raises(InvalidInput, match=r"not a postal code of \{country\}"):
        postal_code(typed, country)


def test_the_fault_is_told_at_the_code():
    given = {"billing_address": ADDRESS | {"postal_code": "3511 AB", "country": "be"}}
    with pytest.raises(PortalError) as caught:
        apply_changes(Contract(), given)
    (problem,) = caught.value.problems
    assert problem.path == ("input", "billingAddress", "postalCode")
    assert problem.values["country"] == "BE"


@pytest.mark.parametrize("recipients", [[], [" "], ["", "  "]])
def test_documents_reach_somebody(recipients):
    given = {"document_delivery": {"recipients": recipients, "mode": "LINK"}}
    with pytest.raises(PortalError) as caught:
        apply_changes(Contract(), given)
    (problem,) = caught.value.problems
    assert problem.path == ("input", "documentDelivery", "recipients")
    assert problem.message == "Must not be empty."
