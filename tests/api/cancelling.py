"""Modules to cancel and to change, on days that a test sets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from uuid_utils.compat import uuid7

from portal import models
from portal.language.global_id import encode
from portal.models import Base
from portal.rules.catalogue.terms import BillingMode, EndingDay, Renewal, TermUnit
from tests import factories
from tests.world import Kind
from tests.writing import Writer

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
GIVE, WITHDRAW = "giveNotice", "withdrawNotice"
CHANGE, UNDO = "changeTariff", "withdrawTariffChange"

MONTHLY = {
    "initial_term_count": 0,
    "renewal": Renewal.OPEN_ENDED,
    "notice_period_count": 1,
    "ending_day": EndingDay.END_OF_MONTH,
}
YEARLY = {
    "initial_term_count": 12,
    "renewal": Renewal.RENEWAL_TERM,
    "renewal_term_count": 12,
    "renewal_term_unit": TermUnit.MONTHS,
    "notice_period_count": 3,
    "ending_day": EndingDay.END_OF_TERM,
}
SELF_ENDING = {
    "initial_term_count": 12,
    "renewal": Renewal.NONE,
    "notice_period_count": 0,
    "ending_day": EndingDay.ANY_DAY,
}


@dataclass
class Hand:
    """The hand of a clock that a test turns."""

    at: datetime = datetime(2025, 3, 14, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def set(self, day: str, time: str = "12:00:00", zone: ZoneInfo = AMSTERDAM) -> None:
        """Turn it to a local time of a day."""
        self.at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone).astimezone(UTC)


def priced(tariff: models.Tariff, terms: dict[str, Any], price: str = "39.00") -> list[Base]:
    """Give a version of a tariff with one monthly item, and an option that nobody booked."""
    version = factories.tariff_version(tariff, **terms)
    section = factories.section(version)
    monthly, option = BillingMode.MONTHLY_IN_ADVANCE, {"is_additional_option": True}
    return [
        version,
        section,
        factories.item(section, 0, unit_price=Decimal(price), billing_mode=monthly),
        factories.item(section, 1, unit_price=Decimal(1000), billing_mode=monthly, **option),
    ]


@dataclass(frozen=True)
class Booked:
    """A module of the account at hand, its tariff, and another public tariff of it."""

    subscription: models.ModuleSubscription
    tariff: models.Tariff
    other: models.Tariff
    module: models.Module
    writer: Writer

    @property
    def id(self) -> str:
        """Its global id."""
        return encode("ModuleSubscription", self.subscription.id)

    @property
    def other_id(self) -> str:
        """The other tariff's global id."""
        return encode("Tariff", self.other.id)

    def pending(self, what: str, when: str) -> str:
        """Give the sentence about what its customer has asked for."""
        return f"{what} of {self.module.name} {when} by the customer is pending."

    async def send(
        self, mutation: str, kind: Kind, given: dict[str, Any] | None = None, fields: str = "endsOn"
    ) -> dict[str, Any]:
        """Send a mutation about it."""
        sent = {"id": self.id} | (given or {})
        if mutation == CHANGE and "tariff" not in sent:
            sent["tariff"] = {"id": self.other_id}
        return await self.writer.change(mutation, kind, sent, fields)

    async def again(self, starts_on: str) -> None:
        """Write an order of the same module that begins on a day."""
        first = date.fromisoformat(starts_on)
        account_id, module_id = self.subscription.account_id, self.subscription.module_id
        later = models.ModuleSubscription(
            id=uuid7(), account_id=account_id, module_id=module_id, starts_on=first, data={}
        )
        period = factories.tariff_period(later, self.tariff)
        await factories.write(self.writer.superuser, [later, period])

    async def periods(self) -> list[tuple[Any, ...]]:
        """Give its tariff periods as they are stored: first day, last day, tariff, counted from."""
        async with self.writer.superuser.connect() as connection:
            found = await connection.execute(
                sa.text(
                    "SELECT starts_on::text, ends_on::text, tariff_id, agreed_on::text,"
                    " counted_from::text FROM tariff_period"
                    " WHERE module_subscription_id = :id ORDER BY starts_on"
                ),
                {"id": self.subscription.id},
            )
            return [tuple(row) for row in found]

    async def mails(self) -> list[tuple[Any, ...]]:
        """Give the mails to the account that are on their way, with their texts, in order."""
        async with self.writer.superuser.connect() as connection:
            found = await connection.execute(
                sa.text(
                    "SELECT o.recipient, o.subject, o.text FROM outbox o WHERE o.account_id = :id"
                    " ORDER BY o.id"
                ),
                {"id": self.subscription.account_id},
            )
            return [tuple(row) for row in found]


Book = Callable[..., Awaitable[Booked]]


def booking(writer: Writer, write: Callable[..., Awaitable[None]]) -> Book:
    """Give the way to book a module that the account at hand has had from a day on."""

    async def book(
        starts_on: str = "2024-01-15",
        terms: dict[str, Any] | None = None,
        other: dict[str, Any] | None = None,
        *,
        is_single_booking: bool = False,
        **period: Any,
    ) -> Booked:
        module = factories.module(is_single_booking=is_single_booking)
        tariff = factories.tariff(module, name=f"A {factories.word()}")
        another = factories.tariff(module, name=f"B {factories.word()}")
        first = date.fromisoformat(starts_on)
        dated = {"valid_from": date(1990, 1, 1), "valid_from_for_existing": date(1990, 1, 1)}
        ends_on = period.get("ends_on")
        subscription = factories.module_subscription(
            writer.world.own.account_id, module, starts_on=first, ends_on=ends_on
        )
        await write(
            module,
            tariff,
            another,
            *priced(tariff, dated | (MONTHLY if terms is None else terms)),
            *priced(another, dated | (MONTHLY if other is None else other), "59.00"),
            subscription,
            factories.tariff_period(subscription, tariff, **period),
        )
        return Booked(subscription, tariff, another, module, writer)

    return book


async def make_consumer(writer: Writer, country: str = "NL", concluded_on: str = "2019-01-15"):
    """Let the account's contract partner be a consumer, of an old contract."""
    async with writer.superuser.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE contract SET contract_partner_kind = 'CONSUMER',"
                " contract_partner_country = :country, concluded_on = :on"
                " WHERE account_id = :account"
            ),
            {
                "country": country,
                "on": date.fromisoformat(concluded_on),
                "account": writer.world.own.account_id,
            },
        )
