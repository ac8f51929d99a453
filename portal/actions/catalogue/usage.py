"""Whose quantity, option or agreement would end because a draft lacks the key of its item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.models import (
    Account,
    BookedOption,
    Item,
    SpecialAgreement,
    SubscriptionItemQuantity,
    Tariff,
    TariffPeriod,
    TariffVersion,
)

# Of one version.
MOST_USES_TOLD = 100


class KeyUseKind(StrEnum):
    """What a customer has of an item."""

    QUANTITY = "QUANTITY"
    OPTION = "OPTION"
    AGREEMENT = "AGREEMENT"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What somebody has by a key; ``account_id`` is a global id.

    ``ends_on`` is its last day by a version whose days are known.
    """

    key: str
    kind: KeyUseKind
    account_id: str
    account_name: str
    ends_on: date | None = None


def ending_uses(version_ids: Sequence[UUID], today: date) -> sa.Select[Any]:
    """Select what would end by each of some drafts: whose, of which kind, and by which key."""
    uses = sa.union_all(
        _counted(SubscriptionItemQuantity, KeyUseKind.QUANTITY, version_ids, today),
        _counted(BookedOption, KeyUseKind.OPTION, version_ids, today),
        _agreed(version_ids, today),
    ).subquery()
    place = sa.func.row_number().over(
        partition_by=uses.c.version_id, order_by=(uses.c.key, uses.c.kind, Account.sort_name)
    )
    numbered = (
        sa.select(uses, Account.name, place.label("place"))
        .join(Account, Account.id == uses.c.account_id)
        .subquery()
    )
    return sa.select(numbered).where(numbered.c.place <= MOST_USES_TOLD).order_by(numbered.c.place)


def _counted(
    model: Any, kind: KeyUseKind, version_ids: Sequence[UUID], today: date
) -> sa.Select[Any]:
    row, version = aliased(model), aliased(TariffVersion)
    of_subscription = sa.and_(
        TariffPeriod.account_id == row.account_id,
        TariffPeriod.module_subscription_id == row.module_subscription_id,
    )
    return (
        _uses(version, row, kind)
        .select_from(row)
        .join(TariffPeriod, of_subscription)
        .join(version, version.tariff_id == TariffPeriod.tariff_id)
        .where(*_ends(version, row, row.item_key, version_ids, today))
        .distinct()
    )


def _agreed(version_ids: Sequence[UUID], today: date) -> sa.Select[Any]:
    row, version = aliased(SpecialAgreement), aliased(TariffVersion)
    return (
        _uses(version, row, KeyUseKind.AGREEMENT)
        .select_from(row)
        .join(TariffPeriod, TariffPeriod.account_id == row.account_id)
        .join(version, version.tariff_id == TariffPeriod.tariff_id)
        .join(Tariff, sa.and_(Tariff.id == version.tariff_id, Tariff.module_id == row.module_id))
        .where(row.item_key.is_not(None), *_ends(version, row, row.item_key, version_ids, today))
        .distinct()
    )


def _uses(version: Any, row: Any, kind: KeyUseKind) -> sa.Select[Any]:
    return sa.select(
        version.id.label("version_id"),
        row.item_key.label("key"),
        sa.literal(kind.value).label("kind"),
        row.account_id.label("account_id"),
    )


def _ends(
    version: Any, row: Any, key: Any, version_ids: Sequence[UUID], today: date
) -> list[sa.ColumnElement[bool]]:
    """Say of what holds today or later that a draft, which its tariff gets, lacks its key."""
    item = aliased(Item)
    has_key = sa.exists().where(item.tariff_version_id == version.id, item.key == key)
    return [
        version.id.in_(version_ids),
        version.published_at.is_(None),
        *(sa.or_(one.ends_on.is_(None), one.ends_on >= today) for one in (row, TariffPeriod)),
        ~has_key.correlate_except(item),
    ]
