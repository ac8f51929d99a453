"""What callers send to change who is a member of an account."""

import strawberry

from portal.viewer import MemberRole
from schema.fields import sent
from schema.types.edit import EditInput, ReasonedEditInput

_MEMBER = "The member, as `Account.members` shows it."


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
            "A key of your choice, at most 100 characters; the same request with it is carried"
            " out once in 48 hours."
        ),
        default=strawberry.UNSET,
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
