"""Offer numbers that can be used no more."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.clock import OPERATOR_ZONE
from portal.jobs.effects.due import Due, Find, Found, Span, batch, is_new, page
from portal.mail.catalogue.content import OfferExpired
from portal.mail.outbox import Recipient
from portal.models import EffectKind, Module, Person, Staff, Tariff
from portal.models.text import text_columns, text_of
from portal.viewer import Role


async def offers(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find offers that have expired; the managers are told, on the operator's days."""
    if span.time_zone != OPERATOR_ZONE:
        return Found([], None)
    kind, day = EffectKind.OFFER_EXPIRED, Tariff.offer_expires_on
    query = (
        sa.select(
            Tariff.id,
            *text_columns(Tariff, "name", "tariff"),
            Tariff.offer_number,
            Tariff.offer_uses.label("uses"),
            *text_columns(Module, "name", "module"),
            day.label("day"),
        )
        .join(Module, Module.id == Tariff.module_id)
        .where(day > span.after, day < span.today, is_new(kind, Tariff.id, day))
    )
    rows = (await session.execute(page(query, Tariff.id, after))).all()
    managers = (await session.scalars(_MANAGERS)).all() if rows else []
    return batch(
        rows,
        lambda row: Due(
            kind,
            row.id,
            row.day,
            None,
            tuple(
                (_content(row, manager.name), Recipient(manager.email, manager.language))
                for manager in managers
            ),
        ),
    )


SOURCES: tuple[Find, ...] = (offers,)

_MANAGERS = (
    sa.select(Person)
    .join(Staff, Staff.person_id == Person.id)
    .where(Staff.role == Role.MANAGER, Staff.deactivated_at.is_(None))
    .order_by(Person.id)
)


def _content(row: sa.Row[Any], name: str) -> OfferExpired:
    return OfferExpired(
        name=name,
        module=text_of(row, "module"),
        tariff=text_of(row, "tariff"),
        offer_number=row.offer_number,
        uses=row.uses,
        until=row.day,
    )
