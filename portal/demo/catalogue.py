"""The demo's catalogue: five modules, eight tariffs, and what there is to agree to."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from uuid_utils.compat import uuid7

from portal.models import (
    Base,
    ConsentDocument,
    GeneralPaymentTerms,
    Item,
    Module,
    PriceListSection,
    Tariff,
    TariffVersion,
)
from portal.models.contract.consent import ConsentDocumentKind
from portal.rules.catalogue.terms import (
    ADDITIONAL_OPTION,
    BillingMode,
    EndingDay,
    Renewal,
    TermUnit,
    VatCategory,
)
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.viewer import Language

OPENED = date(2019, 1, 1)
GENERAL_TERMS = PaymentTerms("14 dagen netto", 14, PaymentMethod.TRANSFER)

_M, _Y, _ONCE, _USE = (
    BillingMode.MONTHLY_IN_ADVANCE,
    BillingMode.YEARLY_IN_ADVANCE,
    BillingMode.AT_ONCE,
    BillingMode.PER_USE,
)

_TELEPHONE_DATA = {
    "type": "object",
    "properties": {
        "greeting": {"type": "string", "maxLength": 500},
        "forwardTo": {
            "type": "string",
            "pattern": "^\\+[0-9]{6,15}$",
            "x-text": {
                "nl": {
                    "title": "Doorschakelen naar",
                    "message": "Vul een telefoonnummer in met landnummer, zoals +31201234567.",
                },
                "en": {
                    "title": "Forward to",
                    "message": "Give a telephone number with its country code, like +31201234567.",
                },
                "de": {
                    "title": "Weiterleiten an",
                    "message": "Geben Sie eine Nummer mit Landesvorwahl an, wie +4930123456.",
                },
            },
        },
        "openingHours": {
            "type": "object",
            "additionalProperties": {
                "type": "string",
                "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
                "x-text": {
                    "nl": {"title": "Openingstijd", "message": "Vul tijden in zoals 09:00-17:30."},
                    "en": {"title": "Opening hours", "message": "Give times like 09:00-17:30."},
                    "de": {
                        "title": "Öffnungszeit",
                        "message": "Geben Sie Zeiten an wie 09:00-17:30.",
                    },
                },
            },
        },
    },
    "required": ["greeting", "forwardTo"],
    "additionalProperties": False,
}
_NO_DATA = {"type": "object", "additionalProperties": False}

MODULES: dict[str, tuple[str, str, bool, dict[str, Any]]] = {
    "telephone": (
        "Telefoonservice",
        "Wij nemen uw telefoon op in uw naam en geven berichten meteen door.",
        True,
        _TELEPHONE_DATA,
    ),
    "address": (
        "Zakelijk adres",
        "Een post- en bezoekadres voor uw onderneming.",
        True,
        _NO_DATA,
    ),
    "scanning": (
        "Post scannen",
        "Uw post wordt op de dag van ontvangst gescand en veilig bewaard.",
        True,
        _NO_DATA,
    ),
    "meeting": ("Vergaderruimte", "Ruimten voor vier tot twaalf personen.", False, _NO_DATA),
    "desk": ("Administratie", "Wij houden uw facturen en bonnen bij.", True, _NO_DATA),
}

_TELEPHONE_ITEMS: dict[str, list[tuple[str, str, str, str, BillingMode]]] = {
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
        ("Bereikbaar op zaterdag", ADDITIONAL_OPTION, "maand", "29.00", _M),
        ("Tweede taal", ADDITIONAL_OPTION, "maand", "39.00", _M),
    ],
}
_OFFICE_ITEMS: dict[str, list[tuple[str, str, str, str, BillingMode]]] = {
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

_TITLES = {
    Language.NL: ("Algemene voorwaarden", "Verwerkersovereenkomst"),
    Language.EN: ("General terms and conditions", "Data processing agreement"),
    Language.DE: ("Allgemeine Geschäftsbedingungen", "Auftragsverarbeitung"),
}


class Catalogue:
    """The rows of the catalogue, and the ids by which accounts refer to them."""

    def __init__(self) -> None:
        self.modules = {key: uuid7() for key in MODULES}
        self.tariffs = {key: uuid7() for key in TARIFFS}
        self.documents = {
            (kind, language): uuid7() for kind in ConsentDocumentKind for language in Language
        }

    def layers(self) -> Iterator[list[Base]]:
        """Give the rows, those first that others refer to."""
        yield [*self._modules(), *self._documents(), *self._general_terms()]
        yield [
            Tariff(
                id=id,
                module_id=self.modules[TARIFFS[key][0]],
                name=TARIFFS[key][1],
                is_public=TARIFFS[key][2] is None,
                offer_number=TARIFFS[key][2],
            )
            for key, id in self.tariffs.items()
        ]
        versions = [version for key in TARIFFS for version in self._versions(key)]
        yield [version for version, _ in versions]
        sections = [
            (PriceListSection(id=uuid7(), tariff_version_id=v.id, position=i, title=t), items)
            for v, lists in versions
            for i, (t, items) in enumerate(lists.items())
        ]
        yield [section for section, _ in sections]
        yield [
            Item(
                price_list_section_id=section.id,
                position=index,
                name=name,
                key=key,
                unit=unit,
                unit_price=Decimal(price),
                vat_category=VatCategory.STANDARD,
                billing_mode=mode,
            )
            for section, items in sections
            for index, (name, key, unit, price, mode) in enumerate(items)
        ]

    def _modules(self) -> Iterator[Base]:
        for key, id in self.modules.items():
            name, description, is_single, data_schema = MODULES[key]
            yield Module(
                id=id,
                key=key,
                name=name,
                description=description,
                is_single_booking=is_single,
                data_schema=data_schema,
            )

    def _documents(self) -> Iterator[Base]:
        for (kind, language), id in self.documents.items():
            title = _TITLES[language][kind is ConsentDocumentKind.DATA_PROTECTION]
            yield ConsentDocument(
                id=id,
                kind=kind,
                version="2024-1",
                language=language,
                title=title,
                body=f"{title}, versie 2024-1.",
                published_on=date(2024, 1, 1),
            )

    @staticmethod
    def _general_terms() -> Iterator[Base]:
        yield GeneralPaymentTerms(valid_from=OPENED, terms=GENERAL_TERMS)

    def _versions(self, key: str) -> Iterator[tuple[TariffVersion, dict[str, list[Any]]]]:
        module, _, _, prices, months, renewal, notice, ending_day = TARIFFS[key]
        lists = _TELEPHONE_ITEMS if module == "telephone" else _OFFICE_ITEMS
        steps = [(OPENED, OPENED, prices["base"])]
        if key in RAISES:
            steps.append(RAISES[key])
        for valid_from, for_existing, base in steps:
            version = TariffVersion(
                id=uuid7(),
                tariff_id=self.tariffs[key],
                valid_from=valid_from,
                valid_from_for_existing=for_existing,
                initial_term_count=months,
                initial_term_unit=TermUnit.MONTHS,
                renewal=renewal,
                renewal_term_count=12 if renewal is Renewal.RENEWAL_TERM else None,
                renewal_term_unit=TermUnit.MONTHS if renewal is Renewal.RENEWAL_TERM else None,
                notice_period_count=notice,
                notice_period_unit=TermUnit.MONTHS,
                ending_day=ending_day,
            )
            filled = {
                title: [
                    (name, item, unit, price.format(**{**prices, "base": base}), mode)
                    for name, item, unit, price, mode in items
                ]
                for title, items in lists.items()
            }
            yield version, filled
