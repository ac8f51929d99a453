"""Members of an account, and what callers send to change them."""

from datetime import datetime

import strawberry

from portal import models
from portal.viewer import MemberRole
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.queries.people import account as queries
from schema.access import (
    PARTIES,
)
from schema.criteria import by, criteria, search
from schema.criterion import any_of
from schema.fields import column, expression, of_model, own_id, sent
from schema.length import characters
from schema.types.edit import EditInput, ReasonedEditInput
from schema.types.node import Node

_MEMBER = "The member, as `Account.members` shows it."


@of_model(models.Member, description="A person with a role in an account.")
class Member(Node):
    """A member."""

    id: strawberry.ID = own_id()
    role: MemberRole | None = column(PARTIES, description="What the member may do.")
    name: str | None = expression(
        PARTIES,
        queries.person_name,
        stored=("Member.personId",),
        description="The member's name.",
    )
    email: str | None = expression(
        PARTIES, queries.person_email, description="The member's e-mail address."
    )
    joined_at: datetime | None = column(PARTIES, description="Since when.")
    is_viewer: bool | None = expression(
        PARTIES, queries.is_viewer, description="Whether it is you."
    )


MEMBERS = criteria(
    Member,
    "members",
    any_of("role", "What the member may do is exactly this."),
    search=search(
        "Text in the name or the e-mail address of a member.",
        queries.is_member_found,
        access=PARTIES,
        reads=("Member.name", "Member.email"),
    ),
    orders=(
        by("joined_at", "When the member joined, the earliest first."),
        by("name", "The name of the member, from A to Z.", queries.person_sort_name),
    ),
)


@strawberry.input(description="Whom to invite into which account.")
class InviteMemberInput(EditInput):
    """An invitation to send."""

    email: str = sent(description="The address that gets the invitation, and alone may accept it.")
    role: MemberRole = sent(description="What the new member may do; not OWNER.")


@strawberry.input(description="Which invitation to withdraw; `id` is its account.")
class RevokeInvitationInput(EditInput):
    """An open invitation."""

    invitation_id: strawberry.ID = sent(
        description="The invitation, as `Account.invitations` shows it."
    )


@strawberry.input(description="The invitation that makes you a member.")
class AcceptInvitationInput:
    """The token of an invitation."""

    token: str = sent(description="The token from the mail.")
    idempotency_key: str | None = sent(
        description=(
            "A key of your choice; the same request with it is carried out once in 48 hours."
        ),
        default=strawberry.UNSET,
        length=characters(LONGEST_KEY),
    )


@strawberry.input(description="Which member of the account gets which role.")
class ChangeMemberRoleInput(EditInput):
    """A member's role."""

    member_id: strawberry.ID = sent(description=_MEMBER)
    role: MemberRole = sent(description="What the member may do from now on; not OWNER.")


@strawberry.input(description="Which member leaves the account.")
class RemoveMemberInput(ReasonedEditInput):
    """A member to remove."""

    member_id: strawberry.ID = sent(description=f"{_MEMBER} You may always remove yourself.")


@strawberry.input(description="Which member owns the account from now on.")
class TransferOwnershipInput(ReasonedEditInput):
    """The successor."""

    member_id: strawberry.ID = sent(description=_MEMBER)
