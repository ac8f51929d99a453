"""Whom a version of a tariff reaches who has the tariff already, and what they pay by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import is_in_force
from portal.actions.modules.cost import Lines, by_month
from portal.models import Contract, Item, ModuleSubscription, TariffPeriod, TariffVersion
from portal.rules.address import PartyKind
from portal.rules.catalogue.price_rise import Charge, SpecialRight, dearer_keys
from portal.rules.catalogue.terms import BillingMode


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of a tariff, for its days: those for which it is published, or would be."""

    version_id: UUID
    tariff_id: UUID
    valid_from: date
    for_existing: date


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What an account pays each month by a version, and would pay without it, from a day on.

    ``by_use`` says whether something that is charged by use is dearer.
    """

    account_id: UUID
    starts_on: date
    before: Decimal
    after: Decimal
    by_use: bool

    @property
    def is_rise(self) -> bool:
        """Whether it pays more."""
        return self.by_use or self.after > self.before

    @property
    def is_reduction(self) -> bool:
        """Whether it pays less."""
        return not self.is_rise and self.after < self.before


def is_reached(period: Any, publication: Publication) -> sa.ColumnElement[bool]:
    """Say whether a version reaches a tariff period that was agreed before it was on offer."""
    return sa.and_(
        period.tariff_id == publication.tariff_id,
        period.agreed_on < publication.valid_from,
        sa.or_(period.ends_on.is_(None), period.ends_on >= publication.for_existing),
    )


async def count_reached(session: AsyncSession, publication: Publication) -> int:
    """Count the accounts that a version reaches."""
    accounts = sa.select(TariffPeriod.account_id).where(is_reached(TariffPeriod, publication))
    counted = sa.select(sa.func.count()).select_from(accounts.distinct().subquery())
    return (await session.scalars(counted)).one()


async def kinds_reached(session: AsyncSession, publication: Publication) -> set[PartyKind]:
    """Give the kinds of contract partners that a version reaches."""
    kind = Contract.__table__.c.contract_partner_kind
    reached = (
        sa.exists()
        .where(
            Contract.account_id == TariffPeriod.account_id, is_reached(TariffPeriod, publication)
        )
        .correlate(None)
    )
    asked = (sa.select(reached.where(kind == one)).scalar_subquery() for one in PartyKind)
    answers = (await session.execute(sa.select(*asked))).one()
    return {one for one, answer in zip(PartyKind, answers, strict=True) if answer}


async def dearer_for_existing(session: AsyncSession, publication: Publication) -> list[str]:
    """Give the keys of what costs more by a version than by one that it replaces for somebody."""
    version = TariffVersion
    earlier = sa.select(version.id, version.valid_from, version.valid_from_for_existing).where(
        version.tariff_id == publication.tariff_id,
        version.is_published,
        version.id != publication.version_id,
        version.valid_from < publication.valid_from,
    )
    found = (await session.execute(earlier.order_by(version.valid_from.desc()))).all()
    replaced = []
    for row in found:
        replaced.append(row.id)
        # All who had an older one have this one by then.
        if row.valid_from_for_existing <= publication.for_existing:
            break
    items = await session.execute(
        sa.select(Item.tariff_version_id, Item.key, Item.unit_price, Item.billing_mode).where(
            Item.tariff_version_id.in_([publication.version_id, *replaced])
        )
    )
    charges: dict[UUID, list[Charge]] = {id: [] for id in (publication.version_id, *replaced)}
    for version_id, key, unit_price, mode in items:
        charges[version_id].append(Charge(key, unit_price, mode))
    after = charges[publication.version_id]
    return sorted({key for id in replaced for key in dearer_keys(charges[id], after)})


def next_accounts(publication: Publication, after: UUID | None, count: int) -> sa.Select[Any]:
    """Select the next accounts that a version reaches, in the order of their ids."""
    accounts = sa.select(TariffPeriod.account_id).where(is_reached(TariffPeriod, publication))
    if after is not None:
        accounts = accounts.where(TariffPeriod.account_id > after)
    return accounts.distinct().order_by(TariffPeriod.account_id).limit(count)


def price_changes(publication: Publication, account_ids: Sequence[UUID]) -> sa.Select[Any]:
    """Select what a version changes for each of some accounts, in the order of their ids."""
    period, subscription = TariffPeriod, ModuleSubscription
    day = sa.func.greatest(period.starts_on, publication.for_existing, type_=sa.Date())
    without = version_without(period, publication.version_id, day)
    # A later one that is in force for somebody by then goes on being so.
    after_id = sa.case(
        (without.c.valid_from > publication.valid_from, without.c.id),
        else_=sa.literal(publication.version_id),
    )
    of_period = sa.and_(
        subscription.account_id == period.account_id,
        subscription.id == period.module_subscription_id,
    )
    reached = (
        sa.select(
            subscription.id,
            subscription.account_id,
            subscription.module_id,
            day.label("day"),
            without.c.id.label("before_id"),
            after_id.label("after_id"),
        )
        .select_from(period)
        .join(subscription, of_period)
        .outerjoin(without, sa.true())
        .where(is_reached(period, publication), period.account_id.in_(account_ids))
        .subquery("reached")
        .c
    )
    before = by_month(reached, reached.before_id, reached.day)
    after = by_month(reached, reached.after_id, reached.day)
    by_use = is_dearer_by_use(reached, reached.before_id, reached.after_id, reached.day)
    return (
        sa.select(
            reached.account_id,
            sa.func.min(reached.day),
            sa.func.sum(before),
            sa.func.sum(after),
            sa.func.bool_or(by_use),
        )
        .group_by(reached.account_id)
        .order_by(reached.account_id)
    )


def read_price_change(row: sa.Row[Any]) -> PriceChange:
    """Read one row of ``price_changes``."""
    return PriceChange(*tuple(row))


def rises_of(subscription: Any, period: Any, kind: Any, today: Any) -> sa.ScalarSelect[Any]:
    """Give the days to come on which a period's prices rise, with a special right to cancel.

    The subscription, its period and the kind of its contract partner are at hand.
    """
    version = aliased(TariffVersion)
    day = version.valid_from_for_existing
    without = version_without(period, version.id, day)
    before = by_month(subscription, without.c.id, day)
    after = by_month(subscription, version.id, day)
    protected = (
        sa.and_(version.special_right == right, kind == party)
        for right in SpecialRight
        for party in PartyKind
        if right.protects(party)
    )
    return (
        sa.select(sa.func.array_agg(aggregate_order_by(day, day), type_=sa.ARRAY(sa.Date())))
        .select_from(version)
        .join(without, without.c.valid_from < version.valid_from)
        .where(
            version.tariff_id == period.tariff_id,
            version.is_published,
            day > today,
            version.valid_from > period.agreed_on,
            sa.or_(period.ends_on.is_(None), period.ends_on >= day),
            sa.or_(*protected),
            sa.or_(after > before, is_dearer_by_use(subscription, without.c.id, version.id, day)),
        )
        .correlate_except(version, without)
        .scalar_subquery()
    )


def version_without(period: Any, version_id: Any, day: Any) -> Any:
    """Select the version whose prices hold on a day for a period, as if another one did not."""
    version = aliased(TariffVersion)
    return (
        sa.select(version.id, version.valid_from)
        .where(is_in_force(period, version, day), version.id != version_id)
        .order_by(version.valid_from.desc())
        .limit(1)
        .correlate_except(version)
        .lateral()
    )


def is_dearer_by_use(
    subscription: Any, before_id: Any, after_id: Any, day: Any
) -> sa.ColumnElement[bool]:
    """Say whether what is charged by use costs a subscription at hand more by a version."""
    before, after = (Lines(subscription, version_id, day) for version_id in (before_id, after_id))
    price = (
        before.select(before.price)
        .where(
            before.item.key == after.item.key, before.item.billing_mode == BillingMode.PER_USE.value
        )
        .correlate_except(*before.rows)
        .scalar_subquery()
    )
    return (
        after.select(sa.literal(1))
        .where(
            after.item.billing_mode == BillingMode.PER_USE.value,
            after.price > sa.func.coalesce(price, 0),
        )
        .correlate_except(*after.rows)
        .exists()
    )
