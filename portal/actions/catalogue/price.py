"""Which prices hold on a day, as SQL over the rows at hand."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.models import TariffVersion
from portal.rules.catalogue.terms import PAYMENTS_IN_A_YEAR


def is_in_force(period: Any, version: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether the prices of a version hold on a day for the customer of a period.

    It reaches those who already have the tariff on its second first day; the one that was agreed to
    holds from the start. The latest of those that hold is the price list.
    """
    return sa.and_(
        version.tariff_id == period.tariff_id,
        version.is_published,
        sa.or_(version.valid_from_for_existing <= day, version.valid_from <= period.agreed_on),
    )


def version_of(period: Any, day: Any) -> sa.Select[Any]:
    """Select the version whose prices hold on a day for the customer of a period."""
    version = aliased(TariffVersion)
    return (
        sa.select(version)
        .where(is_in_force(period, version, day))
        .order_by(version.valid_from.desc())
        .limit(1)
        .correlate_except(version)
    )


def in_force(period: Any, day: Any) -> sa.ScalarSelect[Any]:
    """Give the id of the version whose prices hold on a day for the customer of a period."""
    found = version_of(period, day)
    return found.with_only_columns(found.selected_columns.id).scalar_subquery()


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


def first_day_of(version: Any, period: Any) -> sa.ColumnElement[date]:
    """Give from when the prices of a version hold for the customer of a period."""
    return sa.case(
        (version.valid_from <= period.agreed_on, version.valid_from),
        else_=version.valid_from_for_existing,
    )


def covers(row: Any, day: Any) -> sa.ColumnElement[bool]:
    """Say whether what goes from a first to a last day, or on without one, holds on a day."""
    return sa.and_(row.starts_on <= day, sa.or_(row.ends_on.is_(None), row.ends_on >= day))


def by_year(item: Any) -> sa.ColumnElement[int | None]:
    """Give how often in a year an item is billed; null for what does not come back."""
    return sa.case(
        *((item.billing_mode == mode.value, times) for mode, times in PAYMENTS_IN_A_YEAR.items())
    )
