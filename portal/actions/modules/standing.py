"""Where module subscriptions stand today: terms, prices, contract partner, what is pending."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import by_year, in_force
from portal.actions.modules import course
from portal.actions.modules.agreement import Standing
from portal.actions.modules.cost import Lines, total
from portal.actions.modules.special_right import rises_of
from portal.errors import RuleBroken
from portal.models import (
    Contract,
    Module,
    ModuleSubscription,
    TariffPeriod,
    TariffVersion,
)
from portal.rules.catalogue.terms import BillingBasis, Term, TermUnit

_MONTHS_IN_A_YEAR = 12
# What a row holds of the version whose terms were agreed.
_TERMS = (
    *("tariff_id", "initial_term_count", "initial_term_unit", "renewal", "renewal_term_count"),
    *("renewal_term_unit", "notice_period_count", "notice_period_unit", "ending_day"),
    "change_free_of_notice",
)


async def standing_of(session: AsyncSession, subscription_id: UUID, now: datetime) -> Standing:
    """Give where a module subscription stands; whoever calls holds the account's lock."""
    found = await session.execute(standings_of([subscription_id], now))
    row = found.one_or_none()
    if row is None:
        raise without_terms()
    return standing(row, now)


def without_terms() -> RuleBroken:
    """Say that nothing stands in the catalogue of what was agreed for a module subscription."""
    return RuleBroken(
        "The terms that were agreed for this module are not there any more, so no day can be"
        " computed; the operator has to correct them first."
    )


def standing(row: sa.Row[Any], now: datetime) -> Standing:
    """Read one row of ``standings_of``."""
    partner = (row.kind, row.country) if row.kind else None
    version = TariffVersion(**{name: getattr(row, name) for name in _TERMS})
    payments = row.payments or _MONTHS_IN_A_YEAR
    return Standing(
        **course.values_of(row, now),
        account_id=row.account_id,
        module_id=row.module_id,
        is_single_booking=row.is_single_booking,
        time_zone=row.time_zone,
        period_id=row.period_id,
        period_starts_on=row.period_starts_on,
        agreed_on=row.agreed_on,
        counted_from=row.counted_from,
        tariff_id=row.tariff_id,
        terms=version.terms,
        change_free_of_notice=version.change_free_of_notice,
        billing_period=Term(_MONTHS_IN_A_YEAR // payments, TermUnit.MONTHS),
        by_calendar=row.basis == BillingBasis.CALENDAR,
        monthly_cost=row.monthly_cost,
        partner=partner,
        rises_on=tuple(row.rises_on or ()),
    )


def agreed_version(tariff_id: Any, agreed_on: Any) -> sa.Select[Any]:
    """Select the version of a tariff whose terms somebody gets who agrees on a day."""
    version = aliased(TariffVersion)
    return (
        sa.select(version)
        .where(
            version.tariff_id == tariff_id, version.is_published, version.valid_from <= agreed_on
        )
        .order_by(version.valid_from.desc())
        .limit(1)
        .correlate_except(version)
    )


def standings_of(subscription_ids: Sequence[UUID], now: datetime) -> sa.Select[Any]:
    """Select what ``standing`` reads, a row for each module subscription."""
    return _standings().params(ids=list(subscription_ids), now=now)


@cache
def _standings() -> sa.Select[Any]:
    """Select it for ``ids`` at ``now``: built once, as that takes longer than to run it."""
    today = course.TODAY
    period = _period_of(today)
    version = agreed_version(period.c.tariff_id, period.c.agreed_on).lateral("version")
    prices = _prices_of(period.c, today)
    kind = Contract.__table__.c.contract_partner_kind
    columns: list[Any] = [
        *course.COLUMNS,
        ModuleSubscription.account_id,
        ModuleSubscription.module_id,
        Module.is_single_booking,
        period.c.id.label("period_id"),
        period.c.starts_on.label("period_starts_on"),
        period.c.agreed_on,
        period.c.counted_from,
        *(version.c[name] for name in _TERMS),
        prices.c.payments,
        prices.c.basis,
        prices.c.monthly_cost,
        kind.label("kind"),
        Contract.__table__.c.contract_partner_country.label("country"),
        rises_of(ModuleSubscription, period.c, kind, today).label("rises_on"),
    ]
    return (
        sa.select(*columns)
        .select_from(course.of_subscription())
        .join(period, sa.true())
        .join(version, sa.true())
        .join(prices, sa.true())
        .outerjoin(Contract, Contract.account_id == ModuleSubscription.account_id)
        .where(ModuleSubscription.id.in_(sa.bindparam("ids", expanding=True)))
    )


def _period_of(today: Any) -> Any:
    """Select the tariff period of a day; before the first day the first one."""
    period = aliased(TariffPeriod)
    return (
        sa.select(period)
        .where(
            period.account_id == ModuleSubscription.account_id,
            period.module_subscription_id == ModuleSubscription.id,
            sa.or_(period.starts_on <= today, period.starts_on == ModuleSubscription.starts_on),
        )
        .order_by(period.starts_on.desc())
        .limit(1)
        .correlate_except(period)
        .lateral("period")
    )


def _prices_of(period: Any, today: Any) -> Any:
    """Select what recurs of a period's prices of a day: how seldom, by which days, how much.

    An option has billing periods of its own.
    """
    lines = Lines(ModuleSubscription, in_force(period, today), today)
    item, payments = lines.item, by_year(lines.item)
    of_tariff = sa.and_(payments.is_not(None), ~lines.is_option)
    # Of items that are billed as seldom, those that run from the first day come first.
    order = aggregate_order_by(item.billing_basis, payments, item.billing_basis.desc())
    bases = sa.func.array_agg(order, type_=sa.ARRAY(sa.Text()))
    return (
        lines.select(
            sa.func.min(payments).filter(of_tariff).label("payments"),
            sa.type_coerce(bases.filter(of_tariff), sa.ARRAY(sa.Text()))[1].label("basis"),
            total(lines.monthly_amount).label("monthly_cost"),
        )
        .correlate_except(*lines.rows)
        .lateral("prices")
    )
