"""Changing the tariff of a module, and taking that back."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from portal.actions.catalogue import offer
from portal.actions.modules.asking import Asking
from portal.actions.modules.decided_tariff import Choice, decide
from portal.actions.modules.lost_key import end_lost, revive
from portal.actions.modules.notice_mail import Confirmed, confirm
from portal.actions.modules.priced import check_not_dearer, note_before, priced
from portal.actions.modules.single_booking import check_last_day
from portal.actions.modules.standing import standing_of
from portal.actions.modules.still_offered import check_still_offered
from portal.actions.modules.terms_mail import terms_of
from portal.errors import faults_below
from portal.mail.modules.content import TariffChangeConfirmation, TariffChangeWithdrawn
from portal.models import ModuleSubscription, Tariff, TariffChange, TariffPeriod
from portal.models.text import text_of
from portal.rules.modules.notice import Party, Wish
from portal.rules.modules.period import ONE_DAY
from portal.writing.changes import apply_changes


async def change(
    session: AsyncSession,
    subscription: ModuleSubscription,
    asking: Asking,
    wish: Wish,
    choice: Choice,
) -> TariffChange:
    """Let another tariff follow on the day that is wished, or else on the earliest one.

    Whoever calls holds the account's lock. Without its offer number a tariff that is not public is
    for managers to give.
    """
    standing = await standing_of(session, subscription.id, asking.now)
    decided = await decide(session, standing, asking, wish, choice)
    before = await priced(session, subscription)
    found, starts_on, ends_on = decided.found, decided.starts_on, decided.ends_on
    asked = TariffChange(
        module_subscription_id=subscription.id,
        tariff_id=decided.tariff_id,
        uses_offer=choice.offer_number is not None,
        starts_on=starts_on,
        counted_from=decided.counted_from,
        is_deviating=wish.deviating is not None,
        **asking.values(standing, decided.received_on, found.deadline, found.reasons),
    )
    apply_changes(asked, {"comment": asking.comment})
    present = await session.get_one(TariffPeriod, standing.period_id)
    present.ends_on = starts_on - ONE_DAY
    # Of one subscription no two periods may overlap, not even between two statements.
    await session.flush()
    session.add_all([asked, _period(asked, ends_on)])
    _end(subscription, ends_on)
    await session.flush()
    with faults_below("input"):
        await check_still_offered(session, decided.version, decided.received_on)
    await end_lost(session, subscription, asked)
    after = await priced(session, subscription)
    check_not_dearer(before, after, standing.today, standing.partner_kind, wish.path)
    # An offer's tariff is seen by its customer from here on.
    tariff = await session.get_one(Tariff, decided.tariff_id)
    confirmed = Confirmed(standing, asking, decided.received_on)
    told = await terms_of(
        session, subscription, decided.agreement(standing), standing.today, asking.now
    )
    await confirm(
        session,
        confirmed,
        lambda about: TariffChangeConfirmation(
            tariff=text_of(tariff, "name"),
            starts_on=starts_on,
            by_operator=asking.by is Party.OPERATOR,
            letter_of=asking.received_on,
            **told,
            **about,
        ),
    )
    return asked


async def withdraw(session: AsyncSession, subscription: ModuleSubscription, asking: Asking) -> None:
    """Let the present tariff go on, until the day before the other one would follow."""
    standing = await standing_of(session, subscription.id, asking.now)
    standing.check_change_withdrawable(asking.role)
    note_before(session, await priced(session, subscription))
    found = await session.scalars(_pending(subscription, standing.today))
    asked = found.one()
    asking.take_back(asked)
    # An offer's tariff is seen by its customer up to here.
    tariff = await session.get_one(Tariff, asked.tariff_id)
    with faults_below("input", "id"):
        await check_last_day(session, standing, asked.previous_ends_on)
    periods = await session.scalars(
        sa.select(TariffPeriod).where(
            TariffPeriod.account_id == subscription.account_id,
            TariffPeriod.module_subscription_id == subscription.id,
            TariffPeriod.starts_on == asked.starts_on,
        )
    )
    following = periods.one()
    await revive(session, asked)
    if asked.uses_offer:
        await offer.give_back(session, following)
    await session.delete(following)
    await session.flush()
    present = await session.get_one(TariffPeriod, standing.period_id)
    present.ends_on = asked.previous_ends_on
    _end(subscription, asked.previous_ends_on)
    await confirm(
        session,
        Confirmed(standing, asking, standing.today),
        lambda about: TariffChangeWithdrawn(
            tariff=text_of(tariff, "name"),
            starts_on=asked.starts_on,
            by_operator=asking.by is Party.OPERATOR,
            **about,
        ),
    )


async def pending_change(
    session: AsyncSession, subscription: ModuleSubscription, today: date
) -> TariffChange | None:
    """Give the change of tariff that is to come, if there is one."""
    change: TariffChange | None = await session.scalar(_pending(subscription, today))
    return change


def _pending(subscription: ModuleSubscription, today: date) -> sa.Select[Any]:
    return sa.select(TariffChange).where(
        TariffChange.account_id == subscription.account_id,
        TariffChange.module_subscription_id == subscription.id,
        TariffChange.withdrawn_at.is_(None),
        TariffChange.starts_on > today,
    )


def _end(subscription: ModuleSubscription, ends_on: date | None) -> None:
    """Set the last day; whatever it was, the subscription counts the change of its tariff."""
    subscription.ends_on = ends_on
    flag_modified(subscription, "ends_on")


def _period(asked: TariffChange, ends_on: date | None) -> TariffPeriod:
    """Give the period of the new tariff."""
    continues = asked.counted_from != asked.starts_on
    return TariffPeriod(
        account_id=asked.account_id,
        module_subscription_id=asked.module_subscription_id,
        tariff_id=asked.tariff_id,
        starts_on=asked.starts_on,
        ends_on=ends_on,
        agreed_on=asked.received_on,
        counted_from=asked.counted_from if continues else None,
    )
