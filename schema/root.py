"""Every query and mutation, one line each; the schema, guarded."""

import strawberry
from strawberry.schema.config import StrawberryConfig

import resolvers.mutations.account
import resolvers.mutations.contract
import resolvers.mutations.request
from permissions.fields import EVERYONE
from portal import models
from portal.rules.request import RequestKind
from resolvers.context import Info
from resolvers.sources import Entry
from schema import entries
from schema.access import (
    CONSENT_GIVERS,
    EITHER_SIDE,
    LOGGED_IN,
    MANAGERS,
    REQUESTERS,
    STAFF_READERS,
)
from schema.fields import answered_by, entry_connection, of_viewer
from schema.mutations import mutation
from schema.pages import Connection
from schema.registry import complete
from schema.scalars import SCALARS
from schema.types.account import Account, AccountResult
from schema.types.consent import ConsentDocument
from schema.types.contract import ContractResult
from schema.types.module import BY_NAME, Module, Tariff
from schema.types.node import Node
from schema.types.request import Request, RequestResult
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
    requests: Connection[Request] | None = answered_by(
        STAFF_READERS,
        entries.requests,
        description="What customers ask for, for staff; the oldest first.",
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
        requestable=RequestKind.CONTRACT_PARTNER,
        description="Put another party in the contract; issued documents keep theirs.",
    )
    change_payment_terms: ContractResult = mutation(
        resolvers.mutations.contract.change_payment_terms,
        MANAGERS,
        edits=("paymentTerms",),
        requestable=RequestKind.PAYMENT_TERMS,
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
        requestable=RequestKind.VAT_TREATMENT,
        description="Change how VAT applies, and the VAT number.",
    )
    create_request: RequestResult = mutation(
        resolvers.mutations.request.create,
        REQUESTERS,
        requests=True,
        description="Ask for a change of a contract that only managers make.",
    )
    withdraw_request: RequestResult = mutation(
        resolvers.mutations.request.withdraw,
        REQUESTERS,
        description="Take a request back.",
    )
    accept_request: RequestResult = mutation(
        resolvers.mutations.request.accept,
        MANAGERS,
        description="Carry a request out, unless what it would replace has changed.",
    )
    decline_request: RequestResult = mutation(
        resolvers.mutations.request.decline,
        MANAGERS,
        description="Decline a request, and say why.",
    )


schema = strawberry.Schema(
    Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS, info_class=Info)
)
complete(schema)
