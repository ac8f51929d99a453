"""Invoices that a manager writes: of items at their prices, or of other ones, or of words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.billing.billable import Billable
from portal.actions.billing.by_hand import billable_of, locked_account
from portal.actions.billing.document_row import PIECE
from portal.actions.billing.issue import Issue
from portal.actions.books import check_open
from portal.actions.modules.price_list import items_on
from portal.actions.modules.priced import priced
from portal.clock import OPERATOR_ZONE
from portal.errors import InvalidInput, NotFound, RuleBroken, check_all, faults_below
from portal.language.messages import translate
from portal.models import Document, Item, Module, ModuleSubscription
from portal.models.text import text_of
from portal.rules.billing.charge import Basis
from portal.rules.billing.draft import Draft, DraftLine, Quantity, Written
from portal.rules.billing.manual_charge import (
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_LINES,
    ManualLine,
    net_of,
)
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.problem import SENTENCES, NotBillable
from portal.rules.billing.total import invoice_totals
from portal.rules.billing.vat import TaxCategory, vat_group
from portal.rules.calendar import local_day
from portal.rules.catalogue.terms import VatCategory
from portal.rules.catalogue.unit import ONE
from portal.rules.contract.payment_terms import PaymentTerms, check_payment_terms
from portal.rules.form import line as one_line

_LINES = ("input", "lines")
_ONE = Decimal(1)
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as it was sent, with the module that has its item."""

    line: ManualLine
    subscription_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is to be issued to whom: lines, the terms of this one where it has its own, and why."""

    account_id: UUID | None
    lines: Sequence[Wanted]
    terms: PaymentTerms | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What a line says and costs, and how it is taxed."""

    written: Written
    unit_price: Decimal
    basis: Basis
    item: Item | None = None


async def charge(session: AsyncSession, wanted: Invoice, now: datetime) -> Document:
    """Issue an invoice of lines that somebody wrote."""
    if not 1 <= len(wanted.lines) <= MOST_LINES:
        raise InvalidInput("Must be from 1 to {most} lines.", path=_LINES, most=MOST_LINES)
    if wanted.terms is not None:
        with faults_below("input", "terms"):
            with faults_below("name"):
                one_line(wanted.terms.name, _LONGEST_NAME)
            check_payment_terms(wanted.terms)
    check_all(*(partial(_check, index, one) for index, one in enumerate(wanted.lines)))
    today = local_day(now, OPERATOR_ZONE)
    account = await locked_account(session, wanted.account_id, ("input", "accountId"))
    billable = await billable_of(session, account.id, today)
    lines = [
        await _line(session, billable, today, index, one) for index, one in enumerate(wanted.lines)
    ]
    if len({line.group.category is TaxCategory.O for line in lines}) > 1:
        raise RuleBroken("What is not subject to VAT stands on an invoice of its own.", path=_LINES)
    totals = invoice_totals((line.group, line.net) for line in lines)
    draft = Draft(
        DocumentKind.INVOICE,
        tuple(lines),
        tuple(totals),
        reason=wanted.reason,
        terms=wanted.terms,
    )
    issue = Issue(today, [(billable, draft)])
    await issue.write(await session.connection())
    return await session.get_one(Document, issue.id_of(DocumentKind.INVOICE))


def _check(index: int, wanted: Wanted) -> None:
    with faults_below(*_LINES, str(index)):
        wanted.line.check()


async def _line(
    session: AsyncSession, billable: Billable, today: date, index: int, wanted: Wanted
) -> DraftLine:
    line = wanted.line
    with faults_below(*_LINES, str(index)):
        if line.first_day < today:
            await check_open(session, line.first_day, ("firstDay",))
        if line.item_key is None:
            found = _of_words(billable, line)
        else:
            found = await _of_item(session, billable, wanted)
        net = net_of(line.quantity, found.unit_price)
        try:
            group = vat_group(found.basis, billable.parties(today), line.last_day)
        except NotBillable as problem:
            raise RuleBroken(SENTENCES[problem.code], **problem.values) from problem
    group = billable.with_reason(group, found.item)
    quantity = Quantity(line.quantity, _ONE, found.unit_price)
    return DraftLine(found.written, quantity, net, group, None)


def _of_words(billable: Billable, line: ManualLine) -> _Found:
    # Checked: their forms, and that what is no item has a price and a rate.
    text = one_line(line.text or "", LONGEST_TEXT)
    unit = one_line(line.unit, LONGEST_UNIT) if line.unit else ""
    unit = unit or translate(PIECE, billable.account.language)
    written = Written(
        "", text, "MANUAL", unit, line.unit_code or ONE, line.first_day, line.last_day
    )
    price, category = line.unit_price or Decimal(), line.vat_category or VatCategory.STANDARD
    return _Found(written, price, Basis(None, category, None))


async def _of_item(session: AsyncSession, billable: Billable, wanted: Wanted) -> _Found:
    """Find the price of the first day that was agreed with this customer."""
    line, language = wanted.line, billable.account.language
    subscription = await session.scalar(
        sa.select(ModuleSubscription).where(
            ModuleSubscription.id == wanted.subscription_id,
            ModuleSubscription.account_id == billable.account.id,
        )
    )
    if subscription is None:
        raise NotFound("The account has no such module.", path=("moduleSubscriptionId",))
    item = (await items_on(session, subscription, line.first_day)).get(line.item_key or "")
    if item is None:
        raise NotFound("The price list of that day has no such item.", path=("itemKey",))
    prices = (await priced(session, subscription)).prices(line.first_day)
    price = next(one for one in prices if one.key == item.key)
    module = await session.get_one(Module, subscription.module_id)
    written = Written(
        text_of(module, "name").in_language(language),
        text_of(item, "name").in_language(language),
        item.key,
        text_of(item, "unit").in_language(language),
        item.unit_code,
        line.first_day,
        line.last_day,
    )
    if line.unit is not None or line.unit_code is not None:
        raise InvalidInput("An item has its unit.", path=("unit",))
    basis = Basis(None, line.vat_category or item.vat_category, price.vat_treatment)
    paid = price.price if line.unit_price is None else line.unit_price
    return _Found(written, paid, basis, item)
