"""What a version of a tariff changes for those whom it reaches: what is dearer, what each pays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.cost import Lines, total
from portal.actions.modules.reached import Publication, reached_subscriptions
from portal.models import Item, TariffVersion
from portal.rules.catalogue.price_rise import Charge, dearer_keys
from portal.rules.catalogue.terms import BillingMode


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What an account pays each month by a version, and would pay without it, from a day on.

    ``by_use`` says whether something that is charged by use is dearer.
    """

    account_id: UUID
    starts_on: date
    before: Decimal
    after: Decimal
    by_use: bool

    @property
    def is_rise(self) -> bool:
        """Whether it pays more."""
        return self.by_use or self.after > self.before

    @property
    def is_reduction(self) -> bool:
        """Whether it pays less."""
        return not self.is_rise and self.after < self.before


async def dearer_for_existing(session: AsyncSession, publication: Publication) -> list[str]:
    """Give the keys of what costs more by a version than by one that it replaces for somebody."""
    version = TariffVersion
    earlier = sa.select(version.id, version.valid_from, version.valid_from_for_existing).where(
        version.tariff_id == publication.tariff_id,
        version.is_published,
        version.id != publication.version_id,
        version.valid_from < publication.valid_from,
    )
    found = (await session.execute(earlier.order_by(version.valid_from.desc()))).all()
    replaced = []
    for row in found:
        replaced.append(row.id)
        # All who had an older one have this one by then.
        if row.valid_from_for_existing <= publication.for_existing:
            break
    items = await session.execute(
        sa.select(Item.tariff_version_id, Item.key, Item.unit_price, Item.billing_mode).where(
            Item.tariff_version_id.in_([publication.version_id, *replaced])
        )
    )
    charges: dict[UUID, list[Charge]] = {id: [] for id in (publication.version_id, *replaced)}
    for version_id, key, unit_price, mode in items:
        charges[version_id].append(Charge(key, unit_price, mode))
    after = charges[publication.version_id]
    return sorted({key for id in replaced for key in dearer_keys(charges[id], after)})


def price_changes(
    publication: Publication, account_ids: Sequence[UUID]
) -> tuple[sa.Select[Any], dict[str, Any]]:
    """Select what ``read_price_changes`` reads of some accounts."""
    return _price_changes(), publication.of(account_ids)


def read_price_changes(rows: Iterable[sa.Row[Any]]) -> list[PriceChange]:
    """Read the rows of ``price_changes``: one change for each account, in their order."""
    return [
        _of_account(account_id, list(those))
        for account_id, those in groupby(rows, key=lambda row: row.account_id)
    ]


@cache
def _price_changes() -> sa.Select[Any]:
    """Select what a version changes, a row for each subscription."""
    reached = reached_subscriptions()
    before, after = (_costs(reached, id) for id in (reached.before_id, reached.after_id))
    return (
        sa.select(
            reached.account_id,
            reached.day,
            before.c.monthly.label("before"),
            after.c.monthly.label("after"),
            before.c.uses.label("uses_before"),
            after.c.uses.label("uses_after"),
        )
        .select_from(reached.id.table)
        .join(before, sa.true())
        .join(after, sa.true())
        .order_by(reached.account_id)
    )


def _of_account(account_id: UUID, rows: Sequence[sa.Row[Any]]) -> PriceChange:
    return PriceChange(
        account_id,
        min(row.day for row in rows),
        sum((row.before for row in rows), Decimal(0)),
        sum((row.after for row in rows), Decimal(0)),
        by_use=any(
            Decimal(price) > Decimal((row.uses_before or {}).get(key, 0))
            for row in rows
            for key, price in (row.uses_after or {}).items()
        ),
    )


def _costs(reached: Any, version_id: Any) -> Any:
    """Select what a subscription costs by a version: each month, and for what is charged by use."""
    lines = Lines(reached, version_id, reached.day)
    # As text: a number of JSON would become one of another kind.
    by_use = sa.func.jsonb_object_agg(
        lines.item.key, sa.cast(lines.price, sa.Text()), type_=JSONB()
    )
    is_by_use = lines.item.billing_mode == BillingMode.PER_USE.value
    return (
        lines.select(
            total(lines.monthly_amount).label("monthly"), by_use.filter(is_by_use).label("uses")
        )
        .correlate_except(*lines.rows)
        .lateral()
    )
