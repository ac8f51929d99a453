"""The demo's accounts: fictional, with numbers that are valid."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from portal.demo.catalogue import GENERAL_TERMS, Catalogue
from portal.models import (
    Account,
    Base,
    Consent,
    Contract,
    Member,
    ModuleSubscription,
    Notice,
    Person,
    TariffPeriod,
)
from portal.rules.address import Address, ContractPartner, PartyKind
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.contract.vat import VatTreatment
from portal.rules.modules.notice import NoticeReason, Party
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.step_data import stored
from portal.viewer import Language, MemberRole


@dataclass(frozen=True, slots=True, eq=False)
class Booking:
    """A module of a demo account: months since it began, months until or since its last day."""

    module: str
    tariff: str
    began: int
    ends_in: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


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
    ),
    DemoAccount(
        name="VvE Het Huisje",
        number="10002",
        people=(("owner@huisje.example", "Mila Jansen", MemberRole.OWNER),),
        partner=ContractPartner(
            "VvE Het Huisje", "Tuinpad 3", "2312 CD", "Leiden", "NL", PartyKind.BUSINESS
        ),
        bookings=(Booking("telephone", "telephone-offer", 9),),
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
        bookings=(Booking("telephone", "telephone-basic", 30),),
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
        bookings=(Booking("scanning", "scanning-volume", 16, ends_in=-2),),
        language=Language.DE,
        time_zone="Europe/Berlin",
        vat_number="DE136695976",
        iban="DE89370400440532013000",
        treatment=VatTreatment.REVERSE_CHARGE,
    ),
)


def months_from(day: date, months: int) -> date:
    """Give the first day of the month that lies so many months from a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def people_of(demo: DemoAccount, now: datetime) -> list[Person]:
    """Give the people of an account."""
    return [
        Person(id=uuid7(), email=email, name=name, language=demo.language, created_at=now)
        for email, name, _ in demo.people
    ]


def layers_of(
    demo: DemoAccount, people: list[Person], catalogue: Catalogue, now: datetime
) -> list[list[Base]]:
    """Give the rows of an account, those first that others refer to."""
    began = now - timedelta(days=900)
    account_id, today = uuid7(), now.date()
    members = [
        Member(id=uuid7(), account_id=account_id, person_id=person.id, role=role, joined_at=began)
        for person, (_, _, role) in zip(people, demo.people, strict=True)
    ]
    account = Account(
        id=account_id,
        name=demo.name,
        customer_number=demo.number,
        language=demo.language,
        time_zone=demo.time_zone,
        owner_id=members[0].id,
        created_at=began,
    )
    contract = Contract(
        account_id=account_id,
        contract_partner=demo.partner,
        billing_address=demo.billing_address,
        general_payment_terms=GENERAL_TERMS,
        vat_treatment=demo.treatment,
        vat_number=demo.vat_number,
        iban=demo.iban,
        document_delivery=DocumentDelivery([demo.people[0][0]], DocumentDeliveryMode.ATTACHMENT),
        purchase_order_number=demo.purchase_order_number,
        concluded_on=min(months_from(today, -booking.began) for booking in demo.bookings),
    )
    consents = [
        Consent(
            account_id=account_id, consent_document_id=id, person_id=people[0].id, given_at=began
        )
        for (_, language), id in catalogue.documents.items()
        if language is demo.language
    ]
    booked = [_booked(booking, account_id, catalogue, today) for booking in demo.bookings]
    return [
        [account],
        list(members),
        [contract, *consents, *(subscription for subscription, _ in booked)],
        [period for _, period in booked],
        [_notice(ended, people[0], now) for ended, _ in booked if ended.ends_on is not None],
    ]


def _notice(subscription: ModuleSubscription, owner: Person, now: datetime) -> Notice:
    """Give the letter by which a demo module was cancelled, for a day that was granted."""
    received_on = subscription.starts_on + timedelta(days=90)
    steps = (Step(Rule.DEVIATING_DAY, subscription.ends_on),)
    return Notice(
        account_id=subscription.account_id,
        module_subscription_id=subscription.id,
        asked_by=Party.CUSTOMER,
        asked_by_person=owner.id,
        received_at=now,
        received_on=received_on,
        last_day=subscription.ends_on,
        is_deviating=True,
        reason_code=NoticeReason.NO_LONGER_NEEDED,
        steps=stored(steps),
    )


def _booked(
    booking: Booking, account_id: Any, catalogue: Catalogue, today: date
) -> tuple[ModuleSubscription, TariffPeriod]:
    starts_on = months_from(today, -booking.began)
    ends_on = None
    if booking.ends_in is not None:
        ends_on = months_from(today, booking.ends_in + 1) - timedelta(days=1)
    subscription = ModuleSubscription(
        id=uuid7(),
        account_id=account_id,
        module_id=catalogue.modules[booking.module],
        starts_on=starts_on,
        ends_on=ends_on,
        data=booking.data,
    )
    period = TariffPeriod(
        account_id=account_id,
        module_subscription_id=subscription.id,
        tariff_id=catalogue.tariffs[booking.tariff],
        starts_on=starts_on,
        ends_on=ends_on,
        agreed_on=starts_on,
    )
    return subscription, period
