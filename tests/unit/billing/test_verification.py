"""Codes of documents, as people type them."""

import pytest

from portal.rules.billing.registration import scheme_of
from portal.rules.billing.verification import ALPHABET, LENGTH, code_of, compact, new_code


def test_a_code_is_read_as_it_is_printed() -> None:
    code = new_code()
    assert (len(code), set(code) <= set(ALPHABET)) == (LENGTH, True)
    assert code_of(f"{code[:5]}-{code[5:]} ".lower()) == code
    assert code_of("oO-iIlL 2345") == "0011112345"


@pytest.mark.parametrize("text", ["", "12345", "12345678901", "123456789U", "1" * 50])
def test_what_is_no_code_is_none(text: str) -> None:
    assert code_of(text) is None


def test_an_iban_is_compared_without_blanks() -> None:
    assert compact(" nl91 abna 0417 1643 00") == "NL91ABNA0417164300"


@pytest.mark.parametrize(
    ("number", "country", "scheme"),
    [
        ("12345678", "NL", "0106"),
        ("00000001234567890123", "NL", "0190"),
        ("0403019261", "BE", "0208"),
        ("12345678", "DE", None),
        ("123", "NL", None),
        (None, "NL", None),
    ],
)
def test_a_number_is_of_a_register(number: str | None, country: str, scheme: str | None) -> None:
    assert scheme_of(number, country) == scheme
