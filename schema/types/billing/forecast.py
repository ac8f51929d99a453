"""What will be billed next, if nothing changes until then."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from portal.actions.billing.billable import Billable
from portal.actions.billing.document_row import Row, due_on, line_rows, vat_rows
from portal.models import Document, DocumentLine, DocumentVat
from portal.rules.billing.draft import Draft
from resolvers.context import Context
from resolvers.queries.billing.forecast import foreseen
from schema.fields import value
from schema.types.billing.kinds import DocumentKind, TaxCategory


@strawberry.type(description="A line that is foreseen.")
class ForecastLine:
    """As ``DocumentLine``, and of no document yet."""

    module: str = value(description="For which service it is charged, by its name.")
    name: str = value(description="What is charged.")
    first_day: date = value(description="The first day that it is about.")
    last_day: date = value(description="The last day that it is about.")
    quantity: Decimal = value(description="How many, or for days: days times how many.")
    unit: str = value(description="What is counted: a month, a call, a minute.")
    base_quantity: Decimal = value(description="For how many of the quantity the unit price is.")
    unit_price: Decimal = value(description="The price, without VAT.")
    net: Decimal = value(description="The amount, without VAT.")
    vat_category: TaxCategory = value(description="How it is taxed.")
    vat_rate: Decimal = value(description="At how many per cent.")
    share_days: int | None = value(
        description="Days that it is about, of a period; null for the whole of it."
    )
    share_of_days: int | None = value(
        description="Days of that whole period; null where it is about all of them."
    )


@strawberry.type(description="Lines that are foreseen, and taxed alike.")
class ForecastVat:
    """As ``DocumentVat``, and of no document yet."""

    category: TaxCategory = value(description="How they are taxed.")
    rate: Decimal = value(description="At how many per cent.")
    net: Decimal = value(description="The sum of the lines.")
    vat: Decimal = value(description="The tax on the sum of these lines, half up to cents.")
    text: str | None = value(description="Why there is none, as the document will say.")


@strawberry.type(description="An invoice or a credit note that is foreseen: it has no number.")
class DraftDocument:
    """Nothing is kept of it."""

    kind: DocumentKind = value(description="Whether it will ask for money or give it back.")
    due_on: date = value(description="The day until which to pay it.")
    net: Decimal = value(description="The sum of its lines.")
    vat: Decimal = value(description="The VAT of all its groups.")
    gross: Decimal = value(description="The whole amount.")
    lines: list[ForecastLine] = value(description="What it will charge or credit, in order.")
    vat_groups: list[ForecastVat] = value(description="Its VAT, by category and rate.")


@strawberry.type(description="What is billed on a day to come, if nothing changes until then.")
class InvoiceForecast:
    """The documents of one day."""

    on: date = value(description="The day on which they will be issued; today for what is late.")
    documents: list[DraftDocument] = value(description="What will be issued.")


async def next_invoices(
    context: Context, rows: Sequence[tuple[Any, ...]]
) -> list[list[InvoiceForecast]]:
    """Answer for accounts and months; nothing for one that nothing could be billed to."""
    return [
        [
            InvoiceForecast(
                on=day, documents=[draft_document(found[0], draft, day) for draft in drafts]
            )
            for day, drafts in found[1]
        ]
        if found
        else []
        for found in await foreseen(context, rows)
    ]


def draft_document(billable: Billable, draft: Draft, day: date) -> DraftDocument:
    """Give what a document says that a run of a day would issue."""
    return DraftDocument(
        kind=draft.kind,
        due_on=due_on(billable, draft, day),
        net=draft.net,
        vat=draft.vat,
        gross=draft.gross,
        lines=[ForecastLine(**_shown(ForecastLine, row)) for row in line_rows(billable, draft)],
        vat_groups=[ForecastVat(**_shown(ForecastVat, row)) for row in vat_rows(draft)],
    )


def issued_document(
    document: Document, lines: Sequence[DocumentLine], groups: Sequence[DocumentVat]
) -> DraftDocument:
    """Give what a document says that is issued, and may be taken back with its transaction."""
    return DraftDocument(
        **{name: getattr(document, name) for name in ("kind", "due_on", "net", "vat", "gross")},
        lines=[ForecastLine(**_read(ForecastLine, line)) for line in lines],
        vat_groups=[ForecastVat(**_read(ForecastVat, group)) for group in groups],
    )


def _read(kind: type, row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in kind.__annotations__}


def _shown(kind: type, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in kind.__annotations__}
