"""Everything that can be changed, one verb of the business each."""

import strawberry

import resolvers.mutations.clock
import resolvers.mutations.contract.contract
import resolvers.mutations.contract.order
import resolvers.mutations.modules.notice
import resolvers.mutations.partner.app
import resolvers.mutations.people.account
import resolvers.mutations.people.member
import resolvers.mutations.people.person
import resolvers.mutations.people.registration
import resolvers.mutations.people.request
import resolvers.mutations.people.staff
from portal.rules.people.request import RequestKind
from schema.access import (
    APP_AUTHORIZERS,
    CONSENT_GIVERS,
    CUSTOMERS,
    EITHER_SIDE,
    MANAGERS,
    MEMBER_EDITORS,
    NOBODY,
    ORDERERS,
    OWNERS,
    PARTIES,
    PEOPLE,
    REQUESTERS,
)
from schema.types.account import AccountResult
from schema.types.clock import PortalTimeResult
from schema.types.contract.contract import ContractResult
from schema.types.modules.module_subscription import ModuleSubscriptionResult
from schema.types.partner.app import AppAuthorizationResult
from schema.types.people.deletion import DeletedResult
from schema.types.people.invitation import AcceptedInvitationResult
from schema.types.people.person import ProfileResult, SessionsEndedResult
from schema.types.people.registration import CodeSentResult, RegistrationConfirmedResult
from schema.types.people.request import RequestResult
from schema.types.people.staff import PermissionProfileResult, StaffResult
from schema.types.preview import PreviewResult
from schema.verb import mutation


