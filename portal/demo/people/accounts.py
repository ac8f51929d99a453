"""The demo's accounts: fictional, with numbers that are valid."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.special_agreement import AgreementKind
from portal.viewer import Language, MemberRole


@dataclass(frozen=True, slots=True, eq=False)
class Booking:
    """A module of a demo account: months since it began, months until or since its last day.

    How many of an item there are, and of an additional option, stands under its key.
    """

    module: str
    tariff: str
    began: int
    ends_in: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    quantities: dict[str, int] = field(default_factory=dict)
    options: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A special agreement, by which an item of a module costs otherwise, or all of them."""

    module: str
    kind: AgreementKind
    value: Decimal | VatTreatment
    item_key: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DemoAccount:
    """What is written for one demo account; the first person owns it."""

    name: str
    number: str
    people: tuple[tuple[str, str, MemberRole], ...]
    partner: ContractPartner
    bookings: tuple[Booking, ...]
    language: Language = Language.NL
    time_zone: str = "Europe/Amsterdam"
    vat_number: str | None = None
    iban: str | None = None
    treatment: VatTreatment = VatTreatment.STANDARD
    billing_address: Address | None = None
    purchase_order_number: str | None = None
    registration_number: str | None = None
    electronic_address: str | None = None
    buyer_reference: str | None = None
    agreed: tuple[Agreed, ...] = ()


_GREETING = {
    "greeting": "Goedemorgen, u spreekt met De Timmerwinkel.",
    "forwardTo": "+31301234567",
    "openingHours": {"mon": "08:00-17:30", "sat": "09:00-13:00"},
}

ACCOUNTS = (
    DemoAccount(
        name="De Timmerwinkel",
        number="10001",
        people=(
            ("owner@timmerwinkel.example", "Joris Timmer", MemberRole.OWNER),
            ("admin@timmerwinkel.example", "Sanne Timmer", MemberRole.ADMIN),
            ("billing@timmerwinkel.example", "Pim de Boer", MemberRole.BILLING),
            ("reader@timmerwinkel.example", "Noor Visser", MemberRole.READER),
        ),
        partner=ContractPartner(
            "De Timmerwinkel", "Zagerij 12", "3511 AB", "Utrecht", "NL", PartyKind.BUSINESS
        ),
        bookings=(
            Booking("telephone", "telephone-plus", 26, data=_GREETING),
            Booking("address", "address-standard", 14, ends_in=3),
            Booking("scanning", "scanning-compact", 20, ends_in=-8),
            Booking("scanning", "scanning-volume", 7),
        ),
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        purchase_order_number="TW-2026",
        registration_number="87654321",
        electronic_address="0106:87654321",
    ),
    DemoAccount(
        name="VvE Het Huisje",
        number="10002",
        people=(("owner@huisje.example", "Mila Jansen", MemberRole.OWNER),),
        partner=ContractPartner(
            "VvE Het Huisje", "Tuinpad 3", "2312 CD", "Leiden", "NL", PartyKind.BUSINESS
        ),
        bookings=(
            Booking(
                *("telephone", "telephone-offer", 9),
                options={"SATURDAY": 1},
                data={"greeting": "VvE Het Huisje, goedemorgen.", "forwardTo": "+31712345678"},
            ),
            Booking(
                *("address", "address-archive", 5),
                quantities={"BOX": 24, "METRE": 6},
                options={"INSURANCE": 1, "COURIER": 2},
            ),
        ),
        agreed=(
            Agreed("telephone", AgreementKind.UNIT_PRICE, Decimal("0.79"), "CALL"),
            Agreed("address", AgreementKind.DISCOUNT, Decimal(10), comment="Verenigingskorting."),
        ),
        billing_address=Address(
            "Beheer Het Huisje", "Postbus 45", "2300 AA", "Leiden", "NL", attention="Bestuur"
        ),
    ),
    DemoAccount(
        name="Mevr. De Bakker",
        number="10003",
        people=(("owner@bakker.example", "Elsje de Bakker", MemberRole.OWNER),),
        partner=ContractPartner(
            "Mevr. E. de Bakker", "Molenstraat 8", "5211 EF", "Den Bosch", "NL", PartyKind.CONSUMER
        ),
        bookings=(
            Booking(
                *("telephone", "telephone-basic", 30),
                data={"greeting": "Met Elsje de Bakker.", "forwardTo": "+31731234567"},
            ),
        ),
    ),
    DemoAccount(
        name="Brouwerij De Kade",
        number="10004",
        people=(("owner@dekade.example", "Lotte Peeters", MemberRole.OWNER),),
        partner=ContractPartner(
            "Brouwerij De Kade BV", "Kaai 21", "9000", "Gent", "BE", PartyKind.BUSINESS
        ),
        bookings=(
            Booking("address", "address-standard", 11),
            Booking("meeting", "meeting-card", 4),
        ),
        time_zone="Europe/Brussels",
        vat_number="BE0403019261",
        registration_number="0403019261",
        electronic_address="0208:0403019261",
        buyer_reference="Inkoop 7",
        iban="BE31435411161155",
        treatment=VatTreatment.REVERSE_CHARGE,
    ),
    DemoAccount(
        name="Gärtnerei Lindenhof",
        number="10005",
        people=(("owner@lindenhof.example", "Jonas Linde", MemberRole.OWNER),),
        partner=ContractPartner(
            "Gärtnerei Lindenhof GmbH", "Gartenweg 5", "50667", "Köln", "DE", PartyKind.BUSINESS
        ),
        bookings=(
            Booking("scanning", "scanning-volume", 16, ends_in=-2),
            Booking("address", "address-archive", 8, quantities={"BOX": 60}),
        ),
        agreed=(Agreed("address", AgreementKind.VAT_TREATMENT, VatTreatment.STANDARD, "EXPORT"),),
        language=Language.DE,
        time_zone="Europe/Berlin",
        vat_number="DE136695976",
        electronic_address="9930:DE136695976",
        buyer_reference="04011000-12345-03",
        iban="DE89370400440532013000",
        treatment=VatTreatment.REVERSE_CHARGE,
    ),
)
