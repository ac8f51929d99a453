"""What changes accounts, people and staff."""

import strawberry

from portal.rules.people.request import RequestStatus, check_open
from portal.viewer import Role
from resolvers.mutations.people import account, member, person, registration, request, staff
from schema.access import (
    APP_AUTHORIZERS,
    CONSENT_GIVERS,
    CUSTOMERS,
    EITHER_SIDE,
    MANAGERS,
    MEMBER_EDITORS,
    NOBODY,
    OWNER_ALONE,
    OWNERS,
    PARTIES,
    PEOPLE,
    REQUESTERS,
)
from schema.types.account import AccountResult
from schema.types.people.calendar_address import CalendarAddressCreatedResult
from schema.types.people.deletion import DeletedResult
from schema.types.people.invitation import AcceptedInvitationResult
from schema.types.people.person import ProfileResult, SessionsEndedResult
from schema.types.people.registration import CodeSentResult, RegistrationConfirmedResult
from schema.types.people.request import RequestResult
from schema.types.people.staff import PermissionProfileResult, StaffResult
from schema.verb import mutation


def _open(status: RequestStatus, _: Role) -> None:
    check_open(status)


@strawberry.type
class PeopleMutations:
    """The mutations of this area, which the root inherits."""

    update_account: AccountResult = mutation(
        account.update,
        EITHER_SIDE,
        description="Change an account's own fields.",
    )
    create_account: AccountResult = mutation(
        account.create,
        MANAGERS,
        description=(
            "Make an account for a customer. Its owner, known or new, is told by mail; a new one"
            " chooses a password by resetPassword."
        ),
    )
    set_test_account: AccountResult = mutation(
        account.set_test_account,
        MANAGERS,
        edits=("isTest",),
        description="Say whether an account is a test account.",
    )
    give_consent: AccountResult = mutation(
        account.give_consent,
        CONSENT_GIVERS,
        edits=("consents",),
        description="Agree to documents for an account; once is enough for each.",
    )
    mark_documents_read: AccountResult = mutation(
        account.mark_documents_read,
        CONSENT_GIVERS,
        edits=("changedDocuments",),
        description="Say that somebody has read the documents that an account was told of.",
    )
    delete_account: DeletedResult = mutation(
        account.delete,
        APP_AUTHORIZERS,
        edits=("deletedAt",),
        when=lambda preview, _: preview.check(),
        description=(
            "Delete an account in which no module runs, and the logins of members who have no"
            " other; the owner is told by mail."
        ),
    )
    invite_member: AccountResult = mutation(
        member.invite,
        MEMBER_EDITORS,
        edits=("invitations",),
        description=(
            "Invite somebody by e-mail. The invitation holds seven days, and takes the place of"
            " an earlier one to the same address."
        ),
    )
    accept_invitation: AcceptedInvitationResult = mutation(
        member.accept_invitation,
        CUSTOMERS,
        guarded=True,
        description="Become a member, with the token that was mailed to your address.",
    )
    revoke_invitation: AccountResult = mutation(
        member.revoke_invitation,
        MEMBER_EDITORS,
        description="Withdraw an invitation that nobody has accepted.",
    )
    change_member_role: AccountResult = mutation(
        member.change_role,
        MEMBER_EDITORS,
        edits=("members",),
        description="Give a member another role.",
    )
    remove_member: AccountResult = mutation(
        member.remove,
        PARTIES,
        description=(
            "Take a member out of the account, or leave it yourself. The owner stays, until"
            " ownership is transferred."
        ),
    )
    transfer_ownership: AccountResult = mutation(
        member.transfer_ownership,
        OWNERS,
        edits=("owner",),
        description=(
            "Make a member the owner; the owner becomes an admin. A manager does it, with a reason,"
            " where the owner is gone."
        ),
    )
    create_calendar_address: CalendarAddressCreatedResult = mutation(
        account.create_calendar_address,
        OWNER_ALONE,
        edits=("calendarAddress",),
        description=(
            "Make a secret address that shows the account's deadlines as a calendar, in the place"
            " of an earlier one; it is good while you own the account."
        ),
    )
    revoke_calendar_address: AccountResult = mutation(
        account.revoke_calendar_address,
        OWNER_ALONE,
        edits=("calendarAddress",),
        description="Let the address of the account's calendar show nothing any more.",
    )
    register_account: CodeSentResult = mutation(
        registration.register_account,
        NOBODY,
        guarded=True,
        hashes=True,
        description=(
            "Ask for an account. A code goes to the e-mail address; when somebody has the address,"
            " that is told there and nowhere else."
        ),
    )
    confirm_registration: RegistrationConfirmedResult = mutation(
        registration.confirm_registration,
        NOBODY,
        guarded=True,
        description="Make the account that was asked for, by the code from the mail.",
    )
    request_password_reset: CodeSentResult = mutation(
        person.request_password_reset,
        NOBODY,
        guarded=True,
        description="Ask for a code to set a new password; the answer tells nobody's address.",
    )
    reset_password: SessionsEndedResult = mutation(
        person.reset_password,
        NOBODY,
        guarded=True,
        hashes=True,
        description="Set a new password by the code from the mail; ends every session and key.",
    )
    update_profile: ProfileResult = mutation(
        person.update_profile,
        PEOPLE,
        description="Change your own name or language.",
    )
    change_password: SessionsEndedResult = mutation(
        person.change_password,
        PEOPLE,
        guarded=True,
        hashes=True,
        description="Change your password; ends every other session and key of yours.",
    )
    revoke_session: SessionsEndedResult = mutation(
        person.revoke_session,
        PEOPLE,
        description="End a session or key of yours.",
    )
    logout_everywhere: SessionsEndedResult = mutation(
        person.logout_everywhere,
        PEOPLE,
        description="End every session and key of yours, this one too.",
    )
    delete_profile: SessionsEndedResult = mutation(
        person.delete_profile,
        PEOPLE,
        guarded=True,
        hashes=True,
        description=(
            "Delete your login, your name and your address, once you are a member of no account"
            " and do not work for the operator. It cannot be undone; you are told by mail."
        ),
    )
    save_permission_profile: PermissionProfileResult = mutation(
        staff.save_permission_profile,
        MANAGERS,
        description="Make or change a permission profile; it holds from the next request on.",
    )
    assign_permission_profile: StaffResult = mutation(
        staff.assign_permission_profile,
        MANAGERS,
        description="Let an employee hold what a profile holds; a manager becomes an employee.",
    )
    add_staff: StaffResult = mutation(
        staff.add,
        MANAGERS,
        description="Let a person work for the operator, known by e-mail address or new.",
    )
    deactivate_staff: StaffResult = mutation(
        staff.deactivate,
        MANAGERS,
        description="Close the portal to a member of staff at once, never to the last manager.",
    )
    create_request: RequestResult = mutation(
        request.create,
        REQUESTERS,
        requests=True,
        description="Ask for a change of a contract that only managers make.",
    )
    withdraw_request: RequestResult = mutation(
        request.withdraw,
        REQUESTERS,
        edits=("status",),
        when=_open,
        description="Take a request back.",
    )
    accept_request: RequestResult = mutation(
        request.accept,
        MANAGERS,
        edits=("status",),
        when=_open,
        description="Carry a request out, unless what it would replace has changed.",
    )
    decline_request: RequestResult = mutation(
        request.decline,
        MANAGERS,
        edits=("status",),
        when=_open,
        description="Decline a request, and say why.",
    )
