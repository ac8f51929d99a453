"""Documents before they have a number: what a settlement bills, and what it credits."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.rules.billing.charge import Charge, days, share_of
from portal.rules.billing.number import DocumentKind
from portal.rules.billing.problem import NotBillable, ProblemCode
from portal.rules.billing.settlement import Addition, Reduction, Settlement
from portal.rules.billing.total import GroupKey, GroupTotal, Sum, credit_totals, invoice_totals
from portal.rules.billing.vat import TaxCategory, VatGroup
from portal.rules.catalogue.unit import ONE
from portal.rules.contract.payment_terms import PaymentTerms

DAY = "DAY"
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a line comes to its amount: quantity x unit price / base quantity, in cents.

    ``unit_code`` is None for the unit of the item itself.
    """

    quantity: Decimal
    base_quantity: Decimal
    unit_price: Decimal
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a line says that somebody wrote, or that repeats the line ``of`` an invoice."""

    module: str
    name: str
    item_key: str
    unit: str
    unit_code: str
    first_day: date
    last_day: date
    of: int | None = None
    is_correction: bool = False
    priced: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line; ``share`` is how many of the period's days it is about, where not all."""

    about: Addition | Reduction | Written
    quantity: Quantity
    net: Decimal
    group: VatGroup
    share: tuple[int, int] | None

    @property
    def charge(self) -> Charge | None:
        """What is billed; None of what is credited, or was written."""
        return self.about.charge if isinstance(self.about, Addition) else None

    @property
    def corrects_position(self) -> int | None:
        """The line of the invoice that a credit note takes it back from."""
        if isinstance(self.about, Reduction):
            return self.about.billed.position
        return self.about.of if isinstance(self.about, Written) else None


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice, or a credit note of what it ``corrects``; made by hand with a reason.

    ``replaces`` is the invoice whose days it carries from then on. ``terms`` and ``due_on`` are of
    this one, else the contract has them.
    """

    kind: DocumentKind
    lines: tuple[DraftLine, ...]
    groups: tuple[GroupTotal, ...]
    corrects: UUID | None = None
    reason: str | None = None
    replaces: UUID | None = None
    due_on: date | None = None
    terms: PaymentTerms | None = None

    @property
    def net(self) -> Decimal:
        """The sum of its lines."""
        return sum((group.net for group in self.groups), Decimal("0.00"))

    @property
    def vat(self) -> Decimal:
        """The VAT of all its groups."""
        return sum((group.vat for group in self.groups), Decimal("0.00"))

    @property
    def gross(self) -> Decimal:
        """What is to be paid, or given back."""
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice that is there: how its lines are taxed, its sums, and what of them is credited."""

    groups: Mapping[int, VatGroup]
    invoiced: Mapping[GroupKey, Sum]
    credited: Mapping[GroupKey, Sum]


Taxing = Callable[[Charge, date], VatGroup]
"""Says how VAT applies to a charge up to a day."""


def drafts(
    settlement: Settlement, taxing: Taxing, issued: Mapping[UUID, Issued]
) -> Iterator[Draft]:
    """Give the documents of a settlement; raises ``NotBillable``.

    What is not subject to VAT stands in an invoice of its own (EN 16931, BR-O-11 to 14). Lines that
    come to nothing together wait for others.
    """
    for corrects, reductions in _by_document(settlement.reductions).items():
        yield _credit_note(corrects, reductions, issued[corrects])
    lines = [_invoiced(addition, taxing) for addition in settlement.additions]
    for is_subject in (True, False):
        of_kind = [
            line for line in lines if (line.group.category is not TaxCategory.O) is is_subject
        ]
        invoice = Draft(
            DocumentKind.INVOICE,
            tuple(of_kind),
            tuple(invoice_totals((line.group, line.net) for line in of_kind)),
        )
        if invoice.gross < 0:
            raise NotBillable(ProblemCode.NEGATIVE_TOTAL, total=invoice.gross)
        if invoice.gross > 0:
            yield invoice


def _by_document(reductions: Iterable[Reduction]) -> dict[UUID, list[Reduction]]:
    found: dict[UUID, list[Reduction]] = {}
    for one in reductions:
        found.setdefault(one.billed.document_id, []).append(one)
    return found


def _credit_note(corrects: UUID, reductions: Sequence[Reduction], of: Issued) -> Draft:
    lines = tuple(_credited(one, of.groups[one.billed.position]) for one in reductions)
    totals = credit_totals(((line.group, line.net) for line in lines), of.invoiced, of.credited)
    return Draft(DocumentKind.CREDIT_NOTE, lines, tuple(totals), corrects)


def _invoiced(addition: Addition, taxing: Taxing) -> DraftLine:
    charge = addition.charge
    group = taxing(charge, addition.last_day)
    share = days(addition.first_day, addition.last_day), charge.period_days
    if addition.is_correction:
        return _line(addition, flat(addition.net), group, share)
    quantity = _quantity(charge.line.quantity, charge.line.price, share, addition.net)
    return _line(addition, quantity, group, share)


def _credited(reduction: Reduction, group: VatGroup) -> DraftLine:
    billed = reduction.billed
    share = days(reduction.first_day, reduction.last_day), billed.period_days
    quantity = _quantity(billed.quantity, billed.unit_price, share, reduction.net)
    return _line(reduction, quantity, group, share)


def _line(
    about: Addition | Reduction, quantity: Quantity, group: VatGroup, share: tuple[int, int]
) -> DraftLine:
    part, whole = share
    return DraftLine(about, quantity, about.net, group, None if part == whole else share)


def flat(net: Decimal) -> Quantity:
    """Give the quantity of what is one of the amount itself."""
    return Quantity(_ONE, _ONE, net, ONE)


def _quantity(count: int, price: Decimal, share: tuple[int, int], net: Decimal) -> Quantity:
    """Say it by the days where that gives the amount, or else as one of the amount itself."""
    part, whole = share
    if share_of(count * price, part, whole) != net:
        return flat(net)
    if part == whole:
        return Quantity(Decimal(count), _ONE, price)
    return Quantity(Decimal(count * part), Decimal(whole), price, DAY)
