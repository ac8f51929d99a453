"""The twelve tariffs of the demo's operator: between them every kind of terms."""

from dataclasses import dataclass
from datetime import date

from portal.demo.catalogue.items import (
    ARCHIVE,
    OFFICE,
    ROOM,
    TELEPHONE,
    PriceList,
)
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, Terms, TermUnit

OPENED = date(2019, 1, 1)
_LATER = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Offered:
    """A tariff of a module; whoever holds its offer number can order it, or else everybody."""

    module: str
    name: str
    terms: Terms
    items: PriceList
    prices: dict[str, str]
    valid_from: date = OPENED
    offer_number: str | None = None
    offer_expires_on: date | None = None
    offer_most_uses: int | None = None
    change_free_of_notice: bool = False
    term_continues: bool = False


def _days(count: int) -> Term:
    return Term(count, TermUnit.DAYS)


def _weeks(count: int) -> Term:
    return Term(count, TermUnit.WEEKS)


def _months(count: int) -> Term:
    return Term(count, TermUnit.MONTHS)


def _open_ended(initial: Term, notice: Term, ending_day: EndingDay) -> Terms:
    return Terms(initial, Renewal.OPEN_ENDED, None, notice, ending_day)


def _renewed(initial: Term, renewal: Term, notice: Term) -> Terms:
    return Terms(initial, Renewal.RENEWAL_TERM, renewal, notice, EndingDay.END_OF_TERM)


TARIFFS = {
    "telephone-basic": Offered(
        "telephone",
        "Basis",
        _open_ended(_months(0), _months(1), EndingDay.END_OF_MONTH),
        TELEPHONE,
        {"base": "39.00", "setup": "0.00", "call": "1.95"},
    ),
    "telephone-plus": Offered(
        "telephone",
        "Plus",
        _renewed(_months(12), _months(12), _months(3)),
        TELEPHONE,
        {"base": "249.95", "setup": "49.00", "call": "0.95"},
    ),
    "telephone-offer": Offered(
        "telephone",
        "Plus voor verenigingen",
        _renewed(_months(12), _months(12), _months(2)),
        TELEPHONE,
        {"base": "199.00", "setup": "0.00", "call": "0.85"},
        offer_number="VVE-2026-4711",
    ),
    "address-standard": Offered(
        "address",
        "Standaard",
        _open_ended(_months(6), _months(1), EndingDay.END_OF_QUARTER),
        OFFICE,
        {"base": "55.00", "setup": "95.00", "call": "0.60"},
    ),
    "scanning-compact": Offered(
        "scanning",
        "Compact",
        _open_ended(_months(0), _months(0), EndingDay.ANY_DAY),
        OFFICE,
        {"base": "12.50", "setup": "0.00", "call": "0.45"},
    ),
    "scanning-volume": Offered(
        "scanning",
        "Volume",
        _open_ended(_months(12), _months(2), EndingDay.END_OF_YEAR),
        OFFICE,
        {"base": "89.00", "setup": "0.00", "call": "0.085"},
    ),
    "meeting-card": Offered(
        "meeting",
        "Urenkaart",
        _open_ended(_months(0), _months(0), EndingDay.ANY_DAY),
        OFFICE,
        {"base": "0.00", "setup": "0.00", "call": "22.50"},
    ),
    "desk-partner": Offered(
        "desk",
        "Partnertarief",
        _renewed(_months(36), _months(12), _months(3)),
        OFFICE,
        {"base": "145.00", "setup": "75.00", "call": "0.95"},
        offer_number="DESK-2026-0815",
    ),
    # Another tariff may follow after any billing period.
    "address-archive": Offered(
        "address",
        "Met archief",
        _open_ended(_days(90), _weeks(2), EndingDay.ANY_DAY),
        ARCHIVE,
        {"box": "2.70", "metre": "6.125", "setup": "45.00", "retrieval": "3.95"},
        valid_from=_LATER,
        change_free_of_notice=True,
    ),
    # It ends by itself.
    "scanning-trial": Offered(
        "scanning",
        "Proefweken",
        Terms(_weeks(4), Renewal.NONE, None, _days(0), EndingDay.END_OF_TERM),
        OFFICE,
        {"base": "0.00", "setup": "0.00", "call": "0.65"},
        valid_from=_LATER,
    ),
    # Whoever changes to it takes the time along that the tariff before it has run.
    "meeting-room": Offered(
        "meeting",
        "Vaste zaal",
        _renewed(_months(6), _months(3), _days(30)),
        ROOM,
        {"base": "450.00", "setup": "30.00", "call": "17.50"},
        valid_from=_LATER,
        term_continues=True,
    ),
    "desk-project": Offered(
        "desk",
        "Project",
        _open_ended(_weeks(26), _days(14), EndingDay.END_OF_MONTH),
        OFFICE,
        {"base": "120.00", "setup": "0.00", "call": "1.05"},
        valid_from=_LATER,
        offer_number="PROJECT-2026-12",
        offer_expires_on=date(2031, 12, 31),
        offer_most_uses=25,
    ),
}
FROM_THE_START = [key for key, offered in TARIFFS.items() if offered.valid_from == OPENED]
"""The keys of those that somebody can have had for years."""
# From which day new customers, and from which day existing ones, pay another base price.
RAISES = {"telephone-basic": (date(2025, 1, 1), date(2025, 7, 1), "42.50")}
