"""The course of module subscriptions, as it is read: their days, and what is pending."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.models import Account, Module, ModuleSubscription, Notice, TariffChange
from portal.models.text import text_of
from portal.rules.calendar import local_day
from portal.rules.modules.course import Course, Pending
from portal.rules.modules.notice import Party

NOW = sa.bindparam("now", type_=sa.DateTime(timezone=True))
TODAY = sa.cast(sa.func.timezone(Account.time_zone, NOW), sa.Date())
COLUMNS: list[Any] = [
    ModuleSubscription.id,
    Module.name,
    Module.name_translations,
    Account.time_zone,
    ModuleSubscription.starts_on,
    ModuleSubscription.ends_on,
    Notice.asked_by.label("notice_by"),
    Notice.last_day,
    Notice.previous_ends_on.label("ends_without_notice"),
    TariffChange.asked_by.label("change_by"),
    TariffChange.starts_on.label("change_on"),
    TariffChange.previous_ends_on.label("ends_without_change"),
]


def of_subscription() -> Any:
    """Join to a module subscription what its course is read from."""
    notice = sa.and_(
        Notice.account_id == ModuleSubscription.account_id,
        Notice.module_subscription_id == ModuleSubscription.id,
        Notice.withdrawn_at.is_(None),
    )
    change = sa.and_(
        TariffChange.account_id == ModuleSubscription.account_id,
        TariffChange.module_subscription_id == ModuleSubscription.id,
        TariffChange.withdrawn_at.is_(None),
        TariffChange.starts_on > TODAY,
    )
    return (
        sa.join(ModuleSubscription, Account, Account.id == ModuleSubscription.account_id)
        .join(Module, Module.id == ModuleSubscription.module_id)
        .outerjoin(Notice, notice)
        .outerjoin(TariffChange, change)
    )


def values_of(row: sa.Row[Any], now: datetime) -> dict[str, Any]:
    """Read the values of a course from a row with its columns."""
    pending = None
    if row.notice_by is not None:
        pending = Pending(Party(row.notice_by), row.last_day, True, row.ends_without_notice)
    elif row.change_by is not None:
        pending = Pending(Party(row.change_by), row.change_on, False, row.ends_without_change)
    return {
        "module": text_of(row, "name"),
        "today": local_day(now, row.time_zone),
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "pending": pending,
    }


def course(row: sa.Row[Any], now: datetime) -> Course:
    """Read a row of a statement with its columns."""
    return Course(**values_of(row, now))
