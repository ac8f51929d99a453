"""Requests and invitations whose time is over."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.contract.contract_request import CONTRACT_PARTNER, PAYMENT_TERMS, VAT_TREATMENT
from portal.actions.modules.date_request import DEVIATING_DATE
from portal.jobs.effects.due import Due, Find, Found, Span, about, batch, is_new, page, reader
from portal.language.messages import translate
from portal.mail.people.content import InvitationExpired, RequestExpired
from portal.models import Account, EffectKind, Invitation, Member, Person, Request
from portal.rules.people.invitation import InvitationStatus
from portal.rules.people.request import RequestStatus

_TOPICS = {
    one.kind: one.topic for one in (CONTRACT_PARTNER, PAYMENT_TERMS, VAT_TREATMENT, DEVIATING_DATE)
}


async def requests(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find requests that nobody decided in time; whoever asked is told, while a member."""
    kind = EffectKind.REQUEST_EXPIRED
    asked = sa.and_(
        Member.account_id == Request.account_id, Member.person_id == Request.requested_by
    )
    query = _expired(Request, kind, span, asked, Request.kind.label("about")).where(
        Request.state == RequestStatus.OPEN
    )
    rows = (await session.execute(page(query, Request.id, after))).all()
    return batch(
        rows,
        lambda row: _due(
            kind,
            row,
            lambda until: RequestExpired(
                **about(row), topic=translate(_TOPICS[row.about], row.language), until=until
            ),
            ("Request.state", RequestStatus.OPEN, RequestStatus.EXPIRED),
        ),
    )


async def invitations(session: AsyncSession, span: Span, after: UUID) -> Found:
    """Find invitations that nobody accepted; the inviter is told, or else the owner."""
    kind = EffectKind.INVITATION_EXPIRED
    inviter = sa.select(Member.id).where(
        Member.account_id == Invitation.account_id, Member.person_id == Invitation.invited_by
    )
    told = sa.and_(
        Member.account_id == Invitation.account_id,
        Member.id
        == sa.func.coalesce(inviter.correlate(Invitation).scalar_subquery(), Account.owner_id),
    )
    query = _expired(Invitation, kind, span, told, Invitation.email.label("about")).where(
        Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    rows = (await session.execute(page(query, Invitation.id, after))).all()
    return batch(
        rows,
        lambda row: _due(
            kind,
            row,
            lambda until: InvitationExpired(**about(row), invited=row.about, until=until),
            ("Invitation.status", InvitationStatus.OPEN, InvitationStatus.EXPIRED),
        ),
    )


SOURCES: tuple[Find, ...] = (requests, invitations)


def _expired(model: Any, kind: EffectKind, span: Span, told: Any, topic: Any) -> sa.Select[Any]:
    """Select what expired within a span, with the member who is told of it."""
    return (
        sa.select(
            model.id,
            model.account_id,
            model.expires_at,
            topic,
            Account.time_zone,
            Account.name.label("account"),
            Person.name.label("person"),
            Person.email,
            Person.language,
        )
        .join(Account, Account.id == model.account_id)
        .outerjoin(Member, told)
        .outerjoin(Person, Person.id == Member.person_id)
        .where(
            Account.time_zone == span.time_zone,
            model.expires_at > span.after_instant,
            model.expires_at <= span.now,
            is_new(kind, model.id),
        )
    )


def _due(kind: EffectKind, row: sa.Row[Any], content: Any, change: tuple[str, Any, Any]) -> Due:
    """Give the effect; who has left the account is told nothing."""
    day = _last_day(row.expires_at, row.time_zone)
    mails = ((content(day), reader(row)),) if row.email else ()
    return Due(kind, row.id, day, row.account_id, mails, change)


def _last_day(expires_at: datetime, time_zone: str) -> date:
    """Give the last day that was good until midnight."""
    return (expires_at.astimezone(ZoneInfo(time_zone)) - timedelta(days=1)).date()
