"""What a document says, as it is read out of its payload."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.errors import translatable
from portal.language.messages import said, translate
from portal.language.phrase import Money
from portal.rules.contract.payment_terms import PaymentMethod
from portal.viewer import Language

Says = Mapping[str, Any]
"""A payload: amounts and days are text, and names are in camel case."""


def language_of(says: Says) -> Language:
    """Give the language in which a document was issued."""
    return Language(says["language"])


def is_credit_note(says: Says) -> bool:
    """Say whether it gives money back."""
    return bool(says["kind"] == "CREDIT_NOTE")


def is_debited(says: Says) -> bool:
    """Say whether the operator collects the amount itself."""
    terms = says["terms"]
    return terms is not None and terms["method"] == PaymentMethod.DIRECT_DEBIT


def categories_of(says: Says) -> set[str]:
    """Give how its lines are taxed, by the codes of EN 16931."""
    return {group["category"] for group in says["vatGroups"]}


def plain(number: str) -> str:
    """Give a number without zeros that say nothing."""
    return format(Decimal(number).normalize(), "f")


def words_of_payment(says: Says) -> list[str]:
    """Say how and until when it is paid, and for how much less before."""
    language = language_of(says)
    if is_credit_note(says):
        return [translate(translatable("Is set off against what is to be paid."), language)]
    due_on = _day(says["dueOn"], language)
    if is_debited(says):
        how = translatable("Will be collected from your bank account on {day}.")
    else:
        how = translatable("To be paid by {day}.")
    return [translate(how, language, day=due_on), *_words_of_discount(says, language)]


def _words_of_discount(says: Says, language: Language) -> list[str]:
    discount = says["discount"]
    if discount is None:
        return []
    return [
        translate(
            translatable("{percent}% ({amount}) less when it is paid by {day}: {payable}."),
            language,
            percent=Decimal(plain(discount["percent"])),
            amount=Money(Decimal(discount["amount"]), says["currency"]),
            day=_day(discount["lastDay"], language),
            payable=Money(Decimal(discount["payable"]), says["currency"]),
        )
    ]


def words_of_share(line: Says, language: Language) -> str | None:
    """Say for how many days of its period a line is; nothing for the whole of it."""
    if line["shareDays"] is None:
        return None
    return translate(
        translatable("{part} of {whole} days"),
        language,
        part=line["shareDays"],
        whole=line["shareOfDays"],
    )


def words_of_test(language: Language) -> str:
    """Say that it is of a test account."""
    return translate(translatable("TEST: this is no invoice"), language)


def _day(day: str, language: Language) -> str:
    return said(date.fromisoformat(day), language)
