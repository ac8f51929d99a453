"""Invoices that managers write."""

from datetime import date
from decimal import Decimal

import strawberry

from portal.rules.billing import manual_charge as rules
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.fields import sent
from schema.length import characters, entries
from schema.types.catalogue.billing import VatCategory
from schema.types.contract.payment_terms import PaymentTermsInput
from schema.types.edit import KEY, SHOWN_BEFORE


@strawberry.input(description="A line of an invoice: an item of a module, or words.")
class ChargeLineInput:
    """An item has the price that was agreed with the customer, and its VAT rate, unless sent."""

    module_subscription_id: strawberry.ID | None = sent(
        description="The module that has the item.", default=strawberry.UNSET
    )
    item_key: str | None = sent(
        description="An item of its price list, by its key.",
        default=strawberry.UNSET,
        length=characters(rules.LONGEST_KEY),
    )
    text: str | None = sent(
        description="What is charged, where it is no item.",
        default=strawberry.UNSET,
        length=characters(rules.LONGEST_TEXT),
    )
    quantity: Decimal = sent(description="How many; six decimals at most.")
    unit: str | None = sent(
        description="What is counted, where it is no item; pieces when left out.",
        default=strawberry.UNSET,
        length=characters(rules.LONGEST_UNIT),
    )
    unit_code: str | None = sent(
        description="The same by UN/ECE Recommendation 20; C62 when left out.",
        default=strawberry.UNSET,
    )
    unit_price: Decimal | None = sent(
        description="The price of one, without VAT; an item has the agreed one when left out.",
        default=strawberry.UNSET,
    )
    vat_category: VatCategory | None = sent(
        description="At which rate it is taxed; an item has its own when left out.",
        default=strawberry.UNSET,
    )
    first_day: date | None = sent(
        description="The first day that it is about; today when left out.", default=strawberry.UNSET
    )
    last_day: date | None = sent(
        description="The last day that it is about; the first one when left out.",
        default=strawberry.UNSET,
    )


@strawberry.input(description="An invoice that a manager writes, and why.")
class IssueChargeInput:
    """It goes to the address of the contract, as every invoice."""

    account_id: strawberry.ID = sent(description="Who gets the invoice.")
    lines: list[ChargeLineInput] = sent(
        description="What is charged.", length=entries(rules.MOST_LINES)
    )
    terms: PaymentTermsInput | None = sent(
        description="How and until when this one is paid; as agreed when left out.",
        default=strawberry.UNSET,
    )
    reason: str = sent(
        description="Why; it is printed, and the customer reads it.",
        length=characters(LONGEST_REASON),
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )
