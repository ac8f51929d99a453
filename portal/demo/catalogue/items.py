"""The price lists of the demo's operator: what is charged, when, and how it is taxed."""

from dataclasses import dataclass

from portal.rules.catalogue.terms import (
    BillingBasis,
    BillingMode,
    EndingDay,
    Term,
    TermUnit,
    VatCategory,
)

_ONCE, _USE, _ARREARS = BillingMode.AT_ONCE, BillingMode.PER_USE, BillingMode.MONTHLY
_M, _Q, _Y = (
    BillingMode.MONTHLY_IN_ADVANCE,
    BillingMode.QUARTERLY_IN_ADVANCE,
    BillingMode.YEARLY_IN_ADVANCE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One item; ``price`` may stand for one that the tariff gives, as ``{base}``.

    An option is charged where it is booked, and ends by its own ``notice`` where it has one.
    """

    name: str
    key: str
    unit: str
    price: str
    mode: BillingMode
    vat: VatCategory = VatCategory.STANDARD
    basis: BillingBasis = BillingBasis.CONTRACT
    is_option: bool = False
    notice: tuple[Term, EndingDay] | None = None
    exemption: tuple[str, str] | None = None


PriceList = dict[str, tuple[Line, ...]]

TELEPHONE: PriceList = {
    "Vaste kosten": (
        Line("Basisbedrag", "BASE", "maand", "{base}", _M),
        Line("Eigen telefoonnummer", "NUMBER", "maand", "4.50", _M),
        Line("Inrichting", "SETUP", "keer", "{setup}", _ONCE),
    ),
    "Verbruik": (
        Line("Aangenomen gesprek", "CALL", "gesprek", "{call}", _USE),
        Line("Gespreksminuut boven de derde", "MINUTE", "minuut", "0.890000", _USE),
        Line("Doorverbinden", "FORWARD", "gesprek", "0.35", _USE),
        Line("Bericht per sms", "SMS", "bericht", "0.125", _USE),
    ),
    "Extra opties": (
        Line("Bereikbaar op zaterdag", "SATURDAY", "maand", "29.00", _M, is_option=True),
        Line("Tweede taal", "SECOND_LANGUAGE", "maand", "39.00", _M, is_option=True),
    ),
}
OFFICE: PriceList = {
    "Vaste kosten": (
        Line("Basisbedrag", "BASE", "maand", "{base}", _M),
        Line("Inschrijving", "SETUP", "keer", "{setup}", _ONCE),
        Line("Naambord", "SIGN", "jaar", "24.00", _Y),
    ),
    "Verbruik": (
        Line("Poststuk", "LETTER", "stuk", "{call}", _USE),
        Line("Pakket", "PARCEL", "stuk", "2.75", _USE),
        Line("Doorzenden binnen Nederland", "FORWARD", "zending", "6.95", _USE),
        Line("Doorzenden binnen Europa", "FORWARD_EU", "zending", "14.50", _USE),
        Line("Bewaren na de eerste maand", "STORAGE", "week", "1.25", _USE),
    ),
}
ARCHIVE: PriceList = {
    "Opslag": (
        Line("Archiefdoos", "BOX", "doos", "{box}", _Q, basis=BillingBasis.CALENDAR),
        Line("Strekkende meter", "METRE", "meter", "{metre}", _ARREARS),
        Line(
            *("Archiefregister op papier", "REGISTER", "kwartaal", "4.50", _Q),
            *(VatCategory.REDUCED, BillingBasis.CALENDAR),
        ),
        Line("Ophalen en inboeken", "SETUP", "keer", "{setup}", _ONCE),
    ),
    "Verbruik": (
        Line("Doos opvragen", "RETRIEVAL", "keer", "{retrieval}", _USE),
        Line("Verzenden buiten Europa", "EXPORT", "zending", "38.50", _USE, VatCategory.ZERO),
    ),
    "Extra opties": (
        Line(
            *("Verzekering", "INSURANCE", "maand", "7.50", _M, VatCategory.EXEMPT),
            is_option=True,
            notice=(Term(1, TermUnit.MONTHS), EndingDay.END_OF_MONTH),
            exemption=("VATEX-EU-135-1", "Vrijgesteld: verzekering"),
        ),
        Line("Koerier", "COURIER", "kwartaal", "45.00", _Q, is_option=True),
        Line(
            *("Klimaatkast", "CLIMATE", "maand", "19.00", _ARREARS),
            is_option=True,
            notice=(Term(0, TermUnit.DAYS), EndingDay.ANY_DAY),
        ),
    ),
}
ROOM: PriceList = {
    "Vaste kosten": (
        Line("Basisbedrag", "BASE", "kwartaal", "{base}", _Q, basis=BillingBasis.CALENDAR),
        Line("Kast", "LOCKER", "maand", "8.50", _ARREARS),
        Line("Sleutels", "SETUP", "keer", "{setup}", _ONCE),
    ),
    "Verbruik": (
        Line("Uur", "HOUR", "uur", "{call}", _USE),
        Line("Lunch", "LUNCH", "stuk", "14.50", _USE, VatCategory.REDUCED),
    ),
    "Extra opties": (Line("Projector", "PROJECTOR", "maand", "25.00", _M, is_option=True),),
}
# What is neither here nor there is counted one by one.
UNIT_CODES = {
    "maand": "MON",
    "jaar": "ANN",
    "week": "WEE",
    "kwartaal": "QAN",
    "meter": "MTR",
    "uur": "HUR",
}
