"""What ends because a version of a tariff lacks the key of its item.

Nothing is written for that: from the day on which the version reaches a customer there is no item
that a quantity, an option or an agreement could be about, and its last day is the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.actions.catalogue.price import in_force
from portal.actions.catalogue.usage import MOST_USES_TOLD, KeyUseKind
from portal.actions.modules.reached import Publication, is_reached, reached_subscriptions
from portal.language.phrase import Translated
from portal.models import (
    Account,
    BookedOption,
    Item,
    SpecialAgreement,
    SubscriptionItemQuantity,
    TariffPeriod,
    TariffVersion,
)
from portal.models.text import text_columns, text_of

MODELS: Mapping[KeyUseKind, Any] = {
    KeyUseKind.QUANTITY: SubscriptionItemQuantity,
    KeyUseKind.OPTION: BookedOption,
    KeyUseKind.AGREEMENT: SpecialAgreement,
}


@dataclass(frozen=True, slots=True)
class EndedKey:
    """What a customer has of an item until a last day; an agreement has no quantity."""

    account_id: UUID
    account: str
    key: str
    item: Translated
    kind: KeyUseKind
    quantity: int | None
    last_day: date


def last_day(row: Any) -> sa.ColumnElement[date | None]:
    """Give the last day of a quantity or an option at hand: its own, or one by a version."""
    return sa.func.least(row.ends_on, last_with_key(row), type_=sa.Date())


def last_with_key(row: Any) -> sa.ScalarSelect[date | None]:
    """Give the day before the first one on which the price list in force lacks the key of a row."""
    period, version = aliased(TariffPeriod), aliased(TariffVersion)
    first: Any = sa.func.greatest(
        period.starts_on, version.valid_from_for_existing, row.starts_on, type_=sa.Date()
    )
    return (
        sa.select(sa.func.min(first) - 1)
        .select_from(period)
        .join(version, version.tariff_id == period.tariff_id)
        .where(
            period.account_id == row.account_id,
            period.module_subscription_id == row.module_subscription_id,
            version.is_published,
            sa.or_(period.ends_on.is_(None), first <= period.ends_on),
            ~_has_key(row, in_force(period, first)),
        )
        .correlate_except(period, version)
        .scalar_subquery()
    )


def accounts_with_dropped(publication: Publication) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select the first accounts that a version reaches and that have anything by a dropped key."""
    return _accounts_with_dropped(publication.version_id), publication.parameters


def ended_keys(
    publication: Publication, account_ids: list[UUID]
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select what ``read_ended_keys`` reads of some accounts."""
    return _ended_keys(), publication.of(account_ids)


def read_ended_keys(rows: Any) -> list[EndedKey]:
    """Read the rows of ``ended_keys``, by account and key."""
    return [
        EndedKey(
            row.account_id,
            row.account,
            row.key,
            text_of(row, "item"),
            KeyUseKind(row.kind),
            row.quantity,
            row.last_day,
        )
        for row in rows
    ]


def _accounts_with_dropped(version_id: UUID) -> sa.Select[Any]:
    own, earlier = aliased(TariffVersion), aliased(TariffVersion)
    kept = sa.select(Item.key).where(Item.tariff_version_id == version_id)
    dropped = (
        sa.select(Item.key)
        .join(earlier, earlier.id == Item.tariff_version_id)
        .join(own, own.tariff_id == earlier.tariff_id)
        .where(own.id == version_id, earlier.is_published, Item.key.not_in(kept))
    )
    uses = sa.union_all(
        *(
            sa.select(model.account_id).where(model.item_key.in_(dropped))
            for model in MODELS.values()
        )
    )
    return (
        sa.select(TariffPeriod.account_id)
        .where(is_reached(TariffPeriod), TariffPeriod.account_id.in_(uses))
        .distinct()
        .order_by(TariffPeriod.account_id)
        .limit(MOST_USES_TOLD)
    )


@cache
def _ended_keys() -> sa.Select[Any]:
    reached = reached_subscriptions()
    ended = sa.union(*(_ended(reached, kind) for kind in MODELS)).subquery().c
    return (
        sa.select(*ended, Account.name.label("account"))
        .join(Account, Account.id == ended.account_id)
        .order_by(ended.account_id, ended.key, ended.kind, ended.last_day)
    )


def _ended(reached: Any, kind: KeyUseKind) -> sa.Select[Any]:
    """Select what of a kind some subscriptions have by a key that a version lacks."""
    row, item = aliased(MODELS[kind]), aliased(Item)
    is_agreement = kind is KeyUseKind.AGREEMENT
    of_reached = (
        row.module_id == reached.module_id
        if is_agreement
        else row.module_subscription_id == reached.id
    )
    return (
        sa.select(
            reached.account_id,
            row.item_key.label("key"),
            sa.literal(kind.value).label("kind"),
            (sa.null() if is_agreement else row.quantity).label("quantity"),
            (sa.func.greatest(reached.day, row.starts_on, type_=sa.Date()) - 1).label("last_day"),
            *text_columns(item, "name", "item"),
        )
        .select_from(reached.id.table)
        .join(row, sa.and_(row.account_id == reached.account_id, of_reached))
        .join(item, sa.and_(item.tariff_version_id == reached.before_id, _is_of(row, item)))
        .where(
            sa.or_(row.ends_on.is_(None), row.ends_on >= reached.day),
            ~_has_key(row, reached.after_id),
        )
    )


def _has_key(row: Any, version_id: Any) -> sa.ColumnElement[bool]:
    """Say whether a version has an item that a row at hand can be about."""
    item = aliased(Item)
    return (
        sa.exists()
        .where(item.tariff_version_id == version_id, _is_of(row, item))
        .correlate_except(item)
    )


def _is_of(row: Any, item: Any) -> sa.ColumnElement[bool]:
    """Say whether a row is about an item: of its key, and booked separately or not, as it is."""
    has_key: sa.ColumnElement[bool] = item.key == row.item_key
    model = sa.inspect(row).mapper.class_
    if model is SpecialAgreement:
        return has_key
    return sa.and_(has_key, item.is_additional_option == sa.literal(model is BookedOption))
