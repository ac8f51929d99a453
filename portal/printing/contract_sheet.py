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
_COLUMNS = (
    translatable("Description"),
    translatable("Billing"),
    translatable("Quantity"),
    translatable("Price without VAT"),
)


def contract_pdf(says: Says, logo: bytes | None = None) -> bytes:
    """Set what is agreed on a day."""
    given = drawn(logo)
    return set_sheet("contract.typ", _data(says) | {"logo": bool(given)}, given)


def _data(says: Says) -> dict[str, Any]:
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
        return item["name"], item["billing"], str(item["quantity"]), price

    return {
        "language": language.lower(),
        "colour": says["colour"] or _COLOUR,
        "title": say(translatable("Summary of your contract")),
        "lead": say(translatable("As it stands on {day}. Prices are without VAT."), day=on),
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
