"""Modules that have begun or ended, other tariffs that have begun, and deadlines that are near."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.standing import standing, standings_of
from portal.errors import RuleBroken
from portal.jobs.effects.due import (
    BATCH,
    Due,
    Find,
    Found,
    Span,
    about,
    batch,
    is_new,
    page,
    reader,
    told_to_owner,
)
from portal.mail.content import Content
from portal.mail.modules.content import DeadlineReminder, ModuleBegun, ModuleEnded, TariffBegun
from portal.models import (
    Account,
    Contract,
    EffectKind,
    Module,
    ModuleSubscription,
    Tariff,
    TariffPeriod,
)
from portal.models.text import text_columns, text_of
from portal.rules.address import PartyKind
from portal.rules.catalogue.terms import ModuleSubscriptionStatus
from portal.rules.modules.further_term import BindingDeadline, binding_deadline, reminder_is_due
from portal.rules.modules.notice import Party

_STATUS = "ModuleSubscription.status"


async def begun(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find modules that begin; of what was ordered to begin at once its confirmation has told."""
    first = sa.and_(
        TariffPeriod.account_id == ModuleSubscription.account_id,
        TariffPeriod.module_subscription_id == ModuleSubscription.id,
        TariffPeriod.starts_on == ModuleSubscription.starts_on,
        TariffPeriod.agreed_on < TariffPeriod.starts_on,
    )
    kind, day = EffectKind.MODULE_BEGUN, ModuleSubscription.starts_on
    query = _modules_on(day, ModuleSubscription.id, kind, span).join(TariffPeriod, first)
    rows = await session.execute(page(query, ModuleSubscription.id, after))
    change = (_STATUS, ModuleSubscriptionStatus.ORDERED, ModuleSubscriptionStatus.ACTIVE)
    return batch(
        rows.all(),
        lambda row: _due(kind, row, ModuleBegun(**_told(row), first_day=row.day), change),
    )


async def ended(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find modules whose last day is over."""
    kind, day = EffectKind.MODULE_ENDED, ModuleSubscription.ends_on
    query = _modules_on(day, ModuleSubscription.id, kind, span).where(day < span.today)
    rows = await session.execute(page(query, ModuleSubscription.id, after))
    change = (_STATUS, ModuleSubscriptionStatus.CANCELLED, ModuleSubscriptionStatus.ENDED)
    return batch(
        rows.all(),
        lambda row: _due(kind, row, ModuleEnded(**_told(row), last_day=row.day), change),
    )


async def tariff_begun(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find tariffs that follow another one."""
    following = sa.and_(
        TariffPeriod.account_id == ModuleSubscription.account_id,
        TariffPeriod.module_subscription_id == ModuleSubscription.id,
        TariffPeriod.starts_on > ModuleSubscription.starts_on,
    )
    kind, day = EffectKind.TARIFF_BEGUN, TariffPeriod.starts_on
    query = (
        _modules_on(day, TariffPeriod.id, kind, span)
        .join(TariffPeriod, following)
        .join(Tariff, Tariff.id == TariffPeriod.tariff_id)
        .add_columns(TariffPeriod.tariff_id, *text_columns(Tariff, "name", "tariff"))
    )
    rows = await session.execute(page(query, TariffPeriod.id, after))
    return batch(
        rows.all(),
        lambda row: _due(
            kind,
            row,
            TariffBegun(**_told(row), tariff=text_of(row, "tariff"), first_day=row.day),
            ("TariffPeriod.tariffId", None, str(row.tariff_id)),
        ),
    )


async def deadline_near(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find deadlines that pass within thirty days, where missing one binds for a further term.

    On for consumers and off for businesses, unless the account says otherwise; not once a notice
    is given, or another tariff agreed.
    """
    partner_kind = Contract.__table__.c.contract_partner_kind
    wanted = sa.func.coalesce(Account.reminds_of_deadlines, partner_kind == PartyKind.CONSUMER)
    query = (
        _modules(ModuleSubscription.id, span)
        .outerjoin(Contract, Contract.account_id == ModuleSubscription.account_id)
        .where(
            ModuleSubscription.starts_on <= span.today,
            ModuleSubscription.ends_on.is_(None),
            wanted,
        )
    )
    rows = (await session.execute(page(query, ModuleSubscription.id, after))).all()
    near = await _near(session, [row.id for row in rows], span)
    return Found(
        [_reminder(row, near[row.id]) for row in rows if row.id in near],
        rows[-1].id if len(rows) == BATCH else None,
    )


SOURCES: tuple[Find, ...] = (begun, tariff_begun, deadline_near, ended)


def _modules(id: Any, span: Span) -> sa.Select[Any]:
    query = (
        sa.select(
            id.label("id"),
            ModuleSubscription.account_id,
            *text_columns(Module, "name", "module"),
        )
        .select_from(ModuleSubscription)
        .join(Module, Module.id == ModuleSubscription.module_id)
    )
    return told_to_owner(query, ModuleSubscription.account_id, span)


def _modules_on(day: Any, id: Any, kind: EffectKind, span: Span) -> sa.Select[Any]:
    """Select what has its day within a span, unless its effect is caused already."""
    return (
        _modules(id, span)
        .add_columns(day.label("day"))
        .where(day > span.after, day <= span.today, is_new(kind, id, day))
    )


async def _near(session: AsyncSession, ids: list[UUID], span: Span) -> dict[UUID, BindingDeadline]:
    """Give the deadlines that are near, by module subscription."""
    near = {}
    for row in (await session.execute(standings_of(ids, span.now))).all():
        here = standing(row, span.now)
        if not here.is_open:
            continue
        try:
            binding = binding_deadline(here.agreement(Party.CUSTOMER), here.today)
        except RuleBroken:
            # The operator is told of such terms by ``portal doctor``; here no day follows.
            continue
        if binding is not None and reminder_is_due(binding.deadline, here.today):
            near[row.id] = binding
    return near


def _reminder(row: sa.Row[Any], binding: BindingDeadline) -> Due:
    content = DeadlineReminder(
        **_told(row),
        deadline=binding.deadline,
        last_day=binding.last_day,
        next_last_day=binding.next_last_day,
    )
    mails = ((content, reader(row)),)
    return Due(EffectKind.DEADLINE_NEAR, row.id, binding.deadline, row.account_id, mails)


def _told(row: sa.Row[Any]) -> dict[str, Any]:
    return about(row) | {"module": text_of(row, "module")}


def _due(kind: EffectKind, row: sa.Row[Any], content: Content, change: tuple[str, Any, Any]) -> Due:
    return Due(kind, row.id, row.day, row.account_id, ((content, reader(row)),), change)
