"""What ``portal init`` reads: the operator, its terms, documents, modules and tariffs, as YAML."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    ValidationInfo,
    field_validator,
)

from portal.models.contract.consent import ConsentDocumentKind
from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Renewal,
    TermUnit,
    VatCategory,
)
from portal.rules.contract.payment_terms import PaymentMethod


class Part(BaseModel):
    """A part of the file, in which nothing may stand that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def values(self, *others: str) -> dict[str, Any]:
        """Give what the actions take, but for parts of other names."""
        return self.model_dump(exclude={*others})


class Text(Part):
    """A text in the operator's language, and in others."""

    value: str
    nl: str | None = None
    de: str | None = None
    en: str | None = None


class _Named(Part):
    """Texts may stand as they are, where nothing translates them."""

    @field_validator("name", "description", "title", "unit", mode="before", check_fields=False)
    @classmethod
    def _text(cls, given: Any) -> Any:
        return given if isinstance(given, dict) else {"value": given}


def _content(given: Any, info: ValidationInfo) -> Any:
    """Give a file that stands in the text (``!!binary``), or beside it under a name."""
    if not isinstance(given, str) or info.context is None:
        return given
    try:
        file = info.context["folder"] / given
        if file.stat().st_size > info.context["most"]:
            raise ValueError(f"{given} may have {info.context['most']} bytes at most")
        return file.read_bytes()
    except OSError as fault:
        raise ValueError(f"{given} cannot be read: {fault.strerror}") from None


File = Annotated[bytes, BeforeValidator(_content)]


class Address(Part):
    """Where the operator is; its name is the legal one."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    attention: str | None = None
    extra: str | None = None


class Operator(Part):
    """Who the operator is."""

    address: Address
    registration_number: str | None = None
    vat_number: str | None = None
    iban: str | None = None
    bic: str | None = None
    creditor_id: str | None = None
    peppol_endpoint: str | None = None
    contact_name: str | None = None
    telephone: str | None = None
    email: str | None = None
    colour: str | None = None
    logo: File | None = None


class PaymentTerms(Part):
    """The payment terms of new contracts."""

    name: str
    due_days: int
    method: PaymentMethod
    discount_percent: Decimal | None = None
    discount_days: int | None = None


class DocumentText(Part):
    """What a document says in a language, as text or as a PDF."""

    title: str
    body: str | None = None
    pdf: File | None = None


class DocumentTexts(Part):
    """What a document says, in each language."""

    nl: DocumentText
    de: DocumentText
    en: DocumentText


class Document(Part):
    """A version of a document to consent to, in each language."""

    kind: ConsentDocumentKind
    version: str
    published_on: date | None = None
    asks_agreement: bool = True
    texts: DocumentTexts


class Term(Part):
    """A length of time."""

    count: int
    unit: TermUnit


class Terms(Part):
    """For how long a tariff binds, and when it may end."""

    initial_term: Term
    renewal: Renewal
    renewal_term: Term | None = None
    notice_period: Term
    ending_day: EndingDay
    change_free_of_notice: bool = False
    term_continues: bool = False


_NONE = Term(count=0, unit=TermUnit.DAYS)
STAND_IN_TERMS = Terms(
    initial_term=_NONE,
    renewal=Renewal.OPEN_ENDED,
    notice_period=_NONE,
    ending_day=EndingDay.ANY_DAY,
)
"""Terms without a fault, where others have one."""


class Item(_Named):
    """What is charged."""

    key: str
    name: Text
    unit: Text
    unit_code: str = "C62"
    unit_price: Decimal
    vat_category: VatCategory = VatCategory.STANDARD
    vat_exemption_code: str | None = None
    vat_exemption_text: str | None = None
    billing_mode: BillingMode
    billing_basis: BillingBasis = BillingBasis.CONTRACT
    is_additional_option: bool = False
    notice_period: Term | None = None
    ending_day: EndingDay | None = None


class Section(_Named):
    """A heading of a price list, and its items."""

    title: Text
    items: list[Item]


class Tariff(_Named):
    """A tariff, with the version that is published."""

    name: Text
    offer_number: str | None = None
    offer_expires_on: date | None = None
    offer_most_uses: int | None = None
    closed_from: date | None = None
    valid_from: date | None = None
    terms: Terms
    price_list: list[Section]


class Module(_Named):
    """A module, and the tariffs by which it can be had."""

    key: str
    name: Text
    description: Text
    is_single_booking: bool = True
    retired_from: date | None = None
    data_schema: dict[str, JsonValue] = {"type": "object", "additionalProperties": False}
    tariffs: list[Tariff] = []


class OperatorFile(Part):
    """The whole; what is there already stays as it is."""

    operator: Operator | None = None
    payment_terms: PaymentTerms | None = None
    documents: list[Document] = []
    modules: list[Module] = []
