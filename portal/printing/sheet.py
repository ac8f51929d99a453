"""What the sheet of a document shows, in words and numbers as its readers write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from portal.errors import translatable
from portal.language.messages import LOCALES, said, translate
from portal.language.phrase import Money
from portal.printing.says import (
    Says,
    is_credit_note,
    is_debited,
    language_of,
    plain,
    words_of_payment,
    words_of_share,
)
from portal.viewer import Language

_COLOUR = "#1f3a5f"
_DASH = "\u2013"
_COLUMNS = (
    translatable("Description"),
    translatable("Quantity"),
    translatable("Price"),
    translatable("VAT"),
    translatable("Amount"),
)
_TERM_COLUMNS = (
    translatable("Module"),
    translatable("Since"),
    translatable("End of the term"),
    translatable("Notice period"),
    translatable("Notice must arrive by"),
)


class Sheet:
    """Writes the parts of a document in its language."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self._language: Language = language_of(says)

    def data(self) -> dict[str, Any]:
        """Give all that the sheet shows, as its template takes it."""
        says, seller = self._says, self._says["seller"]
        issued = date.fromisoformat(says["issuedOn"])
        return {
            "language": self._language.lower(),
            "title": self._title(),
            "lead": self._lead(),
            "issued": {"year": issued.year, "month": issued.month, "day": issued.day},
            "colour": seller["colour"] or _COLOUR,
            "watermark": self._say(translatable("TEST: this is no invoice"))
            if says["isTest"]
            else None,
            "seller": {"name": seller["name"], "lines": self._seller()},
            "footer": self._footer(),
            "buyer": self._address(says["buyer"], seller["country"]),
            "facts": self._facts(),
            "lines": [self._line(line) for line in says["lines"]],
            "totals": self._totals(),
            "payable": self._money(says["payable"]),
            "reasons": [group["text"] for group in says["vatGroups"] if group["text"]],
            "payment": [*words_of_payment(says), *self._transfer()],
            "modules": [self._module(one) for one in says["modules"]],
            "code": self._code(),
            "words": self._words(),
        }

    def _say(self, message: str, **values: object) -> str:
        return translate(message, self._language, **values)

    def _lead(self) -> str:
        """Say what it corrects, and why somebody made it by hand."""
        corrects, reason = self._says["corrects"], self._says["reason"]
        corrected = corrects and self._say(
            translatable("Corrects invoice {number} of {day}."),
            number=corrects["number"],
            day=date.fromisoformat(corrects["issuedOn"]),
        )
        return " ".join(filter(None, (corrected, reason)))

    def _title(self) -> str:
        named = (
            translatable("Credit note {number}")
            if is_credit_note(self._says)
            else translatable("Invoice {number}")
        )
        return self._say(named, number=self._says["number"])

    def _words(self) -> dict[str, Any]:
        gives_back = is_credit_note(self._says)
        payable = translatable("To be credited") if gives_back else translatable("To be paid")
        return {
            "columns": [self._say(name) for name in _COLUMNS],
            "termColumns": [self._say(name) for name in _TERM_COLUMNS],
            "payable": self._say(payable),
            "payment": self._say(translatable("Payment")),
            "terms": self._say(translatable("What is agreed")),
            "scan": self._say(translatable("Scan with your banking app")),
            "qr": self._say(translatable("QR code of the transfer")),
            "xml": self._say(translatable("The same invoice as XML (Factur-X)")),
            "verify": self._say(translatable("Check that this document is ours, with the code")),
            "page": self._say(
                translatable("Page {page} of {pages}"), page="{page}", pages="{pages}"
            ),
        }

    def _seller(self) -> list[str]:
        seller = self._says["seller"]
        town = f"{seller['postalCode']} {seller['city']}"
        return [seller["name"], seller["street"], town, seller["telephone"], seller["email"]]

    def _footer(self) -> list[str]:
        seller = self._says["seller"]
        named = (
            (translatable("Registration number {number}"), seller["registrationNumber"]),
            (translatable("VAT number {number}"), seller["vatNumber"]),
            ("IBAN {number}", grouped(seller["iban"])),
            ("BIC {number}", seller["bic"]),
        )
        return [seller["name"]] + [
            self._say(words, number=number) for words, number in named if number
        ]

    def _address(self, party: Says, at_home: str) -> list[str | None]:
        country = party["country"]
        return [
            party["name"],
            party["attention"],
            party["street"],
            party["extra"],
            f"{party['postalCode']} {party['city']}",
            None
            if country == at_home
            else Locale.parse(LOCALES[self._language]).territories[country],
        ]

    def _facts(self) -> list[tuple[str, str]]:
        says, buyer = self._says, self._says["buyer"]
        facts = (
            (translatable("Date"), self._short(says["issuedOn"])),
            (
                translatable("Due day"),
                None if is_credit_note(says) else self._short(says["dueOn"]),
            ),
            (translatable("Customer number"), buyer["customerNumber"]),
            (translatable("Your VAT number"), buyer["vatNumber"]),
            (translatable("Your order number"), says["purchaseOrderNumber"]),
            (translatable("Your reference"), buyer["reference"]),
        )
        return [(self._say(name), value) for name, value in facts if value]

    def _line(self, line: Says) -> dict[str, Any]:
        share = words_of_share(line, self._language)
        days = f"{self._short(line['firstDay'])} {_DASH} {self._short(line['lastDay'])}"
        if line["firstDay"] == line["lastDay"]:
            days = self._short(line["firstDay"])
        price = self._number(line["unitPrice"], "#,##0.00####")
        base = Decimal(line["baseQuantity"])
        return {
            "name": line["name"],
            "module": line["module"],
            "days": f"{days} ({share})" if share else days,
            "quantity": f"{self._number(line['quantity'], '#,##0.######')} {line['unit']}",
            "price": price if base == 1 else f"{price} / {self._number(str(base), '#,##0.###')}",
            "vat": f"{self._number(line['vatRate'], '0.##')}%"
            if line["vatCategory"] in {"S", "Z"}
            else _DASH,
            "net": self._amount(line["net"]),
        }

    def _totals(self) -> list[tuple[str, str]]:
        says = self._says
        rows = [(self._say(translatable("Total without VAT")), self._amount(says["net"]))]
        for group in says["vatGroups"]:
            if group["category"] in {"S", "Z"}:
                words = self._say(
                    translatable("VAT {percent}% on {amount}"),
                    percent=Decimal(plain(group["rate"])),
                    amount=self._amount(group["net"]),
                )
                rows.append((words, self._amount(group["vat"])))
        if says["creditTaken"] != "0.00":
            rows.append((self._say(translatable("Total")), self._amount(says["gross"])))
            taken = self._amount(says["creditTaken"])
            rows.append((self._say(translatable("Paid already")), f"-{taken}"))
        return rows

    def _transfer(self) -> list[str]:
        says = self._says
        if is_credit_note(says) or is_debited(says) or not says["seller"]["iban"]:
            return []
        to = self._say(
            translatable("To {iban} of {name}, naming {number}."),
            iban=grouped(says["seller"]["iban"]),
            name=says["seller"]["name"],
            number=says["number"],
        )
        return [to]

    def _module(self, one: Says) -> list[str]:
        return [
            one["name"],
            self._short(one["startsOn"]),
            self._short(one["termEndsOn"]) if one["termEndsOn"] else _DASH,
            one["noticePeriod"] or _DASH,
            self._short(one["noticeBy"]) if one["noticeBy"] else _DASH,
        ]

    def _code(self) -> str:
        """Write the code in two halves, as people read it aloud."""
        code = self._says["verificationCode"]
        return f"{code[:5]}-{code[5:]}"

    def _short(self, day: str) -> str:
        return format_date(date.fromisoformat(day), "dd-MM-yyyy", LOCALES[self._language])

    def _amount(self, amount: str) -> str:
        return self._number(amount, "#,##0.00")

    def _number(self, number: str, form: str) -> str:
        written: str = format_decimal(
            Decimal(number), form, LOCALES[self._language], decimal_quantization=False
        )
        return written

    def _money(self, amount: str) -> str:
        return said(Money(Decimal(amount), self._says["currency"]), self._language)


def grouped(text: str | None) -> str | None:
    """Write a number in groups of four, as people read it; None for none."""
    if text is None:
        return None
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
