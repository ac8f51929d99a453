"""Totals: VAT is worked out once for each group of a document, on the sum of its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.rules.billing.charge import CENT
from portal.rules.billing.vat import TaxCategory, VatGroup

_HUNDRED = Decimal(100)
_ZERO = Decimal("0.00")
GroupKey = tuple[TaxCategory, Decimal]


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, and the VAT on it."""

    net: Decimal
    vat: Decimal


NONE = Sum(_ZERO, _ZERO)


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """The lines of a document that are taxed alike."""

    group: VatGroup
    net: Decimal
    vat: Decimal


def key_of(group: VatGroup) -> GroupKey:
    """Give by what lines are put into one group."""
    return group.category, group.rate


def invoice_totals(lines: Iterable[tuple[VatGroup, Decimal]]) -> list[GroupTotal]:
    """Give each group of an invoice, in the order of its lines."""
    return [GroupTotal(group, net, _vat(net, group.rate)) for group, net in _summed(lines)]


def credit_totals(
    lines: Iterable[tuple[VatGroup, Decimal]],
    invoiced: Mapping[GroupKey, Sum],
    credited: Mapping[GroupKey, Sum],
) -> list[GroupTotal]:
    """Give each group of a credit note, so that all those of an invoice make up its VAT.

    What was credited before counts: VAT is that of the whole, less what was credited of it.
    """
    totals = []
    for group, net in _summed(lines):
        key = key_of(group)
        before, whole = credited.get(key, NONE), invoiced.get(key, NONE)
        so_far = before.net + net
        vat = whole.vat if so_far == whole.net else _vat(so_far, group.rate)
        totals.append(GroupTotal(group, net, vat - before.vat))
    return totals


def _summed(lines: Iterable[tuple[VatGroup, Decimal]]) -> list[tuple[VatGroup, Decimal]]:
    sums: dict[GroupKey, tuple[VatGroup, Decimal]] = {}
    for group, net in lines:
        key = key_of(group)
        first, before = sums.get(key, (group, _ZERO))
        sums[key] = first, before + net
    return list(sums.values())


def _vat(net: Decimal, rate: Decimal) -> Decimal:
    return (net * rate / _HUNDRED).quantize(CENT, ROUND_HALF_UP)
