"""What publishing a version does to those who have the tariff, read back after it was done."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.price_change import dearer_for_existing
from portal.actions.modules.publication import Days, publication_of
from portal.actions.modules.reached import Publication, held_by_reached
from portal.actions.shown import AS_A_WHOLE, UNSAID
from portal.models import Item, PriceListSection, TariffVersion, VersionJob
from portal.rules.catalogue.price_rise import SpecialRight


@dataclass(frozen=True, slots=True)
class Shown:
    """What publishing does to those who have the tariff: how many, from when, what is dearer.

    ``content`` is the version's own: its terms and items. ``held`` is what decides what each of
    them pays, beside prices.
    """

    publication: Publication = field(metadata=UNSAID)
    special_right: SpecialRight = field(metadata=UNSAID)
    customers: int
    dearer_items: list[str] = field(metadata=AS_A_WHOLE)
    content: list[Any] = field(metadata=AS_A_WHOLE)
    held: list[Any] = field(metadata=AS_A_WHOLE)

    def promised(self, token: str, valid_until: datetime) -> "Preview":
        """Give the preview of it."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return Preview(**told, token=token, valid_until=valid_until)


@dataclass(frozen=True, slots=True)
class Preview(Shown):
    """What was shown, and the token by which the version is published as shown."""

    token: str
    valid_until: datetime


async def shown_of(session: AsyncSession, job: VersionJob) -> Shown:
    """Read back what publishing did."""
    version = await session.get_one(TariffVersion, job.tariff_version_id)
    publication = publication_of(version, Days(job.valid_from, job.valid_from_for_existing))
    return Shown(
        publication=publication,
        special_right=version.special_right,
        customers=job.customers,
        dearer_items=await dearer_for_existing(session, publication),
        content=await _content(session, version),
        held=await held_by_reached(session, publication),
    )


async def _content(session: AsyncSession, version: TariffVersion) -> list[Any]:
    """Give what a version says: its terms, its sections and its items."""
    columns = [column for column in Item.__table__.c if column.name != "id"]
    items = (
        sa.select(PriceListSection.title, PriceListSection.position, *columns)
        .join(Item, Item.price_list_section_id == PriceListSection.id)
        .where(PriceListSection.tariff_version_id == version.id)
        .order_by(PriceListSection.position, Item.position)
    )
    rows = [tuple(row) for row in await session.execute(items)]
    return [version.terms, version.change_free_of_notice, version.term_continues, *rows]
