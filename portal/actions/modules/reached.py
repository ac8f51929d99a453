"""Whom a version of a tariff reaches who has the tariff already, and what they pay by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import is_in_force
from portal.actions.modules.cost import Lines, by_month, total
from portal.models import Contract, Item, ModuleSubscription, TariffPeriod, TariffVersion
from portal.rules.address import PartyKind
from portal.rules.catalogue.price_rise import Charge, SpecialRight, dearer_keys
from portal.rules.catalogue.terms import BillingMode

# The statements are long, and made once: to make one costs more than to run it.
_VERSION = sa.bindparam("reached_version", type_=sa.Uuid())
_TARIFF = sa.bindparam("reached_tariff", type_=sa.Uuid())
_FROM = sa.bindparam("reached_from", type_=sa.Date())
_FOR_EXISTING = sa.bindparam("reached_for_existing", type_=sa.Date())
_AFTER = sa.bindparam("reached_after", type_=sa.Uuid())
_COUNT = sa.bindparam("reached_count", type_=sa.Integer())
_ACCOUNTS = sa.bindparam("reached_accounts", type_=sa.ARRAY(sa.Uuid()))
_FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of a tariff, for its days: those for which it is published, or would be."""

    version_id: UUID
    tariff_id: UUID
    valid_from: date
    for_existing: date

    @property
    def parameters(self) -> dict[str, Any]:
        """The values that the statements below name."""
        return {
            _VERSION.key: self.version_id,
            _TARIFF.key: self.tariff_id,
            _FROM.key: self.valid_from,
            _FOR_EXISTING.key: self.for_existing,
        }


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


def _is_reached(period: Any) -> sa.ColumnElement[bool]:
    """Say whether a version reaches a tariff period that was agreed before it was on offer."""
    return sa.and_(
        period.tariff_id == _TARIFF,
        period.agreed_on < _FROM,
        sa.or_(period.ends_on.is_(None), period.ends_on >= _FOR_EXISTING),
    )


async def count_reached(session: AsyncSession, publication: Publication) -> int:
    """Count the accounts that a version reaches."""
    accounts = sa.select(TariffPeriod.account_id).where(_is_reached(TariffPeriod))
    counted = sa.select(sa.func.count()).select_from(accounts.distinct().subquery())
    return (await session.scalars(counted, publication.parameters)).one()


async def kinds_reached(session: AsyncSession, publication: Publication) -> set[PartyKind]:
    """Give the kinds of contract partners that a version reaches."""
    kind = Contract.__table__.c.contract_partner_kind
    reached = (
        sa.exists()
        .where(Contract.account_id == TariffPeriod.account_id, _is_reached(TariffPeriod))
        .correlate(None)
    )
    asked = (sa.select(reached.where(kind == one)).scalar_subquery() for one in PartyKind)
    answers = (await session.execute(sa.select(*asked), publication.parameters)).one()
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


def next_accounts(
    publication: Publication, after: UUID | None, count: int
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select the next accounts that a version reaches, in the order of their ids."""
    return _next_accounts(), publication.parameters | {
        _AFTER.key: after or _FIRST,
        _COUNT.key: count,
    }


def price_changes(
    publication: Publication, account_ids: Sequence[UUID]
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select what ``read_price_changes`` reads of some accounts."""
    return _price_changes(), publication.parameters | {_ACCOUNTS.key: list(account_ids)}


def read_price_changes(rows: Iterable[sa.Row[Any]]) -> list[PriceChange]:
    """Read the rows of ``price_changes``: one change for each account, in their order."""
    return [
        _of_account(account_id, list(those))
        for account_id, those in groupby(rows, key=lambda row: row.account_id)
    ]


@cache
def _next_accounts() -> sa.Select[Any]:
    account_id = TariffPeriod.account_id
    reached = sa.select(account_id).where(_is_reached(TariffPeriod), account_id > _AFTER)
    return reached.distinct().order_by(account_id).limit(_COUNT)


@cache
def _price_changes() -> sa.Select[Any]:
    """Select what a version changes, a row for each subscription."""
    period, subscription = TariffPeriod, ModuleSubscription
    day = sa.func.greatest(period.starts_on, _FOR_EXISTING, type_=sa.Date())
    without = version_without(period, _VERSION, day)
    # A later one that is in force for somebody by then goes on being so.
    after_id = sa.case((without.c.valid_from > _FROM, without.c.id), else_=_VERSION)
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
        .where(_is_reached(period), period.account_id == sa.any_(_ACCOUNTS))
        .subquery("reached")
        .c
    )
    before, after = (_costs(reached, id) for id in (reached.before_id, reached.after_id))
    return (
        sa.select(
            reached.account_id,
            reached.day,
            before.c.monthly.label("before"),
            after.c.monthly.label("after"),
            before.c.uses.label("uses_before"),
            after.c.uses.label("uses_after"),
        )
        .select_from(reached.id.table)
        .join(before, sa.true())
        .join(after, sa.true())
        .order_by(reached.account_id)
    )


def _of_account(account_id: UUID, rows: Sequence[sa.Row[Any]]) -> PriceChange:
    return PriceChange(
        account_id,
        min(row.day for row in rows),
        sum((row.before for row in rows), Decimal(0)),
        sum((row.after for row in rows), Decimal(0)),
        by_use=any(
            Decimal(price) > Decimal((row.uses_before or {}).get(key, 0))
            for row in rows
            for key, price in (row.uses_after or {}).items()
        ),
    )


def _costs(reached: Any, version_id: Any) -> Any:
    """Select what a subscription costs by a version: each month, and for what is charged by use."""
    lines = Lines(reached, version_id, reached.day)
    # As text: a number of JSON would become one of another kind.
    by_use = sa.func.jsonb_object_agg(
        lines.item.key, sa.cast(lines.price, sa.Text()), type_=JSONB()
    )
    is_by_use = lines.item.billing_mode == BillingMode.PER_USE.value
    return (
        lines.select(
            total(lines.monthly_amount).label("monthly"), by_use.filter(is_by_use).label("uses")
        )
        .correlate_except(*lines.rows)
        .lateral()
    )


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
