"""Crediting an invoice by hand, and issuing it again with the addresses of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.billing.billable import Billable, billables, read_invoices
from portal.actions.billing.issue import Issue, Moved
from portal.clock import OPERATOR_ZONE
from portal.errors import Conflict, InvalidInput, NotFound, RuleBroken
from portal.models import Account, Document, DocumentLine
from portal.rules.billing.by_hand import InvoiceLine, Wanted, credited, repeated
from portal.rules.billing.draft import Draft, DraftLine, Quantity, Written
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.problem import SENTENCES, NotBillable
from portal.rules.billing.settlement import NOTHING, Kept
from portal.rules.billing.total import credit_totals, invoice_totals
from portal.rules.calendar import check_coming, local_day

MOST_LINES = 100
"""How many lines are named at once; an invoice of more is credited whole, or in parts."""
_ID = ("input", "id")
_LINES = ("input", "lines")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which invoice it is about, why, and what of it was credited when that was read."""

    document_id: UUID | None
    reason: str
    expected_credited: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    """An invoice of an account that is locked."""

    today: date
    billable: Billable
    document: Document
    lines: Sequence[InvoiceLine]

    def credit_note(self, lines: Sequence[DraftLine], reason: str) -> Draft:
        of = self.billable.issued[self.document.id]
        totals = credit_totals(((one.group, one.net) for one in lines), of.invoiced, of.credited)
        corrects = self.document.id
        return Draft(DocumentKind.CREDIT_NOTE, tuple(lines), tuple(totals), corrects, reason=reason)


async def credit(
    session: AsyncSession, wish: Wish, wanted: Sequence[Wanted], now: datetime
) -> Document:
    """Take back lines of an invoice, or all that is left of it; no run bills that again."""
    if len(wanted) > MOST_LINES:
        raise InvalidInput("Must be from 1 to {most} lines.", path=_LINES, most=MOST_LINES)
    opened = await _opened(session, wish, now)
    lines = credited(opened.lines, wanted)
    issue = Issue(opened.today, [(opened.billable, opened.credit_note(lines, wish.reason))])
    net_of = {line.corrects_position: line.net for line in lines}
    for row in opened.billable.billed:
        if row.document_id == opened.document.id and (net := net_of.get(row.position)):
            change = Kept(row, row.last_day, row.left - net, row.waived + net)
            issue.kept.append((opened.billable, change))
    await issue.write(await session.connection())
    return await session.get_one(Document, issue.id_of(DocumentKind.CREDIT_NOTE))


async def reissue(
    session: AsyncSession, wish: Wish, due_on: date | None, now: datetime
) -> Document:
    """Credit what is left of an invoice, and issue that again: other addresses, another number."""
    opened = await _opened(session, wish, now)
    document, billable = opened.document, opened.billable
    if due_on is None:
        due_on = max(document.due_on, opened.today)
    check_coming(due_on, opened.today, path=("input", "dueOn"))
    lines = repeated(opened.lines)
    totals = invoice_totals((line.group, line.net) for line in lines)
    again = Draft(
        DocumentKind.INVOICE,
        tuple(lines),
        tuple(totals),
        reason=wish.reason,
        replaces=document.id,
        due_on=due_on,
    )
    issue = Issue(opened.today, [(billable, again)])
    is_whole = not any(line.left for line in opened.lines)
    if not is_whole:
        issue.drafts.append((billable, opened.credit_note(lines, wish.reason)))
    waived = {line.position: NOTHING if is_whole else line.waived for line in opened.lines}
    issue.moved += [
        Moved(document.id, of, place, line.net, waived[of])
        for place, line in enumerate(lines, 1)
        if (of := line.corrects_position) is not None
    ]
    await issue.write(await session.connection())
    return await session.get_one(Document, issue.id_of(DocumentKind.INVOICE))


async def _opened(session: AsyncSession, wish: Wish, now: datetime) -> _Opened:
    document = await session.get(Document, wish.document_id) if wish.document_id else None
    if document is None:
        raise NotFound("There is no such document, or you may not see it.", path=_ID)
    account = await locked_account(session, document.account_id, _ID)
    if document.kind is not DocumentKind.INVOICE:
        raise RuleBroken("A credit note is not credited: issue the invoice again.", path=_ID)
    today = local_day(now, OPERATOR_ZONE)
    billable = await billable_of(session, account.id, today)
    if document.id not in billable.invoices:
        await read_invoices(session, {account.id: billable}, {document.id})
    opened = _Opened(today, billable, document, await _lines(session, billable, document))
    _check_credited(opened, wish.expected_credited)
    return opened


async def locked_account(session: AsyncSession, id: UUID | None, path: Sequence[str]) -> Account:
    """Lock an account to which something is issued by hand."""
    account = await session.scalar(sa.select(Account).where(Account.id == id).with_for_update())
    if account is None:
        raise NotFound("There is no such row, or you may not see it.", path=path)
    if account.deleted_at is not None:
        raise Conflict("This account was deleted.", path=path)
    return account


async def billable_of(session: AsyncSession, account_id: UUID, today: date) -> Billable:
    """Give an account to which something can be billed, or say what is in the way."""
    for billable in await billables(session, [account_id], today):
        try:
            billable.parties(today)
        except NotBillable as problem:
            raise RuleBroken(SENTENCES[problem.code], **problem.values) from problem
        return billable
    raise RuleBroken("Nobody has said yet from which day on is billed: the operator does.")


async def _lines(
    session: AsyncSession, billable: Billable, document: Document
) -> list[InvoiceLine]:
    found = await session.execute(
        sa.select(DocumentLine.corrects_position, sa.func.sum(DocumentLine.net))
        .join(Document, Document.id == DocumentLine.document_id)
        .where(Document.corrects_id == document.id)
        .group_by(DocumentLine.corrects_position)
    )
    taken: dict[int | None, Decimal] = {row[0]: row[1] for row in found}
    waived = {row.position: row.waived for row in billable.billed if row.document_id == document.id}
    groups = billable.issued[document.id].groups
    return [
        InvoiceLine(
            Written(
                *(line.module, line.name, line.item_key, line.unit, line.unit_code),
                *(line.first_day, line.last_day),
                is_correction=line.is_correction,
                priced=line.priced,
            ),
            position,
            Quantity(line.quantity, line.base_quantity, line.unit_price),
            line.net,
            groups[position],
            _share(line),
            line.net - taken.get(position, NOTHING),
            waived.get(position, NOTHING),
        )
        for (id, position), line in sorted(billable.lines.items(), key=lambda one: one[0][1])
        if id == document.id
    ]


def _share(line: DocumentLine) -> tuple[int, int] | None:
    if line.share_days is None or line.share_of_days is None:
        return None
    return line.share_days, line.share_of_days


def _check_credited(opened: _Opened, expected: Decimal | None) -> None:
    """Refuse where another credit note came between what was read and now."""
    of = opened.billable.issued[opened.document.id].credited.values()
    gross = sum((one.net + one.vat for one in of), NOTHING)
    if expected is not None and expected != gross:
        raise Conflict(
            "Other credit notes of this document were issued meanwhile: look at it again.",
            path=("input", "expectedCredited"),
        )
