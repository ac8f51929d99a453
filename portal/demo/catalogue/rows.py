"""The demo's catalogue: five modules, twelve tariffs, and what there is to agree to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from uuid_utils.compat import uuid7

from portal.demo.catalogue.items import UNIT_CODES, Line
from portal.demo.catalogue.modules import MODULES
from portal.demo.catalogue.tariffs import OPENED, RAISES, TARIFFS
from portal.demo.catalogue.translated import translated
from portal.models import (
    Base,
    ConsentDocument,
    GeneralPaymentTerms,
    Item,
    Module,
    OperatorProfile,
    PriceListSection,
    Tariff,
    TariffVersion,
)
from portal.models.contract.consent import ConsentDocumentKind
from portal.rules.address import Address
from portal.rules.catalogue.unit import ONE
from portal.rules.contract.payment_terms import PaymentMethod, PaymentTerms
from portal.viewer import Language

GENERAL_TERMS = PaymentTerms("14 dagen netto", 14, PaymentMethod.TRANSFER)

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
        yield [*self._modules(), *self._documents(), *self._of_operator()]
        yield [
            Tariff(
                id=id,
                module_id=self.modules[TARIFFS[key].module],
                **translated(name=TARIFFS[key].name),
                is_public=TARIFFS[key].offer_number is None,
                offer_number=TARIFFS[key].offer_number,
                offer_expires_on=TARIFFS[key].offer_expires_on,
                offer_most_uses=TARIFFS[key].offer_most_uses,
            )
            for key, id in self.tariffs.items()
        ]
        versions = [version for key in TARIFFS for version in self._versions(key)]
        yield [version for version, _ in versions]
        sections = [
            (
                PriceListSection(
                    id=uuid7(), tariff_version_id=v.id, position=i, **translated(title=t)
                ),
                items,
            )
            for v, lists in versions
            for i, (t, items) in enumerate(lists.items())
        ]
        yield [section for section, _ in sections]
        yield [
            _item(section, index, line)
            for section, items in sections
            for index, line in enumerate(items)
        ]

    def _modules(self) -> Iterator[Base]:
        for position, (key, id) in enumerate(self.modules.items(), 1):
            name, description, is_single, data_schema = MODULES[key]
            yield Module(
                id=id,
                key=key,
                **translated(name=name, description=description),
                is_single_booking=is_single,
                data_schema=data_schema,
                position=position,
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
    def _of_operator() -> Iterator[Base]:
        yield GeneralPaymentTerms(valid_from=OPENED, terms=GENERAL_TERMS)
        yield OperatorProfile(
            valid_from=OPENED,
            address=Address("Portaal Diensten B.V.", "Kade 1", "1011 AA", "Amsterdam", "NL"),
            registration_number="12345678",
            vat_number="NL004495445B01",
            iban="NL91ABNA0417164300",
            bic="ABNANL2A",
            creditor_id="NL69ZZZ123456780000",
            peppol_endpoint="0106:12345678",
            contact_name="Hanna Vos",
            telephone="+31201234567",
            email="administratie@portaal.example",
            colour="#1a5fb4",
        )

    def _versions(self, key: str) -> Iterator[tuple[TariffVersion, dict[str, list[Line]]]]:
        offered = TARIFFS[key]
        terms, prices = offered.terms, offered.prices
        steps = [(offered.valid_from, offered.valid_from, prices.get("base"))]
        if key in RAISES:
            steps.append(RAISES[key])
        for valid_from, for_existing, base in steps:
            version = TariffVersion(
                id=uuid7(),
                tariff_id=self.tariffs[key],
                published_at=datetime.combine(valid_from, time(), UTC),
                valid_from=valid_from,
                valid_from_for_existing=for_existing,
                initial_term_count=terms.initial_term.count,
                initial_term_unit=terms.initial_term.unit,
                renewal=terms.renewal,
                renewal_term_count=terms.renewal_term and terms.renewal_term.count,
                renewal_term_unit=terms.renewal_term and terms.renewal_term.unit,
                notice_period_count=terms.notice_period.count,
                notice_period_unit=terms.notice_period.unit,
                ending_day=terms.ending_day,
                change_free_of_notice=offered.change_free_of_notice,
                term_continues=offered.term_continues,
            )
            filled = {
                title: [
                    replace(line, price=line.price.format(**{**prices, "base": base}))
                    for line in lines
                ]
                for title, lines in offered.items.items()
            }
            yield version, filled


def _item(section: PriceListSection, position: int, line: Line) -> Item:
    notice, ending_day = line.notice or (None, None)
    code, text = line.exemption or (None, None)
    return Item(
        tariff_version_id=section.tariff_version_id,
        price_list_section_id=section.id,
        position=position,
        **translated(name=line.name, unit=line.unit),
        key=line.key,
        is_additional_option=line.is_option,
        unit_code=UNIT_CODES.get(line.unit, ONE),
        unit_price=Decimal(line.price),
        vat_category=line.vat,
        vat_exemption_code=code,
        vat_exemption_text=text,
        billing_mode=line.mode,
        billing_basis=line.basis,
        notice_period_count=notice and notice.count,
        notice_period_unit=notice and notice.unit,
        ending_day=ending_day,
    )
