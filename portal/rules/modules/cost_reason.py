"""Why an item costs what it costs, in words: each a part of what decides it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.errors import translatable
from portal.language.phrase import Money, Phrase
from portal.rules.modules.item_price import CostLine, ItemPrice
from portal.rules.modules.special_agreement import AgreementKind


class CostRule(StrEnum):
    """What decides what an item costs."""

    PRICE_LIST = "PRICE_LIST"
    QUANTITY = "QUANTITY"
    ADDITIONAL_OPTION = "ADDITIONAL_OPTION"
    SPECIAL_PRICE = "SPECIAL_PRICE"
    DISCOUNT = "DISCOUNT"
    SPECIAL_VAT_TREATMENT = "SPECIAL_VAT_TREATMENT"


@dataclass(frozen=True, slots=True)
class CostReason:
    """A part of what decides it, the first day on which that holds, and the sentence for it."""

    rule: CostRule
    since: date
    phrase: Phrase


_SENTENCES = {
    CostRule.PRICE_LIST: translatable("The price list says {value}, from {since} on."),
    CostRule.QUANTITY: translatable("There are {value} of it from {since} on."),
    CostRule.ADDITIONAL_OPTION: translatable("Booked separately, {value} of it from {since} on."),
    CostRule.SPECIAL_PRICE: translatable("A price of {value} is agreed from {since} on."),
    CostRule.DISCOUNT: translatable("A discount of {value} per cent is agreed from {since} on."),
    CostRule.SPECIAL_VAT_TREATMENT: translatable(
        "Another VAT treatment is agreed from {since} on: {value}."
    ),
}


_AGREED = {
    AgreementKind.UNIT_PRICE: CostRule.SPECIAL_PRICE,
    AgreementKind.DISCOUNT: CostRule.DISCOUNT,
    AgreementKind.VAT_TREATMENT: CostRule.SPECIAL_VAT_TREATMENT,
}


def agreement_sentence(kind: AgreementKind, since: date, value: object) -> Phrase:
    """Give what is agreed specially from a day on, in words."""
    said = (
        Money(value) if isinstance(value, Decimal) and kind is AgreementKind.UNIT_PRICE else value
    )
    return _reason(_AGREED[kind], since, said).phrase


def cost_reasons(price: ItemPrice) -> list[CostReason]:
    """Give what decides what an item costs, the price list first; of a line, how many too."""
    return list(_reasons(price))


def _reasons(price: ItemPrice) -> Iterator[CostReason]:
    yield _reason(CostRule.PRICE_LIST, price.price_from, Money(price.unit_price))
    if isinstance(price, CostLine) and price.quantity_from is not None:
        rule = CostRule.ADDITIONAL_OPTION if price.is_additional_option else CostRule.QUANTITY
        yield _reason(rule, price.quantity_from, price.quantity)
    special_price = None if price.special_price is None else Money(price.special_price)
    for rule, since, value in (
        (CostRule.SPECIAL_PRICE, price.special_price_from, special_price),
        (CostRule.DISCOUNT, price.discount_from, price.discount_percent),
        (CostRule.SPECIAL_VAT_TREATMENT, price.vat_treatment_from, price.vat_treatment),
    ):
        if since is not None:
            yield _reason(rule, since, value)


def _reason(rule: CostRule, since: date, value: object) -> CostReason:
    return CostReason(rule, since, Phrase(_SENTENCES[rule], {"since": since, "value": value}))
