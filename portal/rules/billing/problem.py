"""Why nothing could be billed to an account: a code for programs, and what to do in a sentence."""

from enum import StrEnum
from typing import Any

from portal.errors import translatable


class ProblemCode(StrEnum):
    """Why nothing was billed."""

    NO_CONTRACT = "NO_CONTRACT"
    NO_OPERATOR_PROFILE = "NO_OPERATOR_PROFILE"
    NO_VAT_RATE = "NO_VAT_RATE"
    NO_SELLER_VAT_NUMBER = "NO_SELLER_VAT_NUMBER"
    NO_REVERSE_CHARGE = "NO_REVERSE_CHARGE"
    NEGATIVE_TOTAL = "NEGATIVE_TOTAL"
    ON_HOLD = "ON_HOLD"
    REFUSED = "REFUSED"


SENTENCES = {
    ProblemCode.NO_CONTRACT: translatable(
        "The account has modules and no contract: nobody is known to whom an invoice could go."
    ),
    ProblemCode.NO_OPERATOR_PROFILE: translatable(
        "Nobody has said who the operator is on {day}: add a profile with an address."
    ),
    ProblemCode.NO_VAT_RATE: translatable("The VAT rates of {country} on {day} are not known."),
    ProblemCode.NO_SELLER_VAT_NUMBER: translatable(
        "Reverse charge needs the operator's VAT number: add it to the operator's profile."
    ),
    ProblemCode.NO_REVERSE_CHARGE: translatable(
        "Reverse charge is for businesses, and needs a VAT number from abroad: change the VAT"
        " treatment, or add the number."
    ),
    ProblemCode.NEGATIVE_TOTAL: translatable(
        "The total would be {total}: an invoice cannot be negative. It waits for more to be billed;"
        " change the prices if that never comes."
    ),
    ProblemCode.ON_HOLD: translatable(
        "Billing is held up to and including {until}: the history says why. Release it to bill now."
    ),
    ProblemCode.REFUSED: translatable(
        "The database refused the documents; the log says why under {reference}."
    ),
}


class NotBillable(Exception):
    """Nothing can be billed to an account before somebody has done something about it."""

    def __init__(self, code: ProblemCode, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
