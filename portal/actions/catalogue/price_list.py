"""The price list of a draft, saved whole: by its keys, what stays keeps its row."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from portal.errors import InvalidInput, PortalError, Several, faults_below, gathered
from portal.language.naming import camel
from portal.models import Item, PriceListSection, TariffVersion
from portal.models.catalogue.tariff_version import term_of
from portal.rules.catalogue.item import MOST_ITEMS, ItemFacts, check_item, places_taken
from portal.rules.catalogue.terms import BillingBasis
from portal.rules.catalogue.unit import ONE
from portal.writing.changes import apply_changes

MOST_SECTIONS = 500
# What an item is where nothing else is sent: it is sent whole, whatever its key had before.
_UNSAID: Mapping[str, Any] = MappingProxyType(
    {
        "unit_code": ONE,
        "vat_exemption_code": None,
        "vat_exemption_text": None,
        "billing_basis": BillingBasis.CONTRACT,
        "is_additional_option": False,
        "notice_period": None,
        "ending_day": None,
    }
)
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentItem:
    """An item as it is sent, with the path that leads to it; ``unread`` has a known fault."""

    values: Mapping[str, Any]
    path: Path
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its items as they are sent, and the faults that were found in reading them."""

    values: Mapping[str, Any]
    path: Path
    items: list[SentItem] = field(default_factory=list)
    faults: list[PortalError] = field(default_factory=list)


async def parts_of(
    session: AsyncSession, version: TariffVersion
) -> tuple[list[PriceListSection], list[Item]]:
    """Give the sections of a version in their order, and its items in theirs."""
    sections = await session.scalars(
        sa.select(PriceListSection)
        .where(PriceListSection.tariff_version_id == version.id)
        .order_by(PriceListSection.position)
    )
    items = await session.scalars(
        sa.select(Item).where(Item.tariff_version_id == version.id).order_by(Item.position)
    )
    return list(sections), list(items)


def check_size(sections: Sequence[Section], path: Path) -> None:
    """Refuse a price list that is too long, before anybody works on it."""
    if len(sections) > MOST_SECTIONS:
        raise InvalidInput("May have at most {most} sections.", path=path, most=MOST_SECTIONS)
    if sum(len(section.items) for section in sections) > MOST_ITEMS:
        raise InvalidInput("May have at most {most} items.", path=path, most=MOST_ITEMS)


async def save(
    session: AsyncSession,
    draft: TariffVersion,
    sections: Sequence[Section],
    path: Path,
    turn: Callable[[], Awaitable[None]],
) -> None:
    """Give a draft a price list: sections with their items, in their order.

    An item of a key that is there already becomes what is sent; what is not sent goes. Every fault
    is found before the first is told; ``path`` leads to the whole. Others have a ``turn``
    in between.
    """
    check_size(sections, path)
    old_sections, old_items = await parts_of(session, draft)
    by_key = {item.key: item for item in old_items}
    kept: list[PriceListSection] = []
    wanted: list[Item] = []
    faults: list[PortalError] = []
    for number, section in enumerate(sections):
        heading = next(iter(old_sections[number : number + 1]), None)
        heading = heading or PriceListSection(id=uuid7(), tariff_version_id=draft.id)
        heading.position = number
        kept.append(heading)
        with gathered(faults):
            apply_changes(heading, section.values, section.path)
        faults += section.faults
        for position, sent in enumerate(section.items):
            item = by_key.pop(_key_in(sent), None)
            item = item or Item(id=uuid7(), tariff_version_id=draft.id)
            item.price_list_section_id, item.position = heading.id, position
            wanted.append(item)
            await turn()
            with gathered(faults):
                _set(item, sent)
    faults += _doubles(sections)
    if faults:
        raise Several(faults)
    await _write(session, kept, wanted, [*by_key.values()], old_sections[len(sections) :])


def _key_in(sent: SentItem) -> str:
    return str(sent.values.get("key") or "").strip()


def _doubles(sections: Sequence[Section]) -> list[PortalError]:
    """Refuse each item whose key another one has before it."""
    items = [one for section in sections for one in section.items]
    taken = places_taken([sent.path for sent in items], [_key_in(sent) for sent in items])
    return [
        InvalidInput("Another item of this price list has this key.", path=(*here, "key"))
        for here in taken
    ]


def _set(item: Item, sent: SentItem) -> None:
    """Let an item be what was sent, and find every fault of it: of its form, and by the rules."""
    faults: list[PortalError] = []
    values = {name: value for name, value in sent.values.items() if name not in sent.unread}
    unsound = sent.unread | _set_in_form(item, {**_UNSAID, **values}, sent.path, faults)
    with gathered(faults), faults_below(*sent.path):
        check_item(
            ItemFacts(
                item.key,
                item.is_additional_option,
                item.unit_code,
                item.unit_price,
                item.vat_category,
                item.vat_exemption_code,
                item.vat_exemption_text,
                term_of(item.notice_period_count, item.notice_period_unit),
                item.ending_day,
            ),
            unsound,
        )
    if faults:
        raise Several(faults)


def _set_in_form(
    item: Item, values: Mapping[str, Any], path: Path, faults: list[PortalError]
) -> set[str]:
    """Set what is in its form, and give the names of what is not, whose faults are kept."""
    found: list[PortalError] = []
    with gathered(found):
        apply_changes(item, values, path)
    if not found:
        return set()
    faults += found
    names = {camel(name): name for name in values}
    wrong = {names[fault.path[len(path)]] for fault in found}
    apply_changes(item, {name: values[name] for name in values if name not in wrong}, path)
    return wrong


async def _write(
    session: AsyncSession,
    sections: Sequence[PriceListSection],
    items: Sequence[Item],
    gone: Sequence[Item],
    gone_sections: Sequence[PriceListSection],
) -> None:
    """Write rows, those first that others refer to."""
    session.add_all(sections)
    await session.flush()
    for item in gone:
        await session.delete(item)
    await session.flush()
    session.add_all(items)
    await session.flush()
    for section in gone_sections:
        await session.delete(section)
    await session.flush()
