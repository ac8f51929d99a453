"""What the modules of a customer cost, item by item and in all."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.actions.catalogue.price import covers, in_force
from portal.actions.modules.cost import by_month, cost_lines, total
from portal.models import ModuleSubscription, TariffPeriod
from resolvers.queries.catalogue.price_list import day_of_run


def lines(
    subscription: Any, viewing: Viewing, day: sa.ColumnElement[date | None]
) -> sa.Select[Any]:
    """Select what each item costs on a day; null means today.

    Before the first day that is the first day, after the last day the last one.
    """
    return cost_lines(subscription, day_of_run(subscription, viewing, day))


def monthly_total(account: Any, viewing: Viewing) -> sa.ColumnElement[Any]:
    """Add up what the modules that run today cost each month, as each of them is shown."""
    subscription, period = aliased(ModuleSubscription), aliased(TariffPeriod)
    today = viewing.today_of(account)
    return (
        sa.select(total(by_month(subscription, in_force(period, today), today)))
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
