"""Forms of what a profile of the operator holds, and a contract for electronic invoices."""

import re

from schwifty import BIC
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from portal.errors import InvalidInput
from portal.rules.text import composed

LONGEST_BIC = 11
LONGEST_CREDITOR_ID = 35
LONGEST_ENDPOINT = 60
LONGEST_TELEPHONE = 20
LONGEST_REGISTRATION = 30
_WITH_BLANKS = 2
_CREDITOR_ID = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")
_ENDPOINT = re.compile(r"[0-9]{4}:[A-Za-z0-9][A-Za-z0-9._~-]{0,49}")
_TELEPHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_KVK = re.compile(r"[0-9]{8}")
_REGISTRATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]*")


def bic(text: str, longest: int = LONGEST_BIC) -> str:
    """Give a BIC in its compact form (ISO 9362)."""
    try:
        return BIC(composed(text, _WITH_BLANKS * longest)).compact
    except (InvalidInput, ValueError):
        raise InvalidInput("This is not a valid BIC.") from None


def creditor_id(text: str, longest: int = LONGEST_CREDITOR_ID) -> str:
    """Give a SEPA creditor identifier in its compact form; its check digits skip its suffix."""
    wrong = InvalidInput("This is not a valid SEPA creditor identifier.")
    try:
        compact = "".join(composed(text, _WITH_BLANKS * longest).split()).upper()
        mod_97_10.validate(compact[7:] + compact[:4])
    except (InvalidInput, ValidationError):
        raise wrong from None
    if not _CREDITOR_ID.fullmatch(compact):
        raise wrong
    return compact


def peppol_endpoint(text: str, longest: int = LONGEST_ENDPOINT) -> str:
    """Give an address in the Peppol network: its scheme (ISO 6523), a colon and the number."""
    written = composed(text, longest)
    if not _ENDPOINT.fullmatch(written):
        raise InvalidInput("Must be a scheme of four digits, a colon and a number: 0106:12345678.")
    return written


def telephone(text: str, longest: int = LONGEST_TELEPHONE) -> str:
    """Give a telephone number as it is dialled from abroad (E.164)."""
    wrong = InvalidInput("Must be a telephone number with its country: +31 20 123 4567.")
    try:
        written = composed(text, _WITH_BLANKS * longest)
    except InvalidInput:
        raise wrong from None
    # The nought of the country itself is not dialled from abroad.
    compact = re.sub(r"[\s()./-]", "", written.replace("(0)", ""))
    if not _TELEPHONE.fullmatch(compact):
        raise wrong
    return compact


def colour(text: str, longest: int = len("#000000")) -> str:
    """Give a colour as a page writes it: six hexadecimal digits."""
    written = composed(text, longest).lower()
    if not _COLOUR.fullmatch(written):
        raise InvalidInput("Must be a colour of six hexadecimal digits: #1a5fb4.")
    return written


def registration_number(text: str, longest: int = LONGEST_REGISTRATION) -> str:
    """Give a number in a register of companies; one of digits alone without what groups them."""
    written = composed(text, longest)
    if not _REGISTRATION.fullmatch(written):
        raise InvalidInput("Must be a number of a register: letters, digits, dots and hyphens.")
    compact = re.sub(r"[ .]", "", written)
    return compact if compact.isdigit() else written


def check_registration_number(number: str | None, country: str) -> None:
    """Refuse a number that the trade register of a country cannot have given: KvK has 8 digits."""
    if number is not None and country == "NL" and not _KVK.fullmatch(number):
        raise InvalidInput("A number of the KvK has eight digits.")
