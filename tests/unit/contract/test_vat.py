"""How value added tax may apply to a contract partner."""

import pytest

from portal.errors import RuleBroken
from portal.rules.address import ContractPartner, PartyKind
from portal.rules.contract.vat import VatTreatment, check_vat_treatment


def partner(country, kind=PartyKind.BUSINESS):
    """Give a partner somewhere."""
    return ContractPartner("De Kade", "Kaai 21", "9000", "Gent", country, kind)


STANDARD, REVERSE_CHARGE, NOT_TAXABLE = VatTreatment
CONSUMER = PartyKind.CONSUMER


@pytest.mark.parametrize(
    ("treatment", "vat_number", "given"),
    [
        (STANDARD, None, partner("NL", CONSUMER)),
        (NOT_TAXABLE, None, partner("BE", CONSUMER)),
        (STANDARD, None, partner("BE")),
        (REVERSE_CHARGE, "BE0403019261", partner("BE")),
        (REVERSE_CHARGE, None, partner("NL")),
        (REVERSE_CHARGE, "NL004495445B01", partner("NL")),
    ],
)
def test_a_treatment_that_the_partner_can_have(treatment, vat_number, given):
    check_vat_treatment(treatment, vat_number, given, "NL")


@pytest.mark.parametrize(
    ("vat_number", "given", "path", "message"),
    [
        (
            "BE0403019261",
            partner("BE", CONSUMER),
            ("input", "vatTreatment"),
            "Reverse charge is for businesses; the contract partner is a consumer.",
        ),
        (
            None,
            partner("NL", CONSUMER),
            ("input", "vatTreatment"),
            "Reverse charge is for businesses; the contract partner is a consumer.",
        ),
        (
            None,
            partner("BE"),
            ("input", "vatNumber"),
            "Reverse charge for a customer in another country needs a VAT number.",
        ),
    ],
)
def test_reverse_charge_needs_a_business_and_across_a_border_its_number(
    vat_number, given, path, message
):
    with pytest.raises(RuleBroken) as refused:
        check_vat_treatment(REVERSE_CHARGE, vat_number, given, "NL")
    assert (refused.value.path, refused.value.message) == (path, message)


@pytest.mark.parametrize(("operator_country", "other"), [("BE", "NL"), (None, "NL"), (None, "BE")])
def test_what_is_across_a_border_follows_from_where_the_operator_is(operator_country, other):
    check_vat_treatment(REVERSE_CHARGE, None, partner("BE"), "BE")
    with pytest.raises(RuleBroken, match="needs a VAT number"):
        check_vat_treatment(REVERSE_CHARGE, None, partner(other), operator_country)
