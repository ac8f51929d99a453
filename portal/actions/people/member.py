"""Who is what in an account. Whoever calls holds the account's lock."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.people.invitation import end_without_right, find_open
from portal.errors import NotFound, RuleBroken, check_all
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import MemberRemoved
from portal.models import Account, Invitation, Member, Person
from portal.rules.people.invitation import check_can_be_given
from portal.viewer import MemberRole

_MEMBER = ("input", "memberId")


async def find(session: AsyncSession, account: Account, member_id: UUID | None) -> Member:
    """Find a member of the account."""
    member: Member | None = await session.scalar(
        sa.select(Member).where(Member.account_id == account.id, Member.id == member_id)
    )
    if member is None:
        raise NotFound("There is no such member.", path=_MEMBER)
    return member


async def change_role(
    session: AsyncSession, member: Member, role: MemberRole, now: datetime
) -> None:
    """Give a member another role; ownership is no role to give or take.

    The invitations of whoever may invite nobody any more end.
    """
    check_all(lambda: check_can_be_given(role), lambda: _check_is_not_owner(member))
    member.role = role
    await end_without_right(session, now, *_sent_by(member))


async def remove(session: AsyncSession, account: Account, member: Member, now: datetime) -> None:
    """Take a person out of the account, close the ways back in, and tell the person by mail.

    An owner there always is.
    """
    _check_is_not_owner(member)
    person = await session.get_one(Person, member.person_id)
    invitation = await find_open(session, account.id, person.email)
    if invitation is not None:
        invitation.revoked_at = now
    await session.delete(member)
    await end_without_right(session, now, *_sent_by(member))
    recipient = Recipient(person.email, person.language)
    content = MemberRemoved(name=person.name, account=account.name)
    await post(session, content, to=recipient, now=now, account_id=account.id)


async def transfer_ownership(session: AsyncSession, account: Account, successor: Member) -> None:
    """Make a member the owner, and the owner an admin."""
    owner = await find(session, account, account.owner_id)
    if owner is successor:
        return
    owner.role = MemberRole.ADMIN
    # Two owners are not allowed for a moment either, so the order of the statements counts.
    await session.flush()
    successor.role = MemberRole.OWNER
    account.owner_id = successor.id


def _sent_by(member: Member) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Invitation.account_id == member.account_id,
        Invitation.invited_by == member.person_id,
    )


def _check_is_not_owner(member: Member) -> None:
    if member.role is MemberRole.OWNER:
        raise RuleBroken("The owner stays owner; hand the ownership over first.", path=_MEMBER)
