"""What a profile of the operator may hold, each in its form."""

import pytest

from portal.errors import InvalidInput
from portal.rules.contract.operator_form import (
    bic,
    check_registration_number,
    colour,
    creditor_id,
    peppol_endpoint,
    telephone,
)


@pytest.mark.parametrize(
    ("form", "given", "stored"),
    [
        (bic, " abna nl 2a ", "ABNANL2A"),
        (bic, "DEUTDEFF500", "DEUTDEFF500"),
        (creditor_id, "de98 zzz 0999 9999 999", "DE98ZZZ09999999999"),
        (creditor_id, "NL69ZZZ123456780000", "NL69ZZZ123456780000"),
        # The suffix is the creditor's own, and the check digits leave it out.
        (creditor_id, "DE98A1B09999999999", "DE98A1B09999999999"),
        (peppol_endpoint, "0106:12345678", "0106:12345678"),
        (telephone, "+31 (0)20 123 45-67", "+31201234567"),
        (telephone, "+32 2/123.45.67", "+3221234567"),
        (colour, "#1A5FB4", "#1a5fb4"),
    ],
)
def test_a_value_gets_its_form(form, given, stored):
    assert form(given) == stored


@pytest.mark.parametrize(
    ("form", "given", "message"),
    [
        (bic, "ABNANL", "This is not a valid BIC."),
        (bic, "ABNAXX2A", "This is not a valid BIC."),
        (bic, "A" * 100, "This is not a valid BIC."),
        (creditor_id, "DE99ZZZ09999999999", "This is not a valid SEPA creditor identifier."),
        (creditor_id, "DE98ZZZ", "This is not a valid SEPA creditor identifier."),
        (creditor_id, "9898ZZZ09999999999", "This is not a valid SEPA creditor identifier."),
        # Its check digits are right, and no country has digits.
        (creditor_id, "1218ZZZ09999999999", "This is not a valid SEPA creditor identifier."),
        (
            peppol_endpoint,
            "12345678",
            "Must be a scheme of four digits, a colon and a number: 0106:12345678.",
        ),
        (
            peppol_endpoint,
            "0106:a b",
            "Must be a scheme of four digits, a colon and a number: 0106:12345678.",
        ),
        (
            telephone,
            "020 123 4567",
            "Must be a telephone number with its country: +31 20 123 4567.",
        ),
        (telephone, "+31 20 call", "Must be a telephone number with its country: +31 20 123 4567."),
        (colour, "red", "Must be a colour of six hexadecimal digits: #1a5fb4."),
        (colour, "#123", "Must be a colour of six hexadecimal digits: #1a5fb4."),
        (colour, "#12345g", "Must be a colour of six hexadecimal digits: #1a5fb4."),
    ],
)
def test_what_is_none_is_refused(form, given, message):
    with pytest.raises(InvalidInput) as refused:
        form(given)
    assert refused.value.message == message


def test_a_trade_register_has_its_numbers():
    for number, country in [("12345678", "NL"), ("HRB 12345", "DE"), (None, "NL")]:
        check_registration_number(number, country)
    with pytest.raises(InvalidInput, match="eight digits"):
        check_registration_number("HRB 12345", "NL")
