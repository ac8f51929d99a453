"""Changing the tariff of a module, and taking that back."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from portal.actions.books import books_closed_until
from portal.actions.catalogue import offer
from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.lost_key import end_lost, revive
from portal.actions.modules.notice_mail import Confirmed, confirm
from portal.actions.modules.priced import check_not_dearer, note_before, priced
from portal.actions.modules.single_booking import check_last_day
from portal.actions.modules.standing import agreed_version, standing_of
from portal.actions.modules.still_offered import check_still_offered
from portal.actions.modules.terms_mail import terms_of
from portal.errors import NotFound, RuleBroken, faults_below
from portal.mail.modules.content import TariffChangeConfirmation, TariffChangeWithdrawn
from portal.models import ModuleSubscription, Tariff, TariffChange, TariffPeriod, TariffVersion
from portal.models.text import text_of
from portal.rules.catalogue.terms import Renewal
from portal.rules.catalogue.terms_check import check_computable
from portal.rules.modules import tariff_change as rules
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.notice import Party, Wish
from portal.rules.modules.period import ONE_DAY
from portal.viewer import Role
from portal.writing.changes import apply_changes


@dataclass(frozen=True, slots=True)
class Choice:
    """The tariff that is to follow: by its id, or by the number of an offer that opens it.

    ``given`` is the path of the argument that holds either.
    """

    tariff_id: UUID | None = None
    offer_number: str | None = None
    given: tuple[str, ...] = ("input", "tariff")


@dataclass(frozen=True, slots=True)
class Decided:
    """What a change of tariff comes to; ``ends_on`` is set where the new one ends by itself."""

    version: TariffVersion
    received_on: date
    starts_on: date
    counted_from: date
    ends_on: date | None
    found: rules.TariffChange

    @property
    def tariff_id(self) -> UUID:
        """The tariff that follows."""
        return self.version.tariff_id

    def agreement(self, standing: Standing) -> Agreement:
        """Give what binds the customer from the first day on."""
        return Agreement(
            self.starts_on, self.version.terms, standing.law_on(self.received_on), self.counted_from
        )


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


async def decide(
    session: AsyncSession, standing: Standing, asking: Asking, wish: Wish, choice: Choice
) -> Decided:
    """Find what would change and when, or refuse it; an offer is used by that."""
    standing.check_open()
    wish.check(asking.reason)
    received_on = asking.arrival(standing)
    version = await _chosen(session, standing, choice, received_on, asking.role)
    with faults_below(*wish.path):
        found = await _found(session, standing, asking, wish, version)
        starts_on, counted_from = found.starts_on, found.counted_from
        if starts_on is None or counted_from is None:
            raise RuleBroken("No day is left on which the tariff could change.")
        _refuse_gap(standing, starts_on)
        ends_on = _own_end(version, starts_on, counted_from)
        await check_last_day(session, standing, ends_on)
    return Decided(version, received_on, starts_on, counted_from, ends_on, found)


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


async def _chosen(
    session: AsyncSession, standing: Standing, choice: Choice, on: date, role: Role
) -> TariffVersion:
    """Find the version that is agreed to; a tariff that is not open is as if there were none."""
    if choice.offer_number is not None:
        path = (*choice.given, "offerNumber")
        version = await offer.by_number(session, standing.module_id, choice.offer_number, on)
    else:
        path = (*choice.given, "id")
        tariff = await session.get(Tariff, choice.tariff_id) if choice.tariff_id else None
        is_open = tariff is not None and (tariff.is_public or role is Role.MANAGER)
        if tariff is None or not is_open or tariff.module_id != standing.module_id:
            raise NotFound("This module has no such tariff, or you may not choose it.", path=path)
        found = await session.scalar(agreed_version(tariff.id, on))
        if found is None or (tariff.closed_from is not None and tariff.closed_from <= on):
            raise RuleBroken("This tariff is not offered on {day}.", path=path, day=on)
        version = found
    if version.tariff_id == standing.tariff_id:
        raise RuleBroken("The module has this tariff already.", path=path)
    with faults_below(*path):
        check_computable(version.terms)
    return version


async def _found(
    session: AsyncSession, standing: Standing, asking: Asking, wish: Wish, version: TariffVersion
) -> rules.TariffChange:
    request = standing.change_request(
        asking.arrival(standing), asking.by, term_continues=version.term_continues
    )
    if wish.deviating is not None:
        closed_until = await books_closed_until(session)
        return rules.deviating_change(request, wish.deviating, books_closed_until=closed_until)
    if wish.allowed is not None:
        return rules.chosen_change(request, wish.allowed)
    return rules.earliest_change(request)


def _refuse_gap(standing: Standing, starts_on: date) -> None:
    if standing.ends_on is not None and starts_on > standing.ends_on + ONE_DAY:
        raise rules.refused_change(starts_on, standing.ends_on + ONE_DAY, None)


def _own_end(version: TariffVersion, starts_on: date, counted_from: date) -> date | None:
    """Give the day on which the new tariff ends by itself, if it does."""
    if version.renewal is not Renewal.NONE:
        return None
    until = Agreement(starts_on, version.terms, counted_from=counted_from).until
    if until < starts_on:
        raise RuleBroken("The term of the new tariff would have ended on {day}.", day=until)
    return until


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
