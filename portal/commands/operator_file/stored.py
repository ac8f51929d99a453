"""What the portal offers today, in the form of an operator's file."""

from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from portal import clock
from portal.actions.catalogue.price_list import parts_of
from portal.commands.operator_file import form
from portal.commands.operator_file.form import OperatorFile
from portal.database.connection import engine_at
from portal.models import (
    Base,
    ConsentDocument,
    GeneralPaymentTerms,
    Module,
    OperatorProfile,
    Tariff,
    TariffVersion,
    Upload,
)
from portal.models.contract.consent import ConsentDocumentKind
from portal.models.contract.operator_profile import of_day
from portal.rules.calendar import local_day
from portal.viewer import Language


async def whole_of(owner: URL) -> OperatorFile:
    """Read everything that a file holds."""
    engine = engine_at(owner)
    try:
        async with AsyncSession(engine) as session:
            return await _Reading(session).whole()
    finally:
        await engine.dispose()


class _Reading:
    """What holds today, read from the rows."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._today = local_day(clock.now(), clock.OPERATOR_ZONE)

    async def whole(self) -> OperatorFile:
        """Give everything that a file holds."""
        profile = await self._session.scalar(of_day(self._today, OperatorProfile))
        terms = await self._session.scalar(
            sa.select(GeneralPaymentTerms)
            .where(
                GeneralPaymentTerms.valid_from <= self._today,
                GeneralPaymentTerms.withdrawn_at.is_(None),
            )
            .order_by(GeneralPaymentTerms.valid_from.desc(), GeneralPaymentTerms.id.desc())
            .limit(1)
        )
        documents = [
            document
            for kind in ConsentDocumentKind
            if (document := await self._document(kind)) is not None
        ]
        modules = await self._session.scalars(
            sa.select(Module).order_by(Module.position, Module.id)
        )
        return OperatorFile(
            operator=profile and await self._operator(profile),
            payment_terms=form.PaymentTerms(**asdict(terms.terms)) if terms else None,
            documents=documents,
            modules=[await self._module(module) for module in modules.all()],
        )

    async def _operator(self, profile: OperatorProfile) -> form.Operator:
        filled: form.Operator = _filled(
            form.Operator, profile, logo=await self._content(profile.logo_id)
        )
        return filled

    async def _content(self, file_id: UUID | None) -> bytes | None:
        if file_id is None:
            return None
        return await self._session.scalar(sa.select(Upload.content).where(Upload.id == file_id))

    async def _document(self, kind: ConsentDocumentKind) -> form.Document | None:
        """Give the version that holds; none that some customers could not read."""
        row = ConsentDocument
        latest = (
            sa.select(sa.func.max(row.published_on))
            .where(row.kind == kind, row.published_on <= self._today, row.withdrawn_at.is_(None))
            .scalar_subquery()
        )
        found: Sequence[ConsentDocument] = (
            await self._session.scalars(
                sa.select(row).where(
                    row.kind == kind, row.published_on == latest, row.withdrawn_at.is_(None)
                )
            )
        ).all()
        texts = {
            one.language.lower(): form.DocumentText(
                title=one.title, body=one.body, pdf=await self._content(one.file_id)
            )
            for one in found
        }
        if len(texts) < len(Language):
            return None
        return form.Document(
            kind=kind,
            version=found[0].version,
            asks_agreement=found[0].asks_agreement,
            texts=form.DocumentTexts(**texts),
        )

    async def _module(self, module: Module) -> form.Module:
        tariffs = await self._session.scalars(
            sa.select(Tariff).where(Tariff.module_id == module.id).order_by(Tariff.id)
        )
        parts = [await self._tariff(tariff) for tariff in tariffs.all()]
        tariffs_there = [part for part in parts if part is not None]
        filled: form.Module = _filled(form.Module, module, tariffs=tariffs_there)
        return filled

    async def _tariff(self, tariff: Tariff) -> form.Tariff | None:
        """Give a tariff with the version in force, or else with the first to come; None without."""
        row = TariffVersion
        version = await self._session.scalar(
            sa.select(row)
            .where(row.tariff_id == tariff.id, row.is_published)
            .order_by(row.valid_from > self._today, sa.func.abs(row.valid_from - self._today))
            .limit(1)
        )
        if version is None or version.valid_from is None:
            return None
        sections, items = await parts_of(self._session, version)
        price_list = [
            _filled(
                form.Section,
                section,
                items=[
                    _filled(form.Item, item)
                    for item in items
                    if item.price_list_section_id == section.id
                ],
            )
            for section in sections
        ]
        terms = _filled(form.Terms, version)
        valid_from = version.valid_from if version.valid_from > self._today else None
        others = {"terms": terms, "price_list": price_list, "valid_from": valid_from}
        filled: form.Tariff = _filled(form.Tariff, tariff, **others)
        return filled


def _filled(part: Any, row: Base, **others: Any) -> Any:
    """Fill a part of the form with the attributes of a row, but for the others."""
    values = {name: _value(row, name) for name in part.model_fields if name not in others}
    return part(**values, **others)


def _value(row: Base, name: str) -> Any:
    value = getattr(row, name)
    translations = getattr(row, f"{name}_translations", None)
    if translations is not None:
        return {"value": value, **translations}
    if is_dataclass(value) and not isinstance(value, type):
        # Of columns that are all empty SQLAlchemy makes a composite too.
        parts = asdict(value)
        return None if all(part is None for part in parts.values()) else parts
    return value.value if isinstance(value, Enum) else value
