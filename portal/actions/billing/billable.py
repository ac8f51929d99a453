"""Everything that decides what accounts are billed, read for many of them at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.module_terms import ModuleTerms
from portal.actions.modules.priced import priced_of
from portal.language.messages import translate
from portal.models import (
    Account,
    BilledSpan,
    BillingStart,
    Contract,
    Document,
    DocumentLine,
    DocumentVat,
    Item,
    Module,
    ModuleSubscription,
    OperatorProfile,
)
from portal.models.contract.operator_profile import of_day
from portal.rules.billing.charge import Basis, Charge, Source, foreseen
from portal.rules.billing.draft import Draft, Issued, drafts
from portal.rules.billing.forecast import by_day
from portal.rules.billing.problem import NotBillable, ProblemCode
from portal.rules.billing.settlement import Billed, Settlement, settle
from portal.rules.billing.total import NONE, GroupKey, Sum
from portal.rules.billing.vat import REASONS, Parties, TaxCategory, VatGroup, vat_group


@dataclass(frozen=True, slots=True)
class Billable:
    """An account with what it has ordered, and what is billed of that."""

    account: Account
    contract: Contract | None
    profile: OperatorProfile | None
    since: date
    sources: list[Source] = field(default_factory=list)
    billed: list[Billed] = field(default_factory=list)
    issued: dict[UUID, Issued] = field(default_factory=dict)
    invoices: dict[UUID, Document] = field(default_factory=dict)
    modules: dict[UUID, Module] = field(default_factory=dict)
    items: dict[UUID | None, Item] = field(default_factory=dict)
    lines: dict[tuple[UUID, int], DocumentLine] = field(default_factory=dict)
    module_terms: dict[UUID, ModuleTerms] = field(default_factory=dict)

    def settlement(self, until: date) -> Settlement:
        """Give what is to be billed, and to be credited, by a day."""
        last = max([until, *(row.last_day for row in self.billed)])
        since = min([self.since, *(row.first_day for row in self.billed)])
        return settle(foreseen(self.sources, last, since), self.billed, self.since, until)

    def drafts(self, settlement: Settlement, day: date) -> list[Draft]:
        """Give the documents of a settlement; raises ``NotBillable``."""
        if not settlement.additions and not settlement.reductions:
            return []
        parties = self.parties(day)

        def taxing(charge: Charge, day: date) -> VatGroup:
            item = self.items[charge.item.id]
            return self.with_reason(vat_group(charge.basis, parties, day), item)

        return list(drafts(settlement, taxing, self.issued))

    def foreseen(self, today: date, until: date) -> list[tuple[date, list[Draft]]]:
        """Give the documents of the days to come, if nothing changes; raises ``NotBillable``."""
        return [
            (day, drafts)
            for day, part in by_day(self.settlement(until), today)
            if (drafts := self.drafts(part, today))
        ]

    def parties(self, day: date) -> Parties:
        """Give what decides how VAT applies; raises ``NotBillable``."""
        if self.contract is None:
            raise NotBillable(ProblemCode.NO_CONTRACT)
        if self.profile is None:
            raise NotBillable(ProblemCode.NO_OPERATOR_PROFILE, day=day)
        partner = self.contract.contract_partner
        return Parties(
            self.profile.address.country,
            self.profile.vat_number is not None,
            partner.kind,
            partner.country,
            self.contract.vat_number is not None,
            self.contract.vat_treatment,
        )

    def with_reason(self, group: VatGroup, item: Item | None) -> VatGroup:
        """Add why there is no VAT on an item, or on what is none of a price list."""
        if group.category not in REASONS:
            return group
        words = translate(REASONS[group.category], self.account.language)
        if group.category is not TaxCategory.E or item is None:
            return replace(group, text=words)
        article = item.vat_exemption_text
        text = f"{words}: {article}" if article else words
        return replace(group, code=item.vat_exemption_code, text=text)


async def billables(
    session: AsyncSession, account_ids: Collection[UUID], day: date
) -> list[Billable]:
    """Read some accounts, in the order of their ids; none before anybody said from when on."""
    since = await session.scalar(sa.select(BillingStart.first_day))
    if since is None:
        return []
    profile = await session.scalar(of_day(day, OperatorProfile))
    contracts = {one.account_id: one for one in await _all(session, Contract, account_ids)}
    accounts = await session.scalars(
        sa.select(Account).where(Account.id.in_(account_ids)).order_by(Account.id)
    )
    found = {one.id: Billable(one, contracts.get(one.id), profile, since) for one in accounts}
    await _read_sources(session, found)
    await _read_billed(session, found)
    return list(found.values())


async def _all(session: AsyncSession, model: Any, account_ids: Collection[UUID]) -> Sequence[Any]:
    return (await session.scalars(sa.select(model).where(model.account_id.in_(account_ids)))).all()


async def _read_sources(session: AsyncSession, found: dict[UUID, Billable]) -> None:
    rows = sa.select(ModuleSubscription).where(ModuleSubscription.account_id.in_(found))
    ordered = ModuleSubscription.starts_on, ModuleSubscription.id
    subscriptions = (await session.scalars(rows.order_by(*ordered))).all()
    priced = await priced_of(session, subscriptions)
    modules = await _by_id(session, Module, {one.module_id for one in subscriptions})
    items = await _by_id(session, Item, _item_ids(priced.values()))
    for one in subscriptions:
        billable = found[one.account_id]
        billable.sources.append(Source(one.id, one.starts_on, priced[one.id]))
        billable.modules[one.id] = modules[one.module_id]
        billable.items.update({id: items[id] for id in _item_ids([priced[one.id]])})


def _item_ids(priced: Any) -> set[UUID]:
    return {
        item.id
        for one in priced
        for period in one.periods
        for prices in period.price_lists
        for item in prices.items
    }


async def _by_id(session: AsyncSession, model: Any, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {one.id: one for one in await session.scalars(sa.select(model).where(model.id.in_(ids)))}


async def _read_billed(session: AsyncSession, found: dict[UUID, Billable]) -> None:
    spans = sa.select(BilledSpan).where(BilledSpan.account_id.in_(found))
    ids = set()
    for row in await session.scalars(spans.order_by(BilledSpan.id)):
        ids.add(row.document_id)
        found[row.account_id].billed.append(_billed(row))
    if ids:
        await read_invoices(session, found, ids)


async def read_invoices(
    session: AsyncSession, found: Mapping[UUID, Billable], ids: Collection[UUID]
) -> None:
    """Read invoices of some accounts: their lines, their sums, and what of them is credited."""
    invoices = await _by_id(session, Document, ids)
    sums, texts = await _sums(session, ids, Document.id)
    credited, _ = await _sums(session, ids, Document.corrects_id)
    lines = await session.scalars(sa.select(DocumentLine).where(DocumentLine.document_id.in_(ids)))
    groups: defaultdict[UUID, dict[int, VatGroup]] = defaultdict(dict)
    for line in lines:
        key = line.vat_category, line.vat_rate
        groups[line.document_id][line.position] = VatGroup(*key, *texts[line.document_id, *key])
        found[line.account_id].lines[line.document_id, line.position] = line
    for id, invoice in invoices.items():
        billable = found[invoice.account_id]
        billable.invoices[id] = invoice
        billable.issued[id] = Issued(groups[id], sums[id], credited[id])


def _billed(row: BilledSpan) -> Billed:
    return Billed(
        row.document_id,
        row.position,
        row.source_id,
        row.item_key,
        row.first_day,
        row.last_day,
        row.period_days,
        row.quantity,
        row.unit_price,
        Basis(row.tariff_id, row.vat_category, row.vat_treatment),
        row.net_left,
        row.is_correction,
        row.net_waived,
    )


async def _sums(
    session: AsyncSession, ids: Collection[UUID], of: Any
) -> tuple[defaultdict[UUID, dict[GroupKey, Sum]], dict[Any, tuple[str | None, str | None]]]:
    """Add up the groups of invoices, or of what credits them; with why there is no VAT."""
    sums: defaultdict[UUID, dict[GroupKey, Sum]] = defaultdict(dict)
    texts: dict[Any, tuple[str | None, str | None]] = {}
    rows = await session.execute(
        sa.select(of, DocumentVat)
        .join(DocumentVat, DocumentVat.document_id == Document.id)
        .where(of.in_(ids))
    )
    for id, row in rows:
        key = row.category, row.rate
        before = sums[id].get(key, NONE)
        sums[id][key] = Sum(before.net + row.net, before.vat + row.vat)
        texts[id, *key] = row.code, row.text
    return sums, texts
