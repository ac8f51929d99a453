"""What managers send to make tariffs, drafts and price lists."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from portal import models
from portal.rules.catalogue.terms import EndingDay, Renewal, TermUnit
from portal.rules.catalogue.unit import ONE
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from schema.fields import sent
from schema.length import characters
from schema.types.catalogue.billing import BillingBasis, BillingMode, VatCategory
from schema.types.catalogue.tariff import Tariff
from schema.types.catalogue.tariff_version import TariffVersion
from schema.types.edit import KEY, EditInput
from schema.types.refusal import Refusal
from schema.types.text import TextInput

_REASON = "Why; managers read it in the operator's history."
_EXPIRES_ON = "The last day on which its number opens it; null without an end."
_MOST_USES = "How often its number opens it; null without a limit."


@strawberry.input(one_of=True, description="Which tariff: a public one, or that of an offer.")
class TariffChoiceInput:
    """A tariff by its id, or by the number that opens it."""

    id: strawberry.ID | None = sent(
        description="A public tariff of the module.", default=strawberry.UNSET
    )
    offer_number: str | None = sent(
        description="The number that opens a tariff which is not public.",
        default=strawberry.UNSET,
        length=characters(models.Tariff.offer_number),
    )


@strawberry.input(description="A new tariff of a module.")
class CreateTariffInput:
    """Public, unless it has an offer number."""

    module_id: strawberry.ID = sent(description="The module that can be had by it.")
    name: TextInput = sent(description="What it is called.", length=characters(models.Tariff.name))
    offer_number: str | None = sent(
        description="The number that opens it, which makes it no public one.",
        default=strawberry.UNSET,
        length=characters(models.Tariff.offer_number),
    )
    draw_offer_number: bool = sent(
        description="Whether a number is drawn that nobody guesses (40 random bits).",
        default=False,
    )
    offer_expires_on: date | None = sent(description=_EXPIRES_ON, default=strawberry.UNSET)
    offer_most_uses: int | None = sent(description=_MOST_USES, default=strawberry.UNSET)
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Fields left out stay as they are.")
class UpdateTariffInput(EditInput):
    """Its name, and the limits of its offer."""

    name: strawberry.Maybe[TextInput | None] = sent(
        description="What it is called; sent whole.", length=characters(models.Tariff.name)
    )
    offer_expires_on: strawberry.Maybe[date | None] = sent(description=_EXPIRES_ON)
    offer_most_uses: strawberry.Maybe[int | None] = sent(description=_MOST_USES)
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="From when a tariff is closed to new orders.")
class CloseTariffInput(EditInput):
    """Whoever has it keeps it."""

    closed_from: strawberry.Maybe[date | None] = sent(
        description="The first day on which nobody can order it; null opens it again."
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="A length of time.")
class TermInput:
    """Days, weeks or months."""

    count: int = sent(description="How many; may be zero where nothing else is said.")
    unit: TermUnit = sent(description="What is counted.")


@strawberry.input(description="For how long a tariff binds, and when it may end; sent whole.")
class TermsInput:
    """Terms under which no day could be computed are refused."""

    initial_term: TermInput = sent(description="For how long it binds at first; may be zero.")
    renewal: Renewal = sent(description="What follows the initial term.")
    renewal_term: TermInput | None = sent(
        description="For how long it is renewed; only where it is.", default=strawberry.UNSET
    )
    notice_period: TermInput = sent(
        description="How long before the last day notice has to arrive; may be zero."
    )
    ending_day: EndingDay = sent(description="On which days a contract may stop.")
    change_free_of_notice: bool = sent(
        description="Whether another tariff may follow after any billing period.", default=False
    )
    term_continues: bool = sent(
        description="Whether after a change the initial term of the tariff before goes on.",
        default=False,
    )


@strawberry.input(description="A new draft of a tariff's version.")
class CreateVersionInput:
    """With terms, or as a copy of the latest version."""

    tariff_id: strawberry.ID = sent(description="Of which tariff it becomes a version.")
    terms: TermsInput | None = sent(
        description="The terms; left out, the draft is a copy of the latest published version.",
        default=strawberry.UNSET,
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


@strawberry.input(description="Other terms of a draft.")
class UpdateVersionInput(EditInput):
    """Terms are sent whole."""

    terms: TermsInput = sent(description="What is agreed with whoever orders under it; sent whole.")
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(
    description=(
        "What is charged; sent whole: what is left out is absent or as its default says, whatever"
        " the item of that key was before."
    )
)
class ItemInput:
    """An item is sent whole."""

    key: str = sent(
        description=(
            "By what it is found again in later versions: letters without accents, digits and _ . -"
            " ; once in a price list."
        ),
        length=characters(models.Item.key),
    )
    name: TextInput = sent(
        description="What is charged, as invoices name it.", length=characters(models.Item.name)
    )
    unit: TextInput = sent(
        description="What one of it is: a month, a call, a minute.",
        length=characters(models.Item.unit),
    )
    unit_code: str = sent(
        description="The unit's code in UN/ECE Recommendation 20; C62 is one of it.",
        default=ONE,
        length=characters(models.Item.unit_code),
    )
    unit_price: Decimal = sent(
        description="The price of one, without VAT, in euro; six decimals at most."
    )
    vat_category: VatCategory = sent(description="The rate at which it is taxed.")
    vat_exemption_code: str | None = sent(
        description="Of what is exempt, why: a code of VATEX, or else in words.",
        default=strawberry.UNSET,
        length=characters(models.Item.vat_exemption_code),
    )
    vat_exemption_text: str | None = sent(
        description="Why no tax is charged, as invoices say it.",
        default=strawberry.UNSET,
        length=characters(models.Item.vat_exemption_text),
    )
    billing_mode: BillingMode = sent(
        description="How often it is billed, and whether before or after."
    )
    billing_basis: BillingBasis = sent(
        description="Where its periods begin.", default=BillingBasis.CONTRACT
    )
    is_additional_option: bool = sent(
        description="Whether it is charged where it is booked, and not with the tariff.",
        default=False,
    )
    notice_period: TermInput | None = sent(
        description="Of an option with notice terms of its own; else it ends by its tariff's.",
        default=strawberry.UNSET,
    )
    ending_day: EndingDay | None = sent(
        description="The days on which such an option may end.", default=strawberry.UNSET
    )


@strawberry.input(description="A heading in a price list, and its items in their order.")
class PriceListSectionInput:
    """A section is sent whole."""

    title: TextInput = sent(
        description="The heading.", length=characters(models.PriceListSection.title)
    )
    items: list[ItemInput] = sent(description="What is charged under this heading, in order.")


@strawberry.input(description="The whole price list of a draft.")
class SavePriceListInput(EditInput):
    """What is not sent goes."""

    sections: list[PriceListSectionInput] = sent(
        description="The headings in their order; 500, with 10,000 items, at most.",
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="The whole price list of a draft, as a file.")
class ImportPriceListInput(EditInput):
    """What is not in the file goes."""

    upload_id: strawberry.ID = sent(
        description=(
            "The file, by its id: a CSV with a first line of the columns that priceListCsv has;"
            " commas or semicolons, decimal points or commas; 10,000 lines at most."
        )
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="Which draft is thrown away.")
class DeleteDraftInput(EditInput):
    """It goes with its price list."""

    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


TariffResult = Annotated[
    Tariff | Refusal,
    strawberry.union("TariffResult", description="The tariff, or why not."),
]
TariffVersionResult = Annotated[
    TariffVersion | Refusal,
    strawberry.union("TariffVersionResult", description="The draft, or why not."),
]
