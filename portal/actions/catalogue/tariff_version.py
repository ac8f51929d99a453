"""Drafts of a tariff's versions: begun, changed and thrown away."""

from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from portal.actions.catalogue.price_list import parts_of
from portal.errors import Conflict, RuleBroken, faults_below
from portal.models import Base, Tariff, TariffVersion
from portal.rules.catalogue.terms_check import check_terms
from portal.writing.changes import apply_changes

_Row = TypeVar("_Row", bound=Base)
_STATE = frozenset(
    {"id", "version", "published_at", "withdrawn_at", "valid_from", "valid_from_for_existing"}
)


async def create(
    session: AsyncSession, tariff: Tariff, terms: Mapping[str, Any] | None
) -> TariffVersion:
    """Begin a draft, with terms or as a copy of the latest version with its price list."""
    if terms is not None:
        draft = TariffVersion(tariff_id=tariff.id)
        set_terms(draft, terms)
        session.add(draft)
        return draft
    latest = await session.scalar(
        sa.select(TariffVersion)
        .where(TariffVersion.tariff_id == tariff.id, TariffVersion.is_published)
        .order_by(TariffVersion.valid_from.desc())
        .limit(1)
    )
    if latest is None:
        raise RuleBroken(
            "No version of this tariff is published that could be copied; send terms.",
            path=["input", "terms"],
        )
    draft = _copy(latest, tariff_id=tariff.id)
    session.add(draft)
    await session.flush()
    sections, items = await parts_of(session, latest)
    for section in sections:
        copied = _copy(section, tariff_version_id=draft.id)
        session.add(copied)
        await session.flush()
        session.add_all(
            _copy(item, tariff_version_id=draft.id, price_list_section_id=copied.id)
            for item in items
            if item.price_list_section_id == section.id
        )
    return draft


def set_terms(draft: TariffVersion, terms: Mapping[str, Any]) -> None:
    """Agree on other terms; those under which no day can be computed are refused."""
    check_draft(draft)
    apply_changes(draft, terms, ("input", "terms"))
    with faults_below("input", "terms"):
        check_terms(draft.terms)
    touch(draft)


async def delete(session: AsyncSession, draft: TariffVersion) -> None:
    """Throw a draft away, with its price list."""
    check_draft(draft)
    sections, items = await parts_of(session, draft)
    for layer in (items, sections, [draft]):
        for row in layer:
            await session.delete(row)
        await session.flush()


def check_draft(version: TariffVersion) -> None:
    """Refuse to change what is published."""
    if version.published_at is not None:
        raise Conflict(
            "This version is published and never changes; begin a draft instead.",
            path=["input", "id"],
        )


def touch(draft: TariffVersion) -> None:
    """Let a draft count a change of what belongs to it."""
    if sa.inspect(draft).persistent:
        flag_modified(draft, "term_continues")


def _copy(row: _Row, **others: Any) -> _Row:
    """Give a row that says the same, as a part of something else."""
    model = type(row)
    names = (attribute.key for attribute in sa.inspect(model).column_attrs)
    values = {name: getattr(row, name) for name in names if name not in _STATE}
    return model(**values | others)
