"""An account, its members and its inputs, as callers see them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa
import strawberry

from portal import models
from portal.viewer import Language, MemberRole
from resolvers.points import DELETION
from resolvers.queries.catalogue.price_list import monthly_total
from resolvers.queries.people import account as queries
from resolvers.queries.people import deletion
from schema.access import (
    APP_AUTHORIZERS,
    CONTRACT_EDITORS,
    HISTORY_READERS,
    MANAGERS,
    MEMBER_EDITORS,
    NUMBER_EDITORS,
    PARTIES,
    READERS,
    STAFF_READERS,
)
from schema.connection import connection
from schema.criteria import any_of, by, criteria, search
from schema.fields import column, expression, function, of_model, one, own_id, sent
from schema.pages import Connection
from schema.types.contract.consent import CONSENTS, Consent
from schema.types.contract.contract import Contract
from schema.types.edit import EditInput, ReasonedEditInput
from schema.types.modules.module_subscription import MODULE_SUBSCRIPTIONS, ModuleSubscription
from schema.types.node import Node
from schema.types.partner.app import APP_AUTHORIZATIONS, AppAuthorization
from schema.types.people.deletion import DeletionPreview
from schema.types.people.history import HISTORY, HistoryEntry
from schema.types.people.invitation import INVITATIONS, Invitation
from schema.types.people.message import MESSAGES, Message
from schema.types.people.request import REQUESTS, Request
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal

_CUSTOMER_NUMBER = "Freely chosen, for example the number in the bookkeeping program."


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


@of_model(models.Account, description="A customer's account.")
class Account(Node):
    """Made free and without obligation; holds one contract once a module is ordered."""

    id: strawberry.ID = own_id()
    version: int | None = column(READERS, description="Counts the changes; see expectedVersion.")
    name: str | None = column(READERS, description="The name of the customer.")
    customer_number: str | None = column(READERS, description=_CUSTOMER_NUMBER)
    is_test: bool | None = column(
        PARTIES, description="Whether it is a test account. Only managers change it."
    )
    language: Language | None = column(READERS, description="The language of its documents.")
    time_zone: str | None = column(
        READERS, description="Where its calendar days begin: Europe/Amsterdam."
    )
    currency: str | None = column(READERS, description="The currency of its documents.")
    created_at: datetime | None = column(READERS, description="When it was made.")
    owner: Member | None = one(
        PARTIES,
        models.Member,
        lambda account, member, _: sa.and_(
            member.account_id == account.id, member.id == account.owner_id
        ),
        stored=("Account.ownerId",),
        description="The one member who owns the account.",
    )
    members: Connection[Member] | None = connection(
        PARTIES,
        MEMBERS,
        lambda account, member, _: member.account_id == account.id,
        "JOINED_AT",
        description="Everybody with a role in the account, in the order of joining.",
    )
    invitations: Connection[Invitation] | None = connection(
        MEMBER_EDITORS,
        INVITATIONS,
        lambda account, invitation, _: invitation.account_id == account.id,
        "CREATED_AT",
        descending=True,
        description="Who was asked to become a member, the latest first.",
    )
    consents: Connection[Consent] | None = connection(
        PARTIES,
        CONSENTS,
        lambda account, consent, _: consent.account_id == account.id,
        "GIVEN_AT",
        descending=True,
        description="What was agreed to, the latest first.",
    )
    contract: Contract | None = one(
        READERS,
        models.Contract,
        lambda account, contract, _: contract.account_id == account.id,
        description="What was agreed; null until the first module is ordered.",
    )
    modules: Connection[ModuleSubscription] | None = connection(
        READERS,
        MODULE_SUBSCRIPTIONS,
        lambda account, subscription, _: subscription.account_id == account.id,
        "STARTS_ON",
        description="The modules that were ordered, the oldest first.",
    )
    monthly_total: Decimal | None = expression(
        READERS,
        monthly_total,
        description=(
            "What the modules that run today cost each month, without VAT: what is billed by the"
            " month, the quarter or the year, and no additional options. Each line is rounded to"
            " cents."
        ),
    )
    app_authorizations: Connection[AppAuthorization] | None = connection(
        PARTIES,
        APP_AUTHORIZATIONS,
        lambda account, authorization, _: authorization.account_id == account.id,
        "GRANTED_AT",
        descending=True,
        description="What apps may do here, or might; the latest first.",
    )
    history: Connection[HistoryEntry] | None = connection(
        HISTORY_READERS,
        HISTORY,
        lambda account, entry, _: entry.account_id == account.id,
        "NUMBER",
        descending=True,
        description="What has changed, the latest first.",
    )
    requests: Connection[Request] | None = connection(
        PARTIES,
        REQUESTS,
        lambda account, request, _: request.account_id == account.id,
        "REQUESTED_AT",
        descending=True,
        description="What its members asked managers to change, the latest first.",
    )
    messages: Connection[Message] | None = connection(
        HISTORY_READERS,
        MESSAGES,
        lambda account, message, _: message.account_id == account.id,
        "CREATED_AT",
        descending=True,
        description="The mails that went out for the account, the latest first.",
    )
    deleted_at: datetime | None = column(
        STAFF_READERS, description="When it was deleted; null for every account in use."
    )
    deletion_preview: DeletionPreview | None = function(
        APP_AUTHORIZERS,
        deletion.preview,
        ("id",),
        weight=DELETION,
        description="What deleting the account would do: what goes, what stays and why.",
    )
    viewer_can: list[FieldPermission] | None = viewer_can("Account")


@strawberry.input(description="Fields left out stay as they are; null empties a field.")
class UpdateAccountInput(EditInput):
    """An account's own fields; null where it cannot stand is refused like any other fault."""

    name: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS, description="The name of the customer."
    )
    customer_number: strawberry.Maybe[str | None] = sent(
        NUMBER_EDITORS, description=_CUSTOMER_NUMBER
    )
    language: strawberry.Maybe[Language | None] = sent(
        CONTRACT_EDITORS, description="The language of its documents."
    )
    time_zone: strawberry.Maybe[str | None] = sent(
        MANAGERS, description="Where its calendar days begin; deadlines move with it."
    )


@strawberry.input(description="Whether an account is a test account.")
class SetTestAccountInput(ReasonedEditInput):
    """The test flag."""

    is_test: bool = sent(description="Whether it is a test account.")


@strawberry.input(description="Documents that the viewer agrees to for the account.")
class GiveConsentInput(EditInput):
    """Consents to give."""

    document_ids: list[strawberry.ID] = sent(
        description="The documents, as documentsToConsent showed them; 20 at most."
    )


AccountResult = Annotated[
    Account | Refusal,
    strawberry.union("AccountResult", description="The changed account, or why not."),
]
