"""Expressions over invitations."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from permissions.viewing import Viewing
from portal.models import Member, Person
from portal.rules.invitation import InvitationStatus as Status


def status(invitation: Any, viewing: Viewing) -> sa.ColumnElement[str]:
    """Say what has become of an invitation by now."""
    return sa.case(
        (invitation.accepted_at.is_not(None), Status.ACCEPTED.value),
        (invitation.revoked_at.is_not(None), Status.REVOKED.value),
        (invitation.expires_at <= viewing.now, Status.EXPIRED.value),
        else_=Status.OPEN.value,
    )


def inviter_name(invitation: Any, viewing: Viewing) -> sa.ScalarSelect[str]:
    """Give who invited; customers are told members of their account alone."""
    person: Any = aliased(Person)
    member: Any = aliased(Member)
    is_member = (
        sa.exists()
        .where(member.person_id == person.id, member.account_id == invitation.account_id)
        .correlate_except(member)
    )
    return (
        sa.select(person.name)
        .where(person.id == invitation.invited_by, sa.true() if viewing.is_staff else is_member)
        .correlate_except(person)
        .scalar_subquery()
    )
