"""Every query and mutation, one line each; the schema, guarded."""

import strawberry
from strawberry.schema.config import StrawberryConfig

import resolvers.mutations.account
import resolvers.mutations.app
import resolvers.mutations.contract
import resolvers.mutations.staff
from permissions.fields import EVERYONE
from portal import models
from resolvers.context import Info
from resolvers.sources import Entry
from schema import entries
from schema.access import (
    APP_AUTHORIZERS,
    CONSENT_GIVERS,
    EITHER_SIDE,
    LOGGED_IN,
    MANAGERS,
    STAFF_READERS,
)
from schema.fields import answered_by, entry_connection, of_viewer
from schema.mutations import mutation
from schema.pages import Connection
from schema.registry import complete
from schema.scalars import SCALARS
from schema.types.account import Account, AccountResult
from schema.types.app import BY_NAME as APPS_BY_NAME
from schema.types.app import App, AppAuthorizationResult
from schema.types.consent import ConsentDocument
from schema.types.contract import ContractResult
from schema.types.module import BY_NAME, Module, Tariff
from schema.types.node import Node
from schema.types.staff import BY_NAME as PROFILES_BY_NAME
from schema.types.staff import (
    BY_PERSON,
    LATEST,
    PermissionProfile,
    PermissionProfileResult,
    Staff,
    StaffHistoryEntry,
    StaffResult,
)
from schema.types.viewer import Viewer


@strawberry.type(description="Everything that can be asked.")
class Query:
    """The fields that a query starts from."""

    viewer: Viewer = of_viewer(EVERYONE, None, description="Who is asking.")
    node: Node | None = answered_by(
        EVERYONE, entries.node, description="The row with this id; null when you see none."
    )
    nodes: list[Node | None] = answered_by(
        EVERYONE, entries.nodes, description="The rows with these ids, null where you see none."
    )
    account: Account | None = answered_by(
        LOGGED_IN, entries.account, description="An account; null when you see none."
    )
    accounts: Connection[Account] | None = answered_by(
        STAFF_READERS, entries.accounts, description="All accounts, for staff."
    )
    modules: Connection[Module] = entry_connection(
        EVERYONE,
        Entry(models.Module, BY_NAME),
        description="The catalogue: what can be ordered, by name.",
    )
    tariff: Tariff | None = answered_by(
        EVERYONE, entries.tariff, description="A tariff; null when you see none."
    )
    documents_to_consent: list[ConsentDocument] = answered_by(
        EVERYONE,
        entries.documents_to_consent,
        description="What a new customer agrees to: the latest version of each document.",
    )
    apps: Connection[App] | None = entry_connection(
        LOGGED_IN,
        Entry(models.App, APPS_BY_NAME),
        description="The apps that an account can authorise, by name.",
    )
    staff: Connection[Staff] | None = entry_connection(
        MANAGERS,
        Entry(models.Staff, BY_PERSON),
        description="Who works for the operator, or did, by name.",
    )
    permission_profiles: Connection[PermissionProfile] | None = entry_connection(
        MANAGERS,
        Entry(models.PermissionProfile, PROFILES_BY_NAME),
        description="What employees can hold, by name.",
    )
    staff_history: Connection[StaffHistoryEntry] | None = entry_connection(
        MANAGERS,
        Entry(models.StaffHistoryEntry, LATEST),
        description="What has changed in staff and permission profiles, the latest first.",
    )


@strawberry.type(description="Everything that can be changed.")
class Mutation:
    """One verb of the business each."""

    update_account: AccountResult = mutation(
        resolvers.mutations.account.update,
        EITHER_SIDE,
        description="Change an account's own fields.",
    )
    set_test_account: AccountResult = mutation(
        resolvers.mutations.account.set_test_account,
        MANAGERS,
        edits=("isTest",),
        description="Say whether an account is a test account.",
    )
    give_consent: AccountResult = mutation(
        resolvers.mutations.account.give_consent,
        CONSENT_GIVERS,
        edits=("consents",),
        description="Agree to documents for an account; once is enough for each.",
    )
    update_contract: ContractResult = mutation(
        resolvers.mutations.contract.update,
        EITHER_SIDE,
        description="Change what the parties may change themselves.",
    )
    change_contract_partner: ContractResult = mutation(
        resolvers.mutations.contract.change_contract_partner,
        MANAGERS,
        edits=("contractPartner",),
        description="Put another party in the contract; issued documents keep theirs.",
    )
    change_payment_terms: ContractResult = mutation(
        resolvers.mutations.contract.change_payment_terms,
        MANAGERS,
        edits=("paymentTerms",),
        description="Let payment terms deviate from the general ones, or no more.",
    )
    set_contract_start: ContractResult = mutation(
        resolvers.mutations.contract.set_contract_start,
        MANAGERS,
        edits=("duration",),
        description="Set the first day of a contract, or derive it again.",
    )
    change_vat_treatment: ContractResult = mutation(
        resolvers.mutations.contract.change_vat_treatment,
        MANAGERS,
        edits=("vatTreatment", "vatNumber"),
        description="Change how VAT applies, and the VAT number.",
    )
    authorize_app: AppAuthorizationResult = mutation(
        resolvers.mutations.app.authorize,
        APP_AUTHORIZERS,
        edits=("appAuthorizations",),
        description="Let an app act in an account until a date; its owner is told by mail.",
    )
    narrow_app_authorization: AppAuthorizationResult = mutation(
        resolvers.mutations.app.narrow,
        APP_AUTHORIZERS,
        description="Take scopes away from an app, or let its authorisation end earlier.",
    )
    revoke_app_authorization: AppAuthorizationResult = mutation(
        resolvers.mutations.app.revoke,
        APP_AUTHORIZERS,
        description="End an app's authorisation at once; the owner is told by mail.",
    )
    save_permission_profile: PermissionProfileResult = mutation(
        resolvers.mutations.staff.save_permission_profile,
        MANAGERS,
        description="Make or change a permission profile; it holds from the next request on.",
    )
    assign_permission_profile: StaffResult = mutation(
        resolvers.mutations.staff.assign_permission_profile,
        MANAGERS,
        description="Let an employee hold what a profile holds; a manager becomes an employee.",
    )
    add_staff: StaffResult = mutation(
        resolvers.mutations.staff.add,
        MANAGERS,
        description="Let a person work for the operator, known by e-mail address or new.",
    )
    deactivate_staff: StaffResult = mutation(
        resolvers.mutations.staff.deactivate,
        MANAGERS,
        description="Close the portal to a member of staff at once, never to the last manager.",
    )


schema = strawberry.Schema(
    Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS, info_class=Info)
)
complete(schema)
