"""A key that a version dropped does not come back: whoever had it was told that it ends."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from portal.actions.catalogue.usage import KeyUseKind
from portal.actions.modules.ended_key import MODELS
from portal.actions.modules.reached import Publication, is_reached
from portal.errors import RuleBroken
from portal.models import Item, Tariff, TariffPeriod, TariffVersion


async def check_none_returns(session: AsyncSession, publication: Publication) -> None:
    """Refuse a key that a version before dropped, while it would hold for somebody again."""
    own, version = aliased(Item), aliased(TariffVersion)
    earlier = [
        version.tariff_id == publication.tariff_id,
        version.is_published,
        version.valid_from < publication.valid_from,
    ]
    before = (
        sa.select(version.id, version.valid_from)
        .where(*earlier)
        .order_by(version.valid_from.desc())
        .limit(1)
        .subquery()
    )
    dropped = (
        sa.select(own.key, before.c.valid_from)
        .join(before, sa.true())
        .where(
            own.tariff_version_id == publication.version_id,
            ~_has_item(before.c.id, own.key),
            sa.exists(
                sa.select(version.id).where(
                    *earlier, version.id != before.c.id, _has_item(version.id, own.key)
                )
            ),
            sa.or_(*(_is_held(kind, own.key, publication) for kind in MODELS)),
        )
        .order_by(own.key)
        .limit(1)
    )
    found = (await session.execute(dropped, publication.parameters)).one_or_none()
    if found is not None:
        raise RuleBroken(
            "What customers have of {key} ended with the prices from {day} on: what comes anew"
            " needs another key.",
            path=("id",),
            key=found.key,
            day=found.valid_from,
        )


def _is_held(kind: KeyUseKind, key: Any, publication: Publication) -> sa.ColumnElement[bool]:
    """Say whether somebody whom a version reaches has what is about a key, but for its item."""
    row, period, tariff = aliased(MODELS[kind]), aliased(TariffPeriod), aliased(Tariff)
    of_period = (
        sa.and_(tariff.id == period.tariff_id, tariff.module_id == row.module_id)
        if kind is KeyUseKind.AGREEMENT
        else row.module_subscription_id == period.module_subscription_id
    )
    ends_later = sa.or_(row.ends_on.is_(None), row.ends_on >= publication.for_existing)
    held = sa.select(row.id).join(period, period.account_id == row.account_id)
    if kind is KeyUseKind.AGREEMENT:
        held = held.join(tariff, sa.true())
    held = held.where(row.item_key == key, ends_later, of_period, is_reached(period))
    return held.correlate_except(row, period, tariff).exists()


def _has_item(version_id: Any, key: Any) -> sa.ColumnElement[bool]:
    item = aliased(Item)
    return (
        sa.exists()
        .where(item.tariff_version_id == version_id, item.key == key)
        .correlate_except(item)
    )
