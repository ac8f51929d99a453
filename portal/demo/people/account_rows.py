"""The rows of the demo's accounts."""

from datetime import date, datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from portal.demo.catalogue.rows import GENERAL_TERMS, Catalogue
from portal.demo.catalogue.tariffs import TARIFFS
from portal.demo.people.accounts import Booking, DemoAccount
from portal.models import (
    Account,
    Base,
    BookedOption,
    Consent,
    Contract,
    Member,
    ModuleSubscription,
    Notice,
    Person,
    SpecialAgreement,
    SubscriptionItemQuantity,
    TariffPeriod,
)
from portal.rules.contract.document_delivery import DocumentDelivery, DocumentDeliveryMode
from portal.rules.modules.notice import NoticeReason, Party
from portal.rules.modules.reason import Rule, Step
from portal.rules.modules.special_agreement import AgreementKind
from portal.rules.modules.step_data import stored


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
        registration_number=demo.registration_number,
        electronic_address=demo.electronic_address,
        buyer_reference=demo.buyer_reference,
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
    counted = [
        row
        for booking, (subscription, _) in zip(demo.bookings, booked, strict=True)
        for row in _counted(booking, subscription)
    ]
    return [
        [account],
        list(members),
        [contract, *consents, *(subscription for subscription, _ in booked)],
        [*(period for _, period in booked), *counted, *_agreed(demo, account_id, catalogue, today)],
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


def _counted(booking: Booking, subscription: ModuleSubscription) -> list[Base]:
    """Give how many of an item there are, and of additional options, from the first day on."""
    since = {
        "account_id": subscription.account_id,
        "module_subscription_id": subscription.id,
        "starts_on": subscription.starts_on,
        "agreed_on": subscription.starts_on,
    }
    lines = {line.key: line for lines in TARIFFS[booking.tariff].items.values() for line in lines}
    rows: list[Base] = [
        SubscriptionItemQuantity(item_key=key, quantity=quantity, asked_by=Party.CUSTOMER, **since)
        for key, quantity in booking.quantities.items()
    ]
    for key, quantity in booking.options.items():
        notice, ending_day = lines[key].notice or (None, None)
        rows.append(
            BookedOption(
                item_key=key,
                quantity=quantity,
                notice_period_count=notice and notice.count,
                notice_period_unit=notice and notice.unit,
                ending_day=ending_day,
                **since,
            )
        )
    return rows


def _agreed(
    demo: DemoAccount, account_id: Any, catalogue: Catalogue, today: date
) -> list[SpecialAgreement]:
    columns = {
        AgreementKind.UNIT_PRICE: "unit_price",
        AgreementKind.DISCOUNT: "discount_percent",
        AgreementKind.VAT_TREATMENT: "vat_treatment",
    }
    return [
        SpecialAgreement(
            account_id=account_id,
            module_id=catalogue.modules[one.module],
            item_key=one.item_key,
            kind=one.kind,
            starts_on=months_from(today, -3),
            comment=one.comment,
            **{columns[one.kind]: one.value},
        )
        for one in demo.agreed
    ]
