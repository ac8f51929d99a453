"""Modules as the engine of billing takes them, written in a line."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from portal.rules.address import PartyKind
from portal.rules.billing.charge import CENT, Basis, Charge, Source, foreseen
from portal.rules.billing.draft import Draft, DraftLine, Issued, drafts, flat
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.settlement import Addition, Billed, Reduction, Settlement, settle
from portal.rules.billing.total import NONE, Sum, credit_totals, key_of
from portal.rules.billing.vat import Parties, VatGroup, vat_group
from portal.rules.catalogue.terms import BillingBasis, BillingMode, VatCategory
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.cost import Priced, PricedItem, PricedPeriod, PriceList

SOURCE = UUID(int=1)
EVER = date(1900, 1, 1)
DUTCH = Parties("NL", True, PartyKind.BUSINESS, "NL", True, VatTreatment.STANDARD)
BY_CALENDAR = BillingBasis.CALENDAR


def item(
    price: Any,
    mode: BillingMode = BillingMode.MONTHLY_IN_ADVANCE,
    *,
    key: str = "BASE",
    basis: BillingBasis = BillingBasis.CONTRACT,
    vat: VatCategory = VatCategory.STANDARD,
    is_option: bool = False,
) -> PricedItem:
    return PricedItem(key, Decimal(price), mode, is_option, basis, vat)


def period(
    first: date,
    last: date | None,
    *items: PricedItem,
    tariff: int = 1,
    existing: date | None = None,
) -> PricedPeriod:
    prices = PriceList(first, existing or first, items)
    return PricedPeriod(first, last, first, (prices,), UUID(int=tariff))


def source(*periods: PricedPeriod, **others: Any) -> Source:
    return Source(SOURCE, periods[0].starts_on, Priced(periods, **others))


def taxed(charge: Charge, day: date, parties: Parties = DUTCH) -> VatGroup:
    return vat_group(charge.basis, parties, day)


@dataclass
class Books:
    """What was billed, kept as the run keeps it."""

    billed: list[Billed] = field(default_factory=list)
    issued: dict[UUID, Issued] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)

    def run(self, sources: Iterable[Source], until: date, since: date = EVER) -> list[Draft]:
        """Bill what is due, and give the documents of this run."""
        last = max([until, *(row.last_day for row in self.billed)])
        settlement = settle(foreseen(sources, last), self.billed, since, until)
        found = list(drafts(settlement, taxed, self.issued))
        self._keep(settlement)
        for draft in found:
            self._issue(draft)
        self.drafts += found
        return found

    def credit(self, place: int, share: Decimal) -> None:
        """Take back a share of what is left of a line, by hand."""
        rows = [row for row in self.billed if row.left]
        if not rows:
            return
        row = rows[place % len(rows)]
        net = max(CENT, (row.left * share).quantize(CENT))
        self.billed.remove(row)
        self.billed.append(replace(row, left=row.left - net, waived=row.waived + net))
        of = self.issued[row.document_id]
        group = of.groups[row.position]
        totals = tuple(credit_totals([(group, net)], of.invoiced, of.credited))
        line = DraftLine(
            Reduction(row, net, row.first_day, row.last_day), flat(net), net, group, None
        )
        draft = Draft(DocumentKind.CREDIT_NOTE, (line,), totals, row.document_id)
        self._issue(draft)
        self.drafts.append(draft)

    @property
    def waived(self) -> Decimal:
        """What was credited by hand, and counts as billed."""
        return sum((row.waived for row in self.billed), Decimal("0.00"))

    @property
    def net(self) -> Decimal:
        """What was invoiced, less what was credited."""
        return sum(
            (one.net if one.kind is DocumentKind.INVOICE else -one.net for one in self.drafts),
            Decimal("0.00"),
        )

    def _keep(self, settlement: Settlement) -> None:
        for one in settlement.kept:
            self.billed.remove(one.billed)
            if one.last_day is not None:
                changed = {"last_day": one.last_day, "left": one.left, "waived": one.waived}
                self.billed.append(replace(one.billed, **changed))

    def _issue(self, draft: Draft) -> None:
        if draft.corrects is not None:
            of = self.issued[draft.corrects]
            credited = dict(of.credited)
            for total in draft.groups:
                before = credited.get(key_of(total.group), NONE)
                credited[key_of(total.group)] = Sum(before.net + total.net, before.vat + total.vat)
            self.issued[draft.corrects] = Issued(of.groups, of.invoiced, credited)
            return
        id = uuid4()
        groups = {number: line.group for number, line in enumerate(draft.lines)}
        sums = {key_of(one.group): Sum(one.net, one.vat) for one in draft.groups}
        self.issued[id] = Issued(groups, sums, {})
        for number, line in enumerate(draft.lines):
            assert isinstance(line.about, Addition)
            self.billed.append(billed(id, number, line.about))


def billed(id: UUID, number: int, addition: Addition) -> Billed:
    charge = addition.charge
    basis: Basis = charge.basis
    return Billed(
        id, number, charge.source_id, charge.item.key, addition.first_day, addition.last_day,
        charge.period_days, charge.line.quantity, charge.line.price, basis, addition.net,
        addition.is_correction,
    )  # fmt: skip
