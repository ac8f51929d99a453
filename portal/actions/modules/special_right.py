"""The days on which a customer may leave because prices rise, in SQL: the special right."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import version_without
from portal.actions.modules.cost import Lines, by_month
from portal.models import TariffVersion
from portal.rules.address import PartyKind
from portal.rules.catalogue.price_rise import SpecialRight
from portal.rules.catalogue.terms import BillingMode


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
            sa.or_(after > before, _is_dearer_by_use(subscription, without.c.id, version.id, day)),
        )
        .correlate_except(version, without)
        .scalar_subquery()
    )


def _is_dearer_by_use(
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
