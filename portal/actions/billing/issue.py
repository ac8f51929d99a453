"""Issuing: documents get their numbers and are written, with what they carry from then on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from portal.actions.billing.billable import Billable
from portal.actions.billing.deliver import delivery_rows
from portal.actions.billing.document_row import due_on, line_rows, vat_rows
from portal.actions.billing.payload import payload
from portal.errors import Unavailable
from portal.models import BilledSpan, Delivery, Document, DocumentLine, DocumentVat, NumberSeries
from portal.rules.billing import number
from portal.rules.billing.delivery import DeliveryCause
from portal.rules.billing.draft import Draft, DraftLine
from portal.rules.billing.number import FIRST_HASH, DocumentKind, Series
from portal.rules.billing.settlement import Addition, Kept
from portal.rules.billing.verification import new_code

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """Days that the line of another invoice carries from now on."""

    document_id: UUID
    position: int
    to_position: int
    left: Decimal
    waived: Decimal


@dataclass
class Issue:
    """Documents of some accounts, issued together on the operator's day."""

    issued_on: date
    drafts: list[tuple[Billable, Draft]] = field(default_factory=list)
    kept: list[tuple[Billable, Kept]] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    _rows: defaultdict[Any, list[Row]] = field(default_factory=lambda: defaultdict(list))

    async def write(self, connection: AsyncConnection) -> None:
        """Number and write them; the counters are locked last, and in one order."""
        for billable, change in self.kept:
            await connection.execute(_carried(billable.account.id, change))
        by_series: defaultdict[Series, list[tuple[Billable, Draft]]] = defaultdict(list)
        for billable, draft in self.drafts:
            series = number.series_of(draft.kind, is_test=billable.account.is_test)
            by_series[series].append((billable, draft))
        for series in sorted(by_series):
            await self._number(connection, series, by_series[series])
        for model in (Document, DocumentLine, DocumentVat, BilledSpan, Delivery):
            if self._rows[model]:
                await connection.execute(sa.insert(model), self._rows[model])
        for move in self.moved:
            await connection.execute(_carried_elsewhere(move, self.id_of(DocumentKind.INVOICE)))

    def id_of(self, kind: DocumentKind) -> UUID:
        """Give the document of a kind of which one was issued."""
        (id,) = (row["id"] for row in self._rows[Document] if row["kind"] is kind)
        return UUID(str(id))

    async def _number(
        self, connection: AsyncConnection, series: Series, drafts: Sequence[tuple[Billable, Draft]]
    ) -> None:
        counter = await self._counter(connection, series, drafts[0][1].kind)
        hash = counter.last_hash
        for place, (billable, draft) in enumerate(drafts, 1):
            hash = self._add(billable, draft, series, counter.last_number + place, hash)
        await connection.execute(
            sa.update(NumberSeries)
            .where(NumberSeries.key == series, NumberSeries.year == self.issued_on.year)
            .values(
                last_number=counter.last_number + len(drafts),
                last_issued_on=self.issued_on,
                last_hash=hash,
            )
        )

    async def _counter(
        self, connection: AsyncConnection, series: Series, kind: DocumentKind
    ) -> Any:
        year = self.issued_on.year
        new = insert(NumberSeries).values(
            key=series,
            year=year,
            kind=kind,
            is_test=series in (Series.TEST, Series.TESTC),
            last_number=0,
            last_issued_on=self.issued_on,
            last_hash=FIRST_HASH,
        )
        await connection.execute(new.on_conflict_do_nothing())
        found = await connection.execute(
            sa.select(NumberSeries.last_number, NumberSeries.last_issued_on, NumberSeries.last_hash)
            .where(NumberSeries.key == series, NumberSeries.year == year)
            .with_for_update()
        )
        counter = found.one()
        if counter.last_issued_on > self.issued_on:
            raise Unavailable(
                "Documents were issued on {day} already: the clock was set back.",
                day=counter.last_issued_on,
            )
        return counter

    def _add(
        self, billable: Billable, draft: Draft, series: Series, count: int, last_hash: bytes
    ) -> bytes:
        """Keep the rows of a document; give its hash."""
        id, account = uuid7(), billable.account
        owned = {"account_id": account.id, "document_id": id}
        document = {
            "account_id": account.id,
            "id": id,
            "kind": draft.kind,
            "series": series,
            "series_year": self.issued_on.year,
            "series_number": count,
            "previous_number": count - 1 or None,
            "number": number.number_of(series, self.issued_on.year, count),
            "is_test": account.is_test,
            "verification_code": new_code(),
            "issued_on": self.issued_on,
            "due_on": due_on(billable, draft, self.issued_on),
            "currency": account.currency,
            "net": draft.net,
            "vat": draft.vat,
            "gross": draft.gross,
            "corrects_id": draft.corrects,
            "retained_until": number.retained_until(self.issued_on),
        }
        lines, groups = line_rows(billable, draft), vat_rows(draft)
        says = payload(billable, draft, document, lines, groups)
        hash = number.chained(last_hash, str(document["number"]), says)
        self._keep(Document, [document], {"payload": says, "hash": hash, "xact": 0})
        self._keep(DocumentLine, lines, owned | {"xact": 0})
        self._keep(DocumentVat, groups, owned | {"xact": 0})
        self._keep(Delivery, _deliveries(billable, id), {"account_id": account.id})
        self._keep(BilledSpan, _spans(draft.lines), owned)
        return hash

    def _keep(self, model: Any, rows: Iterable[Row], beside: Row) -> None:
        self._rows[model] += [{"id": uuid7()} | row | beside for row in rows]


def _deliveries(billable: Billable, document_id: UUID) -> list[Row]:
    """Give to whom the document is sent, as the contract has it."""
    contract = billable.contract
    if contract is None:
        raise LookupError("Nobody issues a document without a contract.")
    recipients = contract.document_delivery.recipients
    return delivery_rows(contract, document_id, recipients, DeliveryCause.ISSUED, document_id)


def _spans(lines: Iterable[DraftLine]) -> list[Row]:
    """Give what lines carry from now on."""
    return [
        {
            "position": position,
            "source_id": charge.source_id,
            "item_key": charge.item.key,
            "first_day": line.about.first_day,
            "last_day": line.about.last_day,
            "period_days": charge.period_days,
            "quantity": charge.line.quantity,
            "unit_price": charge.line.price,
            "tariff_id": charge.basis.tariff_id,
            "vat_category": charge.basis.vat_category,
            "vat_treatment": charge.basis.vat_treatment,
            "net_left": line.net,
            "is_correction": isinstance(line.about, Addition) and line.about.is_correction,
        }
        for position, line in enumerate(lines, 1)
        if (charge := line.charge) is not None
    ]


def _carried(account_id: UUID, change: Kept) -> Any:
    span = (
        BilledSpan.account_id == account_id,
        BilledSpan.document_id == change.billed.document_id,
        BilledSpan.position == change.billed.position,
    )
    if change.last_day is None:
        return sa.delete(BilledSpan).where(*span)
    values = {"last_day": change.last_day, "net_left": change.left, "net_waived": change.waived}
    return sa.update(BilledSpan).where(*span).values(**values)


def _carried_elsewhere(move: Moved, id: UUID) -> Any:
    return (
        sa.update(BilledSpan)
        .where(BilledSpan.document_id == move.document_id, BilledSpan.position == move.position)
        .values(
            document_id=id,
            position=move.to_position,
            net_left=move.left,
            net_waived=move.waived,
        )
    )
