"""Invitations: what they may offer, how long they hold, and what has become of one."""

from datetime import timedelta
from enum import StrEnum

from portal.errors import RuleBroken
from portal.viewer import MemberRole

LIFE = timedelta(days=7)


class InvitationStatus(StrEnum):
    """What has become of an invitation."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


def check_can_be_given(role: MemberRole) -> None:
    """Refuse the one role that moves in a way of its own."""
    if role is MemberRole.OWNER:
        raise RuleBroken(
            "Nobody is made owner this way; hand the ownership over instead.",
            path=["input", "role"],
        )
