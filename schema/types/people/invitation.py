"""Invitations, as callers see them."""

from datetime import datetime
from typing import Annotated

import strawberry

from permissions.enums import described
from portal import models
from portal.rules.people.invitation import InvitationStatus
from portal.viewer import MemberRole
from resolvers.queries.people import invitation as queries
from schema.access import MEMBER_EDITORS
from schema.criteria import by, criteria
from schema.criterion import any_of
from schema.fields import column, expression, of_model, own_id, value
from schema.types.node import Node
from schema.types.refusal import Refusal

described(
    InvitationStatus,
    "What has become of an invitation.",
    OPEN="It can be accepted.",
    ACCEPTED="It was accepted, and cannot be again.",
    REVOKED="It was withdrawn, or replaced by a later one to the same address.",
    EXPIRED="Its time ran out.",
)


@of_model(models.Invitation, description="Asks somebody to become a member of an account.")
class Invitation(Node):
    """An invitation; its token is in the mail and nowhere else."""

    id: strawberry.ID = own_id()
    email: str | None = column(MEMBER_EDITORS, description="The address that was invited.")
    role: MemberRole | None = column(
        MEMBER_EDITORS, description="What the account offers the new member."
    )
    status: InvitationStatus | None = expression(
        MEMBER_EDITORS,
        queries.status,
        stored=("Invitation.status",),
        description="What has become of it.",
    )
    invited_by: str | None = expression(
        MEMBER_EDITORS,
        queries.inviter_name,
        stored=("Invitation.invitedBy",),
        description="Who invited; customers see members of theirs, not the names of staff.",
    )
    created_at: datetime | None = column(MEMBER_EDITORS, description="When it was sent.")
    expires_at: datetime | None = column(
        MEMBER_EDITORS, description="When it can be accepted no more: seven days after."
    )
    accepted_at: datetime | None = column(
        MEMBER_EDITORS, description="When it was accepted; null when it was not."
    )
    revoked_at: datetime | None = column(
        MEMBER_EDITORS, description="When it was withdrawn or replaced; null when it was not."
    )


INVITATIONS = criteria(
    Invitation,
    "invitations",
    any_of("status", "This has become of it by now."),
    any_of("role", "The account offers exactly this."),
    orders=(
        by("created_at", "When it was sent, the earliest first."),
        by("expires_at", "When it can be accepted no more, the earliest first."),
    ),
)


@strawberry.type(description="What accepting an invitation led to.")
class AcceptedInvitation:
    """Ids and words alone: what the new member may see is for the next request to ask."""

    account_id: strawberry.ID = value(description="The account that is open to you now.")
    role: MemberRole = value(description="What you may do in the account from now on.")


AcceptedInvitationResult = Annotated[
    AcceptedInvitation | Refusal,
    strawberry.union(
        "AcceptedInvitationResult", description="The account that was entered, or why not."
    ),
]
