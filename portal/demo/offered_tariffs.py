"""The tariffs of the demo's operator, and their price lists."""

from datetime import date

from portal.rules.catalogue.terms import BillingMode, EndingDay, Renewal

_M, _Y, _ONCE, _USE = (
    BillingMode.MONTHLY_IN_ADVANCE,
    BillingMode.YEARLY_IN_ADVANCE,
    BillingMode.AT_ONCE,
    BillingMode.PER_USE,
)

TELEPHONE_ITEMS: dict[str, list[tuple[str, str, str, str, BillingMode]]] = {
    "Vaste kosten": [
        ("Basisbedrag", "BASE", "maand", "{base}", _M),
        ("Eigen telefoonnummer", "NUMBER", "maand", "4.50", _M),
        ("Inrichting", "SETUP", "keer", "{setup}", _ONCE),
    ],
    "Verbruik": [
        ("Aangenomen gesprek", "CALL", "gesprek", "{call}", _USE),
        ("Gespreksminuut boven de derde", "MINUTE", "minuut", "0.890000", _USE),
        ("Doorverbinden", "FORWARD", "gesprek", "0.35", _USE),
        ("Bericht per sms", "SMS", "bericht", "0.125", _USE),
    ],
    "Extra opties": [
        ("Bereikbaar op zaterdag", "SATURDAY", "maand", "29.00", _M),
        ("Tweede taal", "SECOND_LANGUAGE", "maand", "39.00", _M),
    ],
}
OFFICE_ITEMS: dict[str, list[tuple[str, str, str, str, BillingMode]]] = {
    "Vaste kosten": [
        ("Basisbedrag", "BASE", "maand", "{base}", _M),
        ("Inschrijving", "SETUP", "keer", "{setup}", _ONCE),
        ("Naambord", "SIGN", "jaar", "24.00", _Y),
    ],
    "Verbruik": [
        ("Poststuk", "LETTER", "stuk", "{call}", _USE),
        ("Pakket", "PARCEL", "stuk", "2.75", _USE),
        ("Doorzenden binnen Nederland", "FORWARD", "zending", "6.95", _USE),
        ("Doorzenden binnen Europa", "FORWARD_EU", "zending", "14.50", _USE),
        ("Bewaren na de eerste maand", "STORAGE", "week", "1.25", _USE),
    ],
}
# What is charged where it is booked, and not with the tariff.
ADDITIONAL_OPTIONS = frozenset({"SATURDAY", "SECOND_LANGUAGE"})
# What is neither here nor there is counted one by one.
UNIT_CODES = {"maand": "MON", "jaar": "ANN", "week": "WEE"}

# Module, name, offer number, prices, initial months, renewal, notice, on which days it may end.
TARIFFS: dict[str, tuple[str, str, str | None, dict[str, str], int, Renewal, int, EndingDay]] = {
    "telephone-basic": (
        "telephone",
        "Basis",
        None,
        {"base": "39.00", "setup": "0.00", "call": "1.95"},
        0,
        Renewal.OPEN_ENDED,
        1,
        EndingDay.END_OF_MONTH,
    ),
    "telephone-plus": (
        "telephone",
        "Plus",
        None,
        {"base": "249.95", "setup": "49.00", "call": "0.95"},
        12,
        Renewal.RENEWAL_TERM,
        3,
        EndingDay.END_OF_TERM,
    ),
    "telephone-offer": (
        "telephone",
        "Plus voor verenigingen",
        "VVE-2026-4711",
        {"base": "199.00", "setup": "0.00", "call": "0.85"},
        12,
        Renewal.RENEWAL_TERM,
        2,
        EndingDay.END_OF_TERM,
    ),
    "address-standard": (
        "address",
        "Standaard",
        None,
        {"base": "55.00", "setup": "95.00", "call": "0.60"},
        6,
        Renewal.OPEN_ENDED,
        1,
        EndingDay.END_OF_QUARTER,
    ),
    "scanning-compact": (
        "scanning",
        "Compact",
        None,
        {"base": "12.50", "setup": "0.00", "call": "0.45"},
        0,
        Renewal.OPEN_ENDED,
        0,
        EndingDay.ANY_DAY,
    ),
    "scanning-volume": (
        "scanning",
        "Volume",
        None,
        {"base": "89.00", "setup": "0.00", "call": "0.085"},
        12,
        Renewal.OPEN_ENDED,
        2,
        EndingDay.END_OF_YEAR,
    ),
    "meeting-card": (
        "meeting",
        "Urenkaart",
        None,
        {"base": "0.00", "setup": "0.00", "call": "22.50"},
        0,
        Renewal.OPEN_ENDED,
        0,
        EndingDay.ANY_DAY,
    ),
    "desk-partner": (
        "desk",
        "Partnertarief",
        "DESK-2026-0815",
        {"base": "145.00", "setup": "75.00", "call": "0.95"},
        36,
        Renewal.RENEWAL_TERM,
        3,
        EndingDay.END_OF_TERM,
    ),
}
# From which day new customers, and from which day existing ones, pay another base price.
RAISES = {"telephone-basic": (date(2025, 1, 1), date(2025, 7, 1), "42.50")}