@strawberry.type(description="Everything that can be changed.")
class Mutation:
    """One verb of the business each."""

    update_account: AccountResult = mutation(
        resolvers.mutations.people.account.update,
        EITHER_SIDE,
        description="Change an account's own fields.",
    )
    set_test_account: AccountResult = mutation(
        resolvers.mutations.people.account.set_test_account,
        MANAGERS,
        edits=("isTest",),
        description="Say whether an account is a test account.",
    )
    give_consent: AccountResult = mutation(
        resolvers.mutations.people.account.give_consent,
        CONSENT_GIVERS,
        edits=("consents",),
        description="Agree to documents for an account; once is enough for each.",
    )
    delete_account: DeletedResult = mutation(
        resolvers.mutations.people.account.delete,
        APP_AUTHORIZERS,
        edits=("deletedAt",),
        description=(
            "Delete an account in which no module runs, and the logins of members who have no"
            " other; the owner is told by mail."
        ),
    )
    invite_member: AccountResult = mutation(
        resolvers.mutations.people.member.invite,
        MEMBER_EDITORS,
        edits=("invitations",),
        description=(
            "Invite somebody by e-mail. The invitation holds seven days, and takes the place of"
            " an earlier one to the same address."
        ),
    )
    accept_invitation: AcceptedInvitationResult = mutation(
        resolvers.mutations.people.member.accept_invitation,
        CUSTOMERS,
        guarded=True,
        description="Become a member, with the token that was mailed to your address.",
    )
    revoke_invitation: AccountResult = mutation(
        resolvers.mutations.people.member.revoke_invitation,
        MEMBER_EDITORS,
        description="Withdraw an invitation that nobody has accepted.",
    )
    change_member_role: AccountResult = mutation(
        resolvers.mutations.people.member.change_role,
        MEMBER_EDITORS,
        edits=("members",),
        description="Give a member another role.",
    )
    remove_member: AccountResult = mutation(
        resolvers.mutations.people.member.remove,
        PARTIES,
        description=(
            "Take a member out of the account, or leave it yourself. The owner stays, until"
            " ownership is transferred."
        ),
    )
    transfer_ownership: AccountResult = mutation(
        resolvers.mutations.people.member.transfer_ownership,
        OWNERS,
        edits=("owner",),
        description=(
            "Make a member the owner; the owner becomes an admin. A manager does it, with a reason,"
            " where the owner is gone."
        ),
    )
    update_contract: ContractResult = mutation(
        resolvers.mutations.contract.contract.update,
        EITHER_SIDE,
        description="Change what the parties may change themselves.",
    )
    change_contract_partner: ContractResult = mutation(
        resolvers.mutations.contract.contract.change_contract_partner,
        MANAGERS,
        edits=("contractPartner",),
        requestable=RequestKind.CONTRACT_PARTNER,
        description="Put another party in the contract; issued documents keep theirs.",
    )
    change_payment_terms: ContractResult = mutation(
        resolvers.mutations.contract.contract.change_payment_terms,
        MANAGERS,
        edits=("paymentTerms",),
        requestable=RequestKind.PAYMENT_TERMS,
        description="Let payment terms deviate from the general ones, or no more.",
    )
    set_contract_start: ContractResult = mutation(
        resolvers.mutations.contract.contract.set_contract_start,
        MANAGERS,
        edits=("duration",),
        description="Set the first day of a contract, or derive it again.",
    )
    change_vat_treatment: ContractResult = mutation(
        resolvers.mutations.contract.contract.change_vat_treatment,
        MANAGERS,
        edits=("vatTreatment", "vatNumber"),
        requestable=RequestKind.VAT_TREATMENT,
        description="Change how VAT applies, and the VAT number.",
    )
    order_module: ModuleSubscriptionResult = mutation(
        resolvers.mutations.contract.order.order,
        ORDERERS,
        edits=("modules",),
        description=(
            "Order a module for an account, at a public tariff or with an offer number. The first"
            " order makes the contract. It is confirmed by mail."
        ),
    )
    preview_order: PreviewResult = mutation(
        resolvers.mutations.contract.order.preview_order,
        ORDERERS,
        description="Try an order without making it, and say what would come of it.",
    )
    withdraw_order: AccountResult = mutation(
        resolvers.mutations.contract.order.withdraw,
        ORDERERS,
        description="Undo an order before its first day; the contract stays.",
    )
    update_module_data: ModuleSubscriptionResult = mutation(
        resolvers.mutations.contract.order.update_data,
        ORDERERS,
        edits=("data",),
        description="Replace the data of a module.",
    )
    give_notice: ModuleSubscriptionResult = mutation(
        resolvers.mutations.modules.notice.give,
        ORDERERS,
        edits=("endsOn",),
        description=(
            "Cancel a module, for the earliest day or a later one that the tariff allows. It is"
            " confirmed by mail."
        ),
    )
    preview_notice: PreviewResult = mutation(
        resolvers.mutations.modules.notice.preview,
        ORDERERS,
        description="Try a cancellation without giving it, and say what would come of it.",
    )
    withdraw_notice: ModuleSubscriptionResult = mutation(
        resolvers.mutations.modules.notice.withdraw,
        ORDERERS,
        description="Take a cancellation back while the module still runs.",
    )
    change_tariff: ModuleSubscriptionResult = mutation(
        resolvers.mutations.modules.notice.change_tariff,
        ORDERERS,
        edits=("currentTariff",),
        description=(
            "Let another tariff of the module follow, on the earliest day or a later one that the"
            " present tariff allows. It is confirmed by mail."
        ),
    )
    preview_tariff_change: PreviewResult = mutation(
        resolvers.mutations.modules.notice.preview_change,
        ORDERERS,
        description="Try a change of tariff without making it, and say what would come of it.",
    )
    withdraw_tariff_change: ModuleSubscriptionResult = mutation(
        resolvers.mutations.modules.notice.withdraw_change,
        ORDERERS,
        description="Take a change of tariff back before its first day.",
    )
    register_account: CodeSentResult = mutation(
        resolvers.mutations.people.registration.register_account,
        NOBODY,
        guarded=True,
        hashes=True,
        description=(
            "Ask for an account. A code goes to the e-mail address; when somebody has the address,"
            " that is told there and nowhere else."
        ),
    )
    confirm_registration: RegistrationConfirmedResult = mutation(
        resolvers.mutations.people.registration.confirm_registration,
        NOBODY,
        guarded=True,
        description="Make the account that was asked for, by the code from the mail.",
    )
    request_password_reset: CodeSentResult = mutation(
        resolvers.mutations.people.person.request_password_reset,
        NOBODY,
        guarded=True,
        description="Ask for a code to set a new password; the answer tells nobody's address.",
    )
    reset_password: SessionsEndedResult = mutation(
        resolvers.mutations.people.person.reset_password,
        NOBODY,
        guarded=True,
        hashes=True,
        description="Set a new password by the code from the mail; ends every session and key.",
    )
    update_profile: ProfileResult = mutation(
        resolvers.mutations.people.person.update_profile,
        PEOPLE,
        description="Change your own name or language.",
    )
    change_password: SessionsEndedResult = mutation(
        resolvers.mutations.people.person.change_password,
        PEOPLE,
        guarded=True,
        hashes=True,
        description="Change your password; ends every other session and key of yours.",
    )
    revoke_session: SessionsEndedResult = mutation(
        resolvers.mutations.people.person.revoke_session,
        PEOPLE,
        description="End a session or key of yours.",
    )
    logout_everywhere: SessionsEndedResult = mutation(
        resolvers.mutations.people.person.logout_everywhere,
        PEOPLE,
        description="End every session and key of yours, this one too.",
    )
    delete_profile: SessionsEndedResult = mutation(
        resolvers.mutations.people.person.delete_profile,
        PEOPLE,
        guarded=True,
        hashes=True,
        description=(
            "Delete your login, your name and your address, once you are a member of no account"
            " and do not work for the operator. It cannot be undone; you are told by mail."
        ),
    )
    authorize_app: AppAuthorizationResult = mutation(
        resolvers.mutations.partner.app.authorize,
        APP_AUTHORIZERS,
        edits=("appAuthorizations",),
        description="Let an app act in an account until a date; its owner is told by mail.",
    )
    narrow_app_authorization: AppAuthorizationResult = mutation(
        resolvers.mutations.partner.app.narrow,
        APP_AUTHORIZERS,
        description="Take scopes away from an app, or let its authorisation end earlier.",
    )
    revoke_app_authorization: AppAuthorizationResult = mutation(
        resolvers.mutations.partner.app.revoke,
        APP_AUTHORIZERS,
        description="End an app's authorisation at once; the owner is told by mail.",
    )
    save_permission_profile: PermissionProfileResult = mutation(
        resolvers.mutations.people.staff.save_permission_profile,
        MANAGERS,
        description="Make or change a permission profile; it holds from the next request on.",
    )
    assign_permission_profile: StaffResult = mutation(
        resolvers.mutations.people.staff.assign_permission_profile,
        MANAGERS,
        description="Let an employee hold what a profile holds; a manager becomes an employee.",
    )
    add_staff: StaffResult = mutation(
        resolvers.mutations.people.staff.add,
        MANAGERS,
        description="Let a person work for the operator, known by e-mail address or new.",
    )
    deactivate_staff: StaffResult = mutation(
        resolvers.mutations.people.staff.deactivate,
        MANAGERS,
        description="Close the portal to a member of staff at once, never to the last manager.",
    )
    set_clock: PortalTimeResult = mutation(
        resolvers.mutations.clock.set_clock,
        MANAGERS,
        description=(
            "Move the portal's clock to a day, in development alone; it holds from the next"
            " request on, for everybody."
        ),
    )
    create_request: RequestResult = mutation(
        resolvers.mutations.people.request.create,
        REQUESTERS,
        requests=True,
        description="Ask for a change of a contract that only managers make.",
    )
    withdraw_request: RequestResult = mutation(
        resolvers.mutations.people.request.withdraw,
        REQUESTERS,
        description="Take a request back.",
    )
    accept_request: RequestResult = mutation(
        resolvers.mutations.people.request.accept,
        MANAGERS,
        description="Carry a request out, unless what it would replace has changed.",
    )
    decline_request: RequestResult = mutation(
        resolvers.mutations.people.request.decline,
        MANAGERS,
        description="Decline a request, and say why.",
    )
