"""Which tariff follows another one, and when: found, or refused, with nothing written yet."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.books import books_closed_until
from portal.actions.catalogue import offer
from portal.actions.modules.agreement import Standing
from portal.actions.modules.asking import Asking
from portal.actions.modules.single_booking import check_last_day
from portal.actions.modules.standing import agreed_version
from portal.errors import NotFound, RuleBroken, faults_below
from portal.models import Tariff, TariffVersion
from portal.rules.catalogue.terms import Renewal
from portal.rules.catalogue.terms_check import check_computable
from portal.rules.modules import tariff_change as rules
from portal.rules.modules.agreement import Agreement
from portal.rules.modules.notice import Wish
from portal.rules.modules.period import ONE_DAY
from portal.viewer import Role


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
