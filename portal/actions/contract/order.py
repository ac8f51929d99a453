"""Ordering a module, withdrawing the order, and the data of what was ordered.

Whoever calls holds the account's lock: two orders of one account follow one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.actions.books import check_open
from portal.actions.catalogue import offer
from portal.actions.catalogue.module import check_taken
from portal.actions.contract import consent
from portal.actions.contract.first_order import contract_of
from portal.actions.contract.order_mail import confirm, tell_withdrawn
from portal.actions.modules import quantity
from portal.actions.modules.lost_key import remove_all
from portal.actions.modules.quantity import Wanted
from portal.actions.modules.single_booking import check_order
from portal.actions.modules.still_offered import check_still_offered
from portal.errors import NotFound, PortalError, Several, faults_below, gathered
from portal.models import Account, Module, ModuleSubscription, TariffPeriod, TariffVersion
from portal.rules.calendar import LAST_DAY, local_day
from portal.rules.catalogue.terms import Renewal
from portal.rules.catalogue.terms_check import check_computable
from portal.rules.contract.duration import check_module_start
from portal.rules.contract.order import check_start
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.course import check_order_withdrawable
from portal.rules.modules.module_data import check_module_data
from portal.rules.modules.notice import Party
from portal.rules.modules.period import Period


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered, as it was sent; ids that lead nowhere are refused like any other."""

    module_id: UUID | None
    tariff_id: UUID | None = None
    offer_number: str | None = None
    starts_on: date | None = None
    data: object = field(default_factory=dict)
    contract_partner: Mapping[str, Any] | None = None
    consent_document_ids: Sequence[UUID | None] = ()
    quantities: Sequence[Wanted] = ()


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who orders, for which side; a manager's order ``may_lie_back``."""

    person_id: UUID
    may_lie_back: bool
    side: Party


async def order(
    session: AsyncSession, account: Account, wanted: Order, by: Orderer, now: datetime
) -> ModuleSubscription:
    """Order a module; the first order makes the account's contract."""
    today = local_day(now, account.time_zone)
    module = await session.get(Module, wanted.module_id) if wanted.module_id else None
    if module is None:
        raise NotFound("There is no such module.", path=["input", "moduleId"])
    starts_on = today if wanted.starts_on is None else wanted.starts_on
    faults: list[PortalError] = []
    with gathered(faults):
        check_taken(module, today)
    with gathered(faults):
        check_start(starts_on, today, may_lie_back=by.may_lie_back)
        if starts_on < today:
            await check_open(session, starts_on, ("input", "startsOn"))
    with gathered(faults), faults_below("input", "data"):
        check_module_data(wanted.data, module.data_schema)
    with gathered(faults):
        contract = await contract_of(session, account, wanted.contract_partner, today)
    with gathered(faults), faults_below("input", "consentDocumentIds"):
        await _agree(session, account, wanted, by, now)
    with gathered(faults):
        version = await offer.chosen_version(
            session, module.id, wanted.tariff_id, wanted.offer_number, today
        )
        with faults_below("input"):
            check_computable(version.terms)
        with faults_below("input", "quantities"):
            await quantity.check_order(session, version, wanted.quantities)
    if faults:
        raise Several(faults)
    check_module_start(starts_on, contract.starts_on_override)
    ends_on = _own_end(version, starts_on)
    await check_order(session, account.id, module, Period(starts_on, ends_on or LAST_DAY))
    subscription = ModuleSubscription(
        id=uuid7(),
        account_id=account.id,
        module_id=module.id,
        starts_on=starts_on,
        ends_on=ends_on,
        data=wanted.data,
    )
    session.add(subscription)
    await session.flush()
    session.add(
        TariffPeriod(
            account_id=account.id,
            module_subscription_id=subscription.id,
            tariff_id=version.tariff_id,
            starts_on=starts_on,
            ends_on=ends_on,
            agreed_on=today,
        )
    )
    await session.flush()
    await session.refresh(module, ["retired_from"])
    check_taken(module, today)
    with faults_below("input"):
        await check_still_offered(session, version, today)
    await quantity.order(session, subscription, wanted.quantities, today, by.side)
    await confirm(session, subscription, version.tariff_id, by.person_id, now)
    return subscription


async def withdraw(
    session: AsyncSession, subscription: ModuleSubscription, person_id: UUID, now: datetime
) -> Account:
    """Undo an order before its first day; an offer it used can be used again."""
    account = await session.get_one(Account, subscription.account_id)
    check_order_withdrawable(subscription.starts_on, local_day(now, account.time_zone))
    await tell_withdrawn(session, subscription, person_id, now)
    periods = await session.scalars(
        sa.select(TariffPeriod)
        .where(
            TariffPeriod.account_id == account.id,
            TariffPeriod.module_subscription_id == subscription.id,
        )
        .order_by(TariffPeriod.starts_on)
    )
    for period in periods:
        await offer.give_back(session, period)
        await session.delete(period)
    await remove_all(session, subscription)
    await session.flush()
    await session.delete(subscription)
    return account


async def update_data(session: AsyncSession, subscription: ModuleSubscription, data: Any) -> None:
    """Replace the data of a module."""
    module = await session.get_one(Module, subscription.module_id)
    with faults_below("input", "data"):
        check_module_data(data, module.data_schema)
    subscription.data = data


async def _agree(
    session: AsyncSession, account: Account, wanted: Order, by: Orderer, now: datetime
) -> None:
    await consent.give(session, account, by.person_id, wanted.consent_document_ids, now)
    await session.flush()
    await consent.check_given(session, account, now)


def _own_end(version: TariffVersion, starts_on: date) -> date | None:
    """Give the last day where the contract ends by itself with its initial term."""
    terms = version.terms
    return Agreement(starts_on, terms).until if terms.renewal is Renewal.NONE else None
