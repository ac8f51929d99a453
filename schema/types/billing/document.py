"""Documents: what was billed, and what was credited of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.language.messages import said, translate
from portal.printing.einvoice import SENTENCES, EInvoiceProblem, problems_of_ubl
from portal.rules.billing.delivery import DeliveryCause, DeliveryState
from portal.rules.billing.file_kind import DocumentFileKind
from portal.rules.billing.kept_line import cost_line
from portal.rules.modules.cost_reason import cost_reasons
from resolvers.context import Context
from resolvers.listing import Order
from resolvers.points import REASON
from resolvers.queries.billing.document import credited, is_credited, left, printed, version
from resolvers.queries.billing.document_file import links_of
from schema.access import FINANCIAL_READERS
from schema.criteria import by, criteria
from schema.criterion import any_of, exactly, within
from schema.fields import column, expression, function, itself, many, of_model, one, own_id, value
from schema.types.billing.kinds import DocumentKind, TaxCategory
from schema.types.document_delivery import DocumentDeliveryMode
from schema.types.modules.cost import CostReason
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.account import Account

described(
    EInvoiceProblem,
    "What was not known at issue, so that a document is no electronic invoice.",
    SELLER_VAT_NUMBER="The operator's VAT number.",
    SELLER_REGISTRATION_NUMBER="The operator's number in a register.",
    SELLER_IBAN="The operator's bank account.",
    SELLER_CONTACT="Somebody at the operator's, with telephone number and e-mail address.",
    SELLER_ELECTRONIC_ADDRESS="The operator's address in the Peppol network.",
    BUYER_NUMBER="Any number of the customer, who accounts for the VAT.",
    BUYER_ELECTRONIC_ADDRESS="The customer's address for electronic invoices.",
    BUYER_REFERENCE="The customer's reference or purchase order number.",
)

described(
    DeliveryCause,
    "Why a document is sent to somebody.",
    ISSUED="It was new, and its recipients were to get it.",
    RESENT="Somebody asked for it.",
)
described(
    DeliveryState,
    "What became of a document that is sent to somebody.",
    QUEUED="It waits, or is on its way.",
    SENT="A mail server took it.",
    FAILED="No mail server took it.",
    WITHHELD="It is of a test account, and was to go to somebody who is no member.",
)
described(
    DocumentFileKind,
    "A form of a document.",
    PDF="For people, with the same invoice as XML inside (Factur-X) where it can be one.",
    UBL="XML as Peppol BIS Billing 3 has it, or XRechnung for a Leitweg-ID.",
    CII="XML as EN 16931 has it: what is inside the PDF.",
)

_IN_ORDER = Order((lambda row: row.position,), goes_by="position")
_OLDEST_DELIVERY = Order((lambda row: row.queued_at, lambda row: row.id), goes_by="queued_at")
_OLDEST = Order((lambda row: row.issued_on, lambda row: row.id), goes_by="issued_on")
_USUAL_REASONS = 2
_USUAL_FILES = 3


@strawberry.type(description="A file of a document, to be downloaded.")
class DocumentFile:
    """Made when it is downloaded first, and from then on the same bytes."""

    kind: DocumentFileKind = value(description="Its form.")
    url: str = value(
        description="Where it is, after the portal's own address: for whoever asked for it, as long"
        " as their login holds and they may read it."
    )
    expires_at: datetime = value(description="When the link is over: 15 minutes after the answer.")
    sha256: str | None = value(
        description="Its SHA-256 in hexadecimal digits; null before it was downloaded first."
    )
    size: int | None = value(description="Its bytes; null before it was downloaded first.")


async def _files(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[DocumentFile]]:
    return [
        [DocumentFile(**asdict(link)) for link in links] for links in await links_of(context, rows)
    ]


@strawberry.type(description="Something that was not known when a document was issued.")
class MissingForEInvoice:
    """What it is, and why that matters."""

    code: EInvoiceProblem = value(description="What, for programs.")
    sentence: str = value(description="What, in the viewer's language.")


@strawberry.type(description="Who is named on a document, as on the day of its issue.")
class DocumentBuyer:
    """A document, seen for whom it is addressed to."""

    name: str | None = expression(
        EVERYONE, printed("buyer", "name"), description="The name of the person or organisation."
    )
    attention: str | None = expression(
        EVERYONE,
        printed("buyer", "attention"),
        description="The person or department there that opens it.",
    )
    street: str | None = expression(
        EVERYONE, printed("buyer", "street"), description="Street and number."
    )
    extra: str | None = expression(
        EVERYONE, printed("buyer", "extra"), description="A second line of the address."
    )
    postal_code: str | None = expression(
        EVERYONE,
        printed("buyer", "postalCode"),
        description="Where the street is, as the post sorts it.",
    )
    city: str | None = expression(
        EVERYONE, printed("buyer", "city"), description="The town or city."
    )
    country: str | None = expression(
        EVERYONE, printed("buyer", "country"), description="The country, ISO 3166-1 alpha-2."
    )
    vat_number: str | None = expression(
        EVERYONE, printed("buyer", "vatNumber"), description="The VAT number, where it is printed."
    )


async def _reasons(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[list[CostReason]]:
    language = context.viewer.language
    return [
        [
            CostReason(rule=one.rule, since=one.since, sentence=said(one.phrase, language))
            for one in (cost_reasons(cost_line(priced)) if priced else ())
        ]
        for (priced,) in rows
    ]


async def _missing(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> list[list[MissingForEInvoice]]:
    language = context.viewer.language
    return [
        [
            MissingForEInvoice(code=one, sentence=translate(SENTENCES[one], language))
            for one in problems_of_ubl(payload)
        ]
        for (payload,) in rows
    ]


@of_model(models.DocumentLine, description="What is charged or credited, for some days.")
class DocumentLine:
    """A line: quantity x unit price / base quantity, rounded half up to cents, once."""

    position: int = column(EVERYONE, description="Its place, from 1 on.")
    module: str = column(EVERYONE, description="The module, as it was called.")
    name: str = column(EVERYONE, description="What is charged, as the document names it.")
    item_key: str = column(
        EVERYONE, description="By what programs know the thing that was charged."
    )
    first_day: date = column(EVERYONE, description="The first day that it is about.")
    last_day: date = column(EVERYONE, description="The last day that it is about.")
    quantity: Decimal = column(EVERYONE, description="How many, or for days: days times how many.")
    unit: str = column(EVERYONE, description="What is counted: a month, a call, a minute.")
    unit_code: str = column(EVERYONE, description="The same by UN/ECE Recommendation 20.")
    base_quantity: Decimal = column(
        EVERYONE, description="For how many of the quantity the unit price is."
    )
    unit_price: Decimal = column(EVERYONE, description="The price, without VAT.")
    net: Decimal = column(EVERYONE, description="The amount, without VAT.")
    vat_category: TaxCategory = column(EVERYONE, description="How it is taxed.")
    vat_rate: Decimal = column(EVERYONE, description="At how many per cent.")
    share_days: int | None = column(
        EVERYONE, description="Days that it is about, of a period; null for the whole of it."
    )
    share_of_days: int | None = column(
        EVERYONE, description="Days of that whole period; null where it is about all of them."
    )
    is_correction: bool = column(
        EVERYONE, description="Whether it charges more for days that were billed already."
    )
    left: Decimal = expression(
        EVERYONE,
        left,
        description="Of a line of an invoice: what no credit note has taken back, without VAT.",
    )
    reasons: list[CostReason] = function(
        EVERYONE,
        _reasons,
        ("priced",),
        weight=REASON,
        usual=_USUAL_REASONS,
        description="Why one costs that, part by part; none of what is credited.",
    )


@of_model(models.DocumentVat, description="The lines of a document that are taxed alike.")
class DocumentVat:
    """A group: VAT is worked out on the sum of its lines."""

    category: TaxCategory = column(EVERYONE, description="How they are taxed.")
    rate: Decimal = column(EVERYONE, description="At how many per cent.")
    net: Decimal = column(EVERYONE, description="The sum of the lines.")
    vat: Decimal = column(
        EVERYONE, description="The tax on the sum of these lines, half up to cents."
    )
    code: str | None = column(EVERYONE, description="Why there is none, by its code (VATEX).")
    text: str | None = column(EVERYONE, description="Why there is none, as the document says.")


@of_model(models.Delivery, description="A document that was sent to somebody.")
class Delivery:
    """Once for each cause."""

    recipient: str = column(EVERYONE, description="The e-mail address; empty once it was erased.")
    cause: DeliveryCause = column(EVERYONE, description="Why it was sent.")
    mode: DocumentDeliveryMode = column(EVERYONE, description="As attachment, or as a link.")
    with_ubl: bool = column(EVERYONE, description="Whether the XML (UBL) goes with it.")
    state: DeliveryState = column(EVERYONE, description="What became of it.")
    queued_at: datetime = column(EVERYONE, description="When it was to be sent.")
    sent_at: datetime | None = column(
        EVERYONE, description="When a mail server took it; null before."
    )


@of_model(models.Document, description="An invoice, or a credit note of one.")
class Document(Node):
    """A document stays as it was issued; a credit note takes back what was billed too much."""

    id: strawberry.ID = own_id()
    account: Annotated["Account", strawberry.lazy("schema.types.account")] | None = one(
        FINANCIAL_READERS,
        models.Account,
        lambda document, account, _: account.id == document.account_id,
        description="The account that is billed.",
    )
    version: int | None = expression(
        FINANCIAL_READERS,
        version,
        description="Always 1, for expectedVersion: it stays as it was issued.",
    )
    number: str | None = column(
        FINANCIAL_READERS, description="Its number: without gaps, of its kind and its year."
    )
    kind: DocumentKind | None = column(
        FINANCIAL_READERS, description="Whether it asks for money or gives it back."
    )
    is_test: bool | None = column(
        FINANCIAL_READERS, description="Whether it is of a test account, and nothing to be paid."
    )
    issued_on: date | None = column(FINANCIAL_READERS, description="The day of its issue.")
    due_on: date | None = column(FINANCIAL_READERS, description="The day until which to pay it.")
    currency: str | None = column(FINANCIAL_READERS, description="The currency of its amounts.")
    net: Decimal | None = column(FINANCIAL_READERS, description="The sum of its lines.")
    vat: Decimal | None = column(FINANCIAL_READERS, description="The VAT of all its groups.")
    gross: Decimal | None = column(
        FINANCIAL_READERS, description="The whole amount: to be paid, or given back."
    )
    credited: Decimal | None = expression(
        FINANCIAL_READERS,
        credited,
        description="What credit notes took back of it, with VAT; 0.00 for a credit note.",
    )
    is_credited: bool | None = expression(
        FINANCIAL_READERS,
        is_credited,
        description="Whether credit notes have taken back all of it.",
    )
    reason: str | None = expression(
        FINANCIAL_READERS,
        printed("reason"),
        description="Why it was made by hand, as it is printed; null where a run issued it.",
    )
    buyer: DocumentBuyer | None = itself(
        FINANCIAL_READERS, description="To whom it is addressed, as on the day of its issue."
    )
    purchase_order_number: str | None = expression(
        FINANCIAL_READERS,
        printed("purchaseOrderNumber"),
        description="The customer's reference, as on the day of its issue.",
    )
    lines: list[DocumentLine] | None = many(
        FINANCIAL_READERS,
        models.DocumentLine,
        lambda document, line, _: sa.and_(
            line.account_id == document.account_id, line.document_id == document.id
        ),
        _IN_ORDER,
        description="What it charges or credits, in order.",
    )
    vat_groups: list[DocumentVat] | None = many(
        FINANCIAL_READERS,
        models.DocumentVat,
        lambda document, group, _: sa.and_(
            group.account_id == document.account_id, group.document_id == document.id
        ),
        _IN_ORDER,
        description="Its VAT, a group for each category and rate.",
    )
    files: list[DocumentFile] | None = function(
        FINANCIAL_READERS,
        _files,
        ("id", "payload"),
        weight=REASON,
        usual=_USUAL_FILES,
        description="Its files: a PDF always, and XML where nothing is missing for it.",
    )
    deliveries: list[Delivery] | None = many(
        FINANCIAL_READERS,
        models.Delivery,
        lambda document, delivery, _: sa.and_(
            delivery.account_id == document.account_id, delivery.document_id == document.id
        ),
        _OLDEST_DELIVERY,
        description="To whom it was sent, the earliest first.",
    )
    e_invoice_problems: list[MissingForEInvoice] | None = function(
        FINANCIAL_READERS,
        _missing,
        ("payload",),
        weight=REASON,
        usual=_USUAL_REASONS,
        description="Why there is no UBL of it; empty where there is. It was issued anyway.",
    )
    corrects: Annotated["Document", strawberry.lazy(__name__)] | None = one(
        FINANCIAL_READERS,
        models.Document,
        lambda note, invoice, _: sa.and_(
            invoice.account_id == note.account_id, invoice.id == note.corrects_id
        ),
        description="The invoice that a credit note takes back from.",
    )
    corrected_by: list[Annotated["Document", strawberry.lazy(__name__)]] | None = many(
        FINANCIAL_READERS,
        models.Document,
        lambda invoice, note, _: sa.and_(
            note.account_id == invoice.account_id, note.corrects_id == invoice.id
        ),
        _OLDEST,
        description="The credit notes of an invoice, the oldest first.",
    )


DOCUMENTS = criteria(
    Document,
    "documents",
    any_of("kind", "Is exactly this."),
    exactly("number", "Has exactly this number."),
    exactly("is_test", "Is of a test account, or is not."),
    within("issued_on"),
    orders=(by("issued_on", "The day of its issue, the earliest first."),),
)
