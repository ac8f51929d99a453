"""Expressions over invitations."""

from typing import Any

import sqlalchemy as sa

from permissions.viewing import Viewing
from portal.rules.people.invitation import InvitationStatus as Status
from resolvers.queries.people.account import name_in_account


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
    return name_in_account(invitation.account_id, invitation.invited_by, viewing)
