"""What an item of a price list has to say, before anybody is charged for it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from portal.errors import InvalidInput, PortalError, Several
from portal.rules.catalogue.terms import EndingDay, Term, VatCategory
from portal.rules.catalogue.terms_check import MOST
from portal.rules.catalogue.unit import UNIT_CODES
from portal.rules.key import NO_KEY, is_key

MOST_ITEMS = 10_000
DEAREST = Decimal(10_000_000)
_Place = TypeVar("_Place")
_DECIMALS = 6
# Of the list of codes that comes with EN 16931, which grows twice a year.
_EXEMPTION_CODE = re.compile(r"VATEX-[A-Z]{2}(-[A-Z0-9]+){1,3}")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as it is saved, as far as a rule looks at it."""

    key: str
    is_additional_option: bool
    unit_code: str
    unit_price: Decimal
    vat_category: VatCategory
    vat_exemption_code: str | None
    vat_exemption_text: str | None
    notice_period: Term | None
    ending_day: EndingDay | None


def check_item(item: ItemFacts, unsound: Collection[str] = ()) -> None:
    """Refuse what no invoice could state or no day could be computed of, each with its path.

    Nothing is said of facts that are ``unsound``, whose fault is known, nor of those beside them.
    """
    faults = [
        fault
        for check, names in _CHECKS.items()
        if not names.intersection(unsound)
        for fault in check(item)
    ]
    if faults:
        raise Several(faults)


def places_taken(places: Sequence[_Place], keys: Sequence[str]) -> list[_Place]:
    """Give the places whose key stands in a price list before them; case does not matter.

    A blank key is another fault.
    """
    seen: set[str] = set()
    taken = []
    for place, key in zip(places, keys, strict=True):
        if key and key.casefold() in seen:
            taken.append(place)
        seen.add(key.casefold())
    return taken


def _key_faults(item: ItemFacts) -> Iterator[PortalError]:
    if not is_key(item.key):
        yield InvalidInput(NO_KEY, path=["key"])


def _unit_faults(item: ItemFacts) -> Iterator[PortalError]:
    if item.unit_code not in UNIT_CODES:
        yield InvalidInput(
            "This code of UN/ECE Recommendation 20 is not known here; C62 stands for one of it.",
            path=["unitCode"],
        )


def _price_faults(item: ItemFacts) -> Iterator[PortalError]:
    price = item.unit_price
    if not price.is_finite() or abs(price) > DEAREST:
        yield InvalidInput(
            "Must be a price from -{most} to {most}.", path=["unitPrice"], most=int(DEAREST)
        )
    elif price != round(price, _DECIMALS):
        yield InvalidInput("Must have at most {most} decimals.", path=["unitPrice"], most=_DECIMALS)


def _exemption_faults(item: ItemFacts) -> Iterator[PortalError]:
    code, text = item.vat_exemption_code, item.vat_exemption_text
    if item.vat_category is not VatCategory.EXEMPT:
        if code is not None or text is not None:
            name = "vatExemptionCode" if code is not None else "vatExemptionText"
            yield InvalidInput("Only what is exempt has a reason for it.", path=[name])
    elif code is None and text is None:
        yield InvalidInput(
            "What is exempt needs the reason, as a code or in words.", path=["vatExemptionCode"]
        )
    elif code is not None and not _EXEMPTION_CODE.fullmatch(code):
        yield InvalidInput(
            "A code of VATEX is written like VATEX-EU-132.", path=["vatExemptionCode"]
        )


def _notice_faults(item: ItemFacts) -> Iterator[PortalError]:
    notice, ending = item.notice_period, item.ending_day
    if (notice is None) != (ending is None):
        yield InvalidInput(
            "Notice terms are a notice period and the days on which the option may end.",
            path=["noticePeriod" if notice is None else "endingDay"],
        )
        return
    if notice is None:
        return
    if not item.is_additional_option:
        yield InvalidInput(
            "Only an additional option has notice terms of its own.", path=["noticePeriod"]
        )
    if not 0 <= notice.count <= MOST[notice.unit]:
        yield InvalidInput(
            "Must be from {least} to {most}.",
            path=["noticePeriod"],
            least=0,
            most=MOST[notice.unit],
        )
    if ending is EndingDay.END_OF_TERM:
        yield InvalidInput("An option goes on open-ended: it has no term.", path=["endingDay"])


_CHECKS: Mapping[Callable[[ItemFacts], Iterator[PortalError]], frozenset[str]] = MappingProxyType(
    {
        _key_faults: frozenset({"key"}),
        _unit_faults: frozenset({"unit_code"}),
        _price_faults: frozenset({"unit_price"}),
        _exemption_faults: frozenset({"vat_category", "vat_exemption_code", "vat_exemption_text"}),
        _notice_faults: frozenset({"is_additional_option", "notice_period", "ending_day"}),
    }
)
"""What is looked at, and of which facts."""
