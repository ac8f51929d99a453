"""Which prices hold for a customer on a day, and what they come to in a month."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.actions.catalogue.price import by_month, covers, is_in_force, total
from portal.models import ModuleSubscription, TariffPeriod


def is_version_in_force(period: Any, version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a tariff period to the versions of its tariff that are in force for this customer."""
    return is_in_force(period, version, viewing.today_of(period))


def is_version_of_day(
    subscription: Any, version: Any, viewing: Viewing, day: sa.ColumnElement[date | None]
) -> sa.ColumnElement[bool]:
    """Tie a subscription to the versions in force for this customer on a day; null means today.

    Before the first day that is the first day, after the last day the last one.
    """
    period = aliased(TariffPeriod)
    asked = sa.func.coalesce(day, viewing.today_of(subscription))
    # Neither of the two takes a null into account.
    within = sa.func.least(
        sa.func.greatest(asked, subscription.starts_on), subscription.ends_on, type_=sa.Date()
    )
    return (
        sa.exists()
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            covers(period, within),
            is_in_force(period, version, within),
        )
        .correlate_except(period)
    )


def monthly_total(account: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Add up what the modules that run today cost each month, as each of them is shown.

    Without VAT, and without what is booked separately.
    """
    subscription, period = aliased(ModuleSubscription), aliased(TariffPeriod)
    today = viewing.today_of(account)
    return (
        sa.select(total(by_month(period, today)))
        .select_from(subscription)
        .join(
            period,
            sa.and_(
                period.account_id == subscription.account_id,
                period.module_subscription_id == subscription.id,
            ),
        )
        .where(
            subscription.account_id == account.id,
            covers(subscription, today),
            covers(period, today),
        )
        .correlate_except(subscription, period)
        .scalar_subquery()
    )
