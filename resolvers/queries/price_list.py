"""Which prices hold for a customer on a day, and what they come to in a month."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Item, ModuleSubscription, PriceListSection, TariffPeriod, TariffVersion
from portal.rules.terms import ADDITIONAL_OPTION, PAYMENTS_IN_A_YEAR

_MONTHS_IN_A_YEAR = 12
_CENTS = 2


def is_version_in_force(period: Any, version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a tariff period to the versions of its tariff that are in force for this customer."""
    return _is_in_force(period, version, viewing.today_in(period.account_id))


def is_version_of_day(
    subscription: Any, version: Any, viewing: Viewing, day: sa.ColumnElement[date | None]
) -> sa.ColumnElement[bool]:
    """Tie a subscription to the versions in force for this customer on a day; null means today.

    Before the first day that is the first day, after the last day the last one.
    """
    period = aliased(TariffPeriod)
    asked = sa.func.coalesce(day, viewing.today_in(subscription.account_id))
    # Neither of the two takes a null into account.
    within = sa.func.least(
        sa.func.greatest(asked, subscription.starts_on), subscription.ends_on, type_=sa.Date()
    )
    return (
        sa.exists()
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            _covers(period, within),
            _is_in_force(period, version, within),
        )
        .correlate_except(period)
    )


def monthly_total(account: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Add up what comes back every month, quarter or year for the modules that run today.

    By the month, without VAT, half up to cents; nothing that is booked separately.
    """
    subscription, period = aliased(ModuleSubscription), aliased(TariffPeriod)
    version, section, item = aliased(TariffVersion), aliased(PriceListSection), aliased(Item)
    today = viewing.today_in(account.id)
    in_force = (
        sa.select(version.id)
        .where(_is_in_force(period, version, today))
        .order_by(version.valid_from.desc(), version.id.desc())
        .limit(1)
        .correlate(period, account)
        .scalar_subquery()
    )
    by_year = sa.case(
        *((item.billing_mode == mode.value, times) for mode, times in PAYMENTS_IN_A_YEAR.items())
    )
    # Divided once, so that thirds of an amount add up to it.
    total = sa.func.sum(item.unit_price * by_year) / _MONTHS_IN_A_YEAR
    return (
        sa.select(sa.func.round(sa.func.coalesce(total, 0), _CENTS))
        .select_from(subscription)
        .join(
            period,
            sa.and_(
                period.account_id == subscription.account_id,
                period.module_subscription_id == subscription.id,
            ),
        )
        .join(section, section.tariff_version_id == in_force)
        .join(item, item.price_list_section_id == section.id)
        .where(
            subscription.account_id == account.id,
            _covers(subscription, today),
            _covers(period, today),
            item.key != ADDITIONAL_OPTION,
        )
        .correlate_except(subscription, period, section, item)
        .scalar_subquery()
    )


def _is_in_force(period: Any, version: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether a version holds on a day for the customer of a period.

    It reaches those who already have the tariff on its second first day; the one that was agreed to
    holds from the start. The latest of those that hold is the price list.
    """
    return sa.and_(
        version.tariff_id == period.tariff_id,
        sa.or_(version.valid_from_for_existing <= day, version.valid_from <= period.agreed_on),
    )


def _covers(row: Any, day: Any) -> sa.ColumnElement[bool]:
    return sa.and_(row.starts_on <= day, sa.or_(row.ends_on.is_(None), row.ends_on >= day))
