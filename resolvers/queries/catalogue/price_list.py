"""Which prices hold for a customer on a day."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.actions.catalogue.price import covers, in_force, is_in_force
from portal.models import TariffPeriod
from portal.viewer import Role


def is_version_in_force(period: Any, version: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a tariff period to the versions of its tariff that are in force for this customer."""
    return is_in_force(period, version, viewing.today_of(period))


def day_of_run(
    subscription: Any, viewing: Viewing, day: sa.ColumnElement[date | None] | sa.Null
) -> sa.ColumnElement[date]:
    """Give a day, today for null, or the nearest one on which a subscription runs."""
    asked = sa.func.coalesce(day, viewing.today_of(subscription))
    # Neither of the two takes a null into account.
    return sa.func.least(
        sa.func.greatest(asked, subscription.starts_on), subscription.ends_on, type_=sa.Date()
    )


def is_option_today(subscription: Any, item: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a subscription to the additional options of its price list of today."""
    period = aliased(TariffPeriod)
    today = day_of_run(subscription, viewing, sa.null())
    version_id = (
        sa.select(in_force(period, today))
        .where(
            period.account_id == subscription.account_id,
            period.module_subscription_id == subscription.id,
            covers(period, today),
        )
        .correlate_except(period)
        .scalar_subquery()
    )
    return sa.and_(item.tariff_version_id == version_id, item.is_additional_option)


def is_listed(section: Any, item: Any, viewing: Viewing) -> sa.ColumnElement[bool]:
    """Tie a heading to its items; additional options are for managers, who book them."""
    is_below: sa.ColumnElement[bool] = item.price_list_section_id == section.id
    if viewing.role is Role.MANAGER:
        return is_below
    return sa.and_(is_below, ~item.is_additional_option)
