"""A contract on paper: the parties, the terms, the price list and the texts agreed to."""

from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from portal.errors import translatable
from portal.language.messages import LOCALES, day, translate
from portal.printing.says import Says, language_of
from portal.printing.setting import drawn, set_sheet

_COLOUR = "#1f3a5f"
_SUMMARY = translatable("Summary of your contract")
_STANDS = translatable("As it stands on {day}. Prices are without VAT.")
_COPY = translatable("Your contract")
_ORDERED = translatable("As it was ordered on {day}. Prices are without VAT.")
_DASH = "\u2013"
_COLUMNS = (
    translatable("Description"),
    translatable("Billing"),
    translatable("Quantity"),
    translatable("Price without VAT"),
)


def contract_pdf(says: Says, logo: bytes | None = None, copied: str | None = None) -> bytes:
    """Set what is agreed on a day; a copy of an order names the hash that it is ``copied`` by."""
    given = drawn(logo)
    return set_sheet("contract.typ", _data(says, copied) | {"logo": bool(given)}, given)


def _data(says: Says, copied: str | None) -> dict[str, Any]:
    language, on = language_of(says), date.fromisoformat(says["on"])

    def say(message: str, **values: object) -> str:
        return translate(message, language, **values)

    def shown(number: str) -> str:
        written: str = format_decimal(
            Decimal(number), "#,##0.00####", LOCALES[language], decimal_quantization=False
        )
        return written

    def row(item: Says) -> tuple[str, str, str, str]:
        price = f"{shown(item['price'])} / {item['unit']}"
        quantity = _DASH if item["quantity"] is None else str(item["quantity"])
        return item["name"], item["billing"], quantity, price

    return {
        "language": language.lower(),
        "colour": says["colour"] or _COLOUR,
        "title": say(_COPY if copied else _SUMMARY),
        "lead": say(_ORDERED if copied else _STANDS, day=on),
        "proof": copied and say(translatable("SHA-256 of what is said here: {hash}"), hash=copied),
        "on": {"year": on.year, "month": on.month, "day": on.day},
        "seller": says["seller"],
        "buyer": says["buyer"],
        "footer": f"{says['seller'][0]} \u00b7 {day(on, language)}",
        "facts": says["facts"],
        "consents": says["consents"],
        "modules": [
            {**module, "items": [row(item) for item in module["items"]]}
            for module in says["modules"]
        ],
        "words": {
            "operator": say(translatable("Operator")),
            "customer": say(translatable("Contract partner")),
            "consents": say(translatable("What you agreed to")),
            "columns": [say(name) for name in _COLUMNS],
            "page": say(translatable("Page {page} of {pages}"), page="{page}", pages="{pages}"),
        },
    }
