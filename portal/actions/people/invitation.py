"""Inviting somebody into an account, and what becomes of the invitation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.errors import Conflict, NotFound, RuleBroken, check_all
from portal.login.credentials import new_token
from portal.mail.limit import MailLimit
from portal.mail.outbox import Stranger, post
from portal.mail.people import content as mail
from portal.models import Account, Invitation, Member, Person
from portal.rules.people.invitation import LIFE, check_can_be_given
from portal.writing.changes import apply_changes

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_FIND = sa.text("SELECT id, account_id FROM find_invitation(:token, :person_id, :at)").columns(
    id=sa.Uuid(), account_id=sa.Uuid()
)


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites; customers are not told the names of staff, so those have none here."""

    id: UUID
    name: str | None
    mails: MailLimit


async def invite(
    session: AsyncSession,
    account: Account,
    inviter: Inviter,
    offer: Mapping[str, Any],
    now: datetime,
) -> None:
    """Offer a role to an e-mail address, in place of any earlier offer, and mail the token."""
    token, token_hash = new_token()
    invitation = Invitation(
        account_id=account.id,
        invited_by=inviter.id,
        token_hash=token_hash,
        created_at=now,
        expires_at=now + LIFE,
    )
    check_all(
        lambda: apply_changes(invitation, offer),
        lambda: check_can_be_given(offer["role"]),
    )
    if await _is_member(session, account.id, Person.email == invitation.email):
        raise RuleBroken("This person is a member already.", path=["input", "email"])
    earlier = await find_open(session, account.id, invitation.email)
    if earlier is not None:
        earlier.revoked_at = now
        # Only one may be open at any moment, and new rows are written before changed ones.
        await session.flush()
    session.add(invitation)
    content = _content(account, inviter, invitation, token)
    recipient = Stranger(invitation.email, account.language, inviter.mails)
    await post(session, content, to=recipient, now=now, account_id=account.id)


def _content(
    account: Account, inviter: Inviter, invitation: Invitation, token: str
) -> mail.Invitation:
    """Give what the mail says; its last day is one on which the token is good until midnight."""
    ends_at = invitation.expires_at.astimezone(ZoneInfo(account.time_zone))
    return mail.Invitation(
        inviter=inviter.name or account.name,
        account=account.name,
        role=invitation.role,
        code=token,
        until=(ends_at - timedelta(days=1)).date(),
    )


async def find_open(session: AsyncSession, account_id: UUID, email: str) -> Invitation | None:
    """Find the invitation of an address that is neither accepted nor revoked."""
    invitation: Invitation | None = await session.scalar(
        sa.select(Invitation).where(
            Invitation.account_id == account_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
    )
    return invitation


async def revoke(
    session: AsyncSession, account: Account, invitation_id: UUID | None, now: datetime
) -> None:
    """Withdraw an open invitation."""
    invitation = await session.scalar(
        sa.select(Invitation).where(
            Invitation.account_id == account.id, Invitation.id == invitation_id
        )
    )
    path = ["input", "invitationId"]
    if invitation is None:
        raise NotFound("There is no such invitation.", path=path)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise Conflict("This invitation is accepted or revoked already.", path=path)
    invitation.revoked_at = now


async def end_without_right(
    session: AsyncSession, now: datetime, *conditions: sa.ColumnElement[bool]
) -> None:
    """Withdraw, of open invitations, those whose sender may invite nobody any more."""
    await session.flush()
    orphaned = (
        *conditions,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
        sa.not_(_may_invite()),
    )
    accounts = sa.select(Invitation.account_id).where(*orphaned)
    # As every change inside an account does: its own lock first.
    await session.execute(
        sa.select(Account.id).where(Account.id.in_(accounts)).order_by(Account.id).with_for_update()
    )
    for invitation in await session.scalars(sa.select(Invitation).where(*orphaned)):
        invitation.revoked_at = now


async def find(
    session: AsyncSession, token: str, person_id: UUID, now: datetime
) -> tuple[UUID, UUID]:
    """Find the invitation that a token is good for, and its account.

    Whatever is wrong with a token is answered alike.
    """
    if not _TOKEN.fullmatch(token):
        raise not_found()
    given = {"token": token, "person_id": person_id, "at": now}
    found = (await session.execute(_FIND, given)).one_or_none()
    if found is None:
        raise not_found()
    return found.id, found.account_id


async def accept(
    session: AsyncSession, account_id: UUID, invitation_id: UUID, person_id: UUID, now: datetime
) -> Member:
    """Make a person a member, as the invitation says; the viewer must see its account by now."""
    await session.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update())
    # While the account was waited for, the invitation may have been used or withdrawn, and whoever
    # sent it may have lost the right to.
    invitation = await session.scalar(
        sa.select(Invitation).where(
            Invitation.account_id == account_id,
            Invitation.id == invitation_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            _may_invite(),
        )
    )
    if invitation is None:
        raise not_found()
    if await _is_member(session, account_id, Member.person_id == person_id):
        raise Conflict("You are a member of this account already.", path=["input", "token"])
    member = Member(account_id=account_id, person_id=person_id, role=invitation.role, joined_at=now)
    session.add(member)
    invitation.accepted_at = now
    return member


def not_found() -> NotFound:
    """Give the one answer to every token that is not good."""
    return NotFound(
        "No invitation for your e-mail address has this token, or it is used, revoked or over.",
        path=["input", "token"],
    )


def _may_invite() -> sa.ColumnElement[bool]:
    return sa.func.may_invite(Invitation.account_id, Invitation.invited_by, type_=sa.Boolean())


async def _is_member(
    session: AsyncSession, account_id: UUID, condition: sa.ColumnElement[bool]
) -> bool:
    found = await session.scalar(
        sa.select(Member.id)
        .join(Person, Person.id == Member.person_id)
        .where(Member.account_id == account_id, condition)
    )
    return found is not None
