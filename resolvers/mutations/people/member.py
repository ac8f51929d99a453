"""Changes to who is a member of an account."""

from dataclasses import replace
from types import MappingProxyType

import strawberry

from portal.actions.people import invitation as invitations
from portal.actions.people import member as actions
from portal.actions.people.invitation import Inviter
from portal.database.engines import set_viewer
from portal.errors import RuleBroken
from portal.language import global_id
from portal.models import Account
from portal.viewer import NOTHING, Role
from resolvers.changing.run import Change, changing, starting
from resolvers.given import id_in, reason_in
from schema.access import MEMBER_EDITORS
from schema.types.people import invitation as answers
from schema.types.people import member as types


@changing(Account)
async def invite(change: Change, account: Account, given: types.InviteMemberInput) -> None:
    viewer = change.context.viewer
    name = None if viewer.is_staff else viewer.name
    inviter = Inviter(change.person_id, name, change.context.mail_limit)
    offer = {"email": given.email, "role": given.role}
    await invitations.invite(change.session, account, inviter, offer, change.context.now)


@changing(Account)
async def revoke_invitation(
    change: Change, account: Account, given: types.RevokeInvitationInput
) -> None:
    id = id_in("Invitation", given.invitation_id)
    await invitations.revoke(change.session, account, id, change.context.now)


@starting(answers.AcceptedInvitation)
async def accept_invitation(
    change: Change, _row: None, given: types.AcceptInvitationInput
) -> answers.AcceptedInvitation:
    """Let the transaction, and nothing after it, see the account that the viewer enters.

    The guards of what follows in the same operation were asked before anything ran.
    """
    viewer, now = change.context.viewer, change.context.now
    found, account_id = await invitations.find(change.session, given.token, change.person_id, now)
    grants = MappingProxyType({**viewer.grants, account_id: NOTHING})
    await set_viewer(await change.session.connection(), replace(viewer, grants=grants))
    member = await invitations.accept(change.session, account_id, found, change.person_id, now)
    await change.transaction.confirm()
    id = strawberry.ID(global_id.encode("Account", account_id))
    return answers.AcceptedInvitation(account_id=id, role=member.role)


@changing(Account)
async def change_role(change: Change, account: Account, given: types.ChangeMemberRoleInput) -> None:
    member = await actions.find(change.session, account, id_in("Member", given.member_id))
    await actions.change_role(change.session, member, given.role, change.context.now)


@changing(Account)
async def remove(change: Change, account: Account, given: types.RemoveMemberInput) -> None:
    """Remove oneself, or with the right to do so somebody else."""
    member = await actions.find(change.session, account, id_in("Member", given.member_id))
    viewer, access = change.context.viewer, MEMBER_EDITORS
    is_self = viewer.role is Role.CUSTOMER and member.person_id == viewer.id
    if not is_self and not access.allows(viewer, account.id):
        raise access.refusal(viewer, "removeMember", ("input", "memberId"))
    await actions.remove(change.session, account, member, change.context.now)


@changing(Account)
async def transfer_ownership(
    change: Change, account: Account, given: types.TransferOwnershipInput
) -> None:
    if change.context.viewer.is_staff and reason_in(given) is None:
        raise RuleBroken(
            "To take an account from its owner needs a reason.", path=["input", "reason"]
        )
    member = await actions.find(change.session, account, id_in("Member", given.member_id))
    await actions.transfer_ownership(change.session, account, member)
