"""What the worst text costs whoever reads it, at most 50 ms of CPU: ``python -m bench text``."""

from collections.abc import Callable
from contextlib import suppress
from time import process_time

from portal.errors import PortalError
from portal.language import global_id
from portal.login import credentials, one_time_code, seal
from portal.rules import form
from portal.rules.modules import module_data
from portal.rules.people import password
from portal.settings.limits import Limits
from resolvers.page import values_of_cursor

MOST_MILLISECONDS = 50
LONGEST = Limits.text
# The longest column of one line and of several, and what may be searched for.
LINE, LINES = 200, 1000

# Texts that were slow somewhere, of any length.
WORST: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "a" * n,
    # Out of their order, which Unicode puts right.
    "marks": lambda n: ("a" + "\u0301\u0327" * n)[:n],
    "marks, 30 a letter": lambda n: (("a" + "\u0327\u0301" * 15) * n)[:n],
    # Marks without a class of their own, which come apart into some that have one.
    "hidden marks": lambda n: "\u0f73" * n,
    "typed apart": lambda n: ("\u1112\u1161\u11ab" * n)[:n],
    "joiners": lambda n: ("\u0645\u200c" * n)[:n],
    "digits": lambda n: ("NL" + "9" * n)[:n],
    "day": lambda n: ("2026-12-31" + "0" * n)[:n],
    "address": lambda n: "post@" + ("a." * n)[: max(0, n - 12)] + "example",
    "domain": lambda n: ("post@xn--" + "a" * n)[:n],
    "lines": lambda n: ("\r\n" * n)[:n],
    "base64": lambda n: ("QWNj" * n)[:n],
}
READERS: dict[str, tuple[Callable[[str], object], int]] = {
    "line": (lambda text: form.line(text, LINE), LINE),
    "lines": (lambda text: form.lines(text, LINES), LINES),
    "e-mail address": (form.email, form.LONGEST_EMAIL),
    "e-mail address at login": (credentials.known_form, form.LONGEST_EMAIL),
    "IBAN": (form.iban, form.LONGEST_IBAN),
    "VAT number": (form.vat_number, form.LONGEST_VAT_NUMBER),
    "country": (form.country, 2),
    "time zone": (form.time_zone, 60),
    "password": (lambda text: password.password(text, "a@b.example"), password.LONGEST),
    "code": (one_time_code.code_form, 100),
    "token": (credentials.hash_of, LONGEST),
    "id": (global_id.decode, global_id.LONGEST),
    "cursor": (lambda text: values_of_cursor(text, [str], "after"), 2_000),
    "preview token": (seal.Seal("secret").open, seal.LONGEST),
    "module data": (
        lambda text: module_data.check_module_data({"a": text}, {}),
        module_data.MOST_BYTES,
    ),
}


def milliseconds(read: Callable[[str], object], most: int) -> tuple[float, str]:
    """Give the CPU that the worst of all texts takes, and which that is."""
    taken = []
    for name, text in WORST.items():
        for length in (most, 2 * most, 4 * most, LONGEST):
            written = text(min(length, LONGEST))
            began = process_time()
            with suppress(PortalError):
                read(written)
            taken.append((1e3 * (process_time() - began), f"{len(written)} of {name}"))
    return max(taken)


def main() -> None:
    """Print a line for each reader."""
    for name, (read, most) in READERS.items():
        spent, worst = milliseconds(read, most)
        mark = "" if spent <= MOST_MILLISECONDS else "  TOO MUCH"
        print(f"{spent:6.2f} ms  {name} ({worst}){mark}")  # noqa: T201  (what it is for)
