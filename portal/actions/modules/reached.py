"""Whom a version of a tariff reaches who has the tariff already, and what they pay by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.catalogue.price import version_without
from portal.models import (
    BookedOption,
    Contract,
    ModuleSubscription,
    SpecialAgreement,
    SubscriptionItemQuantity,
    Tariff,
    TariffPeriod,
)
from portal.rules.address import PartyKind
from portal.rules.calendar import FIRST_DAY, LAST_DAY

# The statements are long, and made once: to make one costs more than to run it.
_VERSION = sa.bindparam("reached_version", type_=sa.Uuid())
_TARIFF = sa.bindparam("reached_tariff", type_=sa.Uuid())
_FROM = sa.bindparam("reached_from", type_=sa.Date())
_FOR_EXISTING = sa.bindparam("reached_for_existing", type_=sa.Date())
_AFTER = sa.bindparam("reached_after", type_=sa.Uuid())
_COUNT = sa.bindparam("reached_count", type_=sa.Integer())
_ACCOUNTS = sa.bindparam("reached_accounts", type_=sa.ARRAY(sa.Uuid()))
_FIRST = UUID(int=0)
_MILLION = sa.literal_column("1000000", sa.BigInteger())


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

    def of(self, account_ids: Sequence[UUID]) -> dict[str, Any]:
        """Give these values, and some accounts."""
        return self.parameters | {_ACCOUNTS.key: list(account_ids)}


def is_reached(period: Any) -> sa.ColumnElement[bool]:
    """Say whether a version reaches a tariff period that was agreed before it was on offer."""
    return sa.and_(
        period.tariff_id == _TARIFF,
        period.agreed_on < _FROM,
        sa.or_(period.ends_on.is_(None), period.ends_on >= _FOR_EXISTING),
    )


async def count_reached(session: AsyncSession, publication: Publication) -> int:
    """Count the accounts that a version reaches."""
    accounts = sa.select(TariffPeriod.account_id).where(is_reached(TariffPeriod))
    counted = sa.select(sa.func.count()).select_from(accounts.distinct().subquery())
    return (await session.scalars(counted, publication.parameters)).one()


async def held_by_reached(session: AsyncSession, publication: Publication) -> list[Any]:
    """Give a print of all that decides what those pay whom a version reaches.

    It is another one where a quantity, an option, an agreement or a tariff period of theirs is. So
    are 20,000 customers compared without working out what each pays.
    """
    found = (await session.execute(_held(), publication.parameters)).one()
    return list(found)


@cache
def _held() -> sa.Select[Any]:
    period, agreed = TariffPeriod, SpecialAgreement
    prints = [_print(period, sa.literal_column("0")).where(is_reached(period))]
    for counted in (SubscriptionItemQuantity, BookedOption):
        of_period = period.module_subscription_id == counted.module_subscription_id
        value = sa.cast(counted.quantity, sa.BigInteger()) * _MILLION * _MILLION + _days(counted)
        prints.append(_print(counted, value).join(period, of_period).where(is_reached(period)))
    reached = sa.select(period.account_id).where(is_reached(period))
    module_id = sa.select(Tariff.module_id).where(Tariff.id == _TARIFF).scalar_subquery()
    terms = sa.func.row(agreed.unit_price, agreed.discount_percent, _days(agreed))
    prints.append(
        _print(agreed, sa.func.hash_record_extended(terms, sa.literal_column("0"))).where(
            agreed.module_id == module_id, agreed.account_id.in_(reached.correlate(None))
        )
    )
    return sa.select(*(one.correlate(None).scalar_subquery() for one in prints))


def _print(row: Any, value: Any) -> sa.Select[Any]:
    """Add up hashes of rows and of a value each: the order in which they are read is no matter."""
    hashed = sa.func.uuid_hash_extended(row.id, value)
    return sa.select(sa.func.sum(hashed, type_=sa.Numeric())).select_from(row)


def _days(row: Any) -> Any:
    """Give the first and the last day of a row as one number."""
    first, last = row.starts_on - FIRST_DAY, sa.func.coalesce(row.ends_on, LAST_DAY) - FIRST_DAY
    return sa.cast(first, sa.BigInteger()) * _MILLION + last


async def kinds_reached(session: AsyncSession, publication: Publication) -> set[PartyKind]:
    """Give the kinds of contract partners that a version reaches."""
    kind = Contract.__table__.c.contract_partner_kind
    reached = (
        sa.exists()
        .where(Contract.account_id == TariffPeriod.account_id, is_reached(TariffPeriod))
        .correlate(None)
    )
    asked = (sa.select(reached.where(kind == one)).scalar_subquery() for one in PartyKind)
    answers = (await session.execute(sa.select(*asked), publication.parameters)).one()
    return {one for one, answer in zip(PartyKind, answers, strict=True) if answer}


def next_accounts(
    publication: Publication, after: UUID | None, count: int
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select the next accounts that a version reaches, in the order of their ids."""
    return _next_accounts(), publication.parameters | {
        _AFTER.key: after or _FIRST,
        _COUNT.key: count,
    }


@cache
def _next_accounts() -> sa.Select[Any]:
    account_id = TariffPeriod.account_id
    reached = sa.select(account_id).where(is_reached(TariffPeriod), account_id > _AFTER)
    return reached.distinct().order_by(account_id).limit(_COUNT)


def reached_subscriptions() -> Any:
    """Select the subscriptions of some accounts that a version reaches, from when, and by what.

    ``before_id`` and ``after_id`` are the versions in force without it, and with it.
    """
    period, subscription = TariffPeriod, ModuleSubscription
    day = sa.func.greatest(period.starts_on, _FOR_EXISTING, type_=sa.Date())
    without = version_without(period, _VERSION, day)
    # A later one that is in force for somebody by then goes on being so.
    after_id = sa.case((without.c.valid_from > _FROM, without.c.id), else_=_VERSION)
    of_period = sa.and_(
        subscription.account_id == period.account_id,
        subscription.id == period.module_subscription_id,
    )
    return (
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
        .where(is_reached(period), period.account_id == sa.any_(_ACCOUNTS))
        .subquery("reached")
        .c
    )
