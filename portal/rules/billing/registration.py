"""Which register gave a number, by its code in ISO 6523, as electronic invoices name it."""

import re

KVK, OIN, KBO = "0106", "0190", "0208"
_SCHEMES = (
    ("NL", re.compile(r"[0-9]{8}"), KVK),
    ("NL", re.compile(r"[0-9]{20}"), OIN),
    ("BE", re.compile(r"[01][0-9]{9}"), KBO),
)


def scheme_of(number: str | None, country: str) -> str | None:
    """Give the register of a number; None where none is known that gives numbers like it."""
    for of, form, scheme in _SCHEMES:
        if of == country and number is not None and form.fullmatch(number):
            return scheme
    return None
