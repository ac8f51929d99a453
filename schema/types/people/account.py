"""An account itself: its own fields, who is in it, and what has happened."""

from datetime import date, datetime

import sqlalchemy as sa
import strawberry

from portal import models
from portal.viewer import Language
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from resolvers.points import DELETION
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
    STAFF,
    STAFF_READERS,
)
from schema.connection import connection
from schema.fields import column, expression, function, one, sent
from schema.length import characters
from schema.relay import Connection
from schema.types.edit import KEY, EditInput, ReasonedEditInput
from schema.types.people.calendar_address import CalendarAddress
from schema.types.people.deletion import DeletionPreview
from schema.types.people.history import HISTORY, HistoryEntry
from schema.types.people.invitation import INVITATIONS, Invitation
from schema.types.people.member import MEMBERS, Member
from schema.types.people.message import MESSAGES, Message
from schema.types.people.request import REQUESTS, Request

_REMINDS = (
    "Whether its owner is reminded by mail, 30 days before, of a deadline whose missing binds for a"
    " further term; null: as is usual, consumers are and businesses are not."
)
_CUSTOMER_NUMBER = "Freely chosen, for example the number in the bookkeeping program."


@strawberry.type
class PeopleOfAccount:
    """The part of an account that `Account` inherits from this area."""

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
    today: date | None = expression(
        READERS,
        lambda account, viewing: viewing.today_of(account),
        description="The day it is there: what statuses, deadlines and costs are told of.",
    )
    reminds_of_deadlines: bool | None = column(PARTIES, description=_REMINDS)
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
    calendar_address: CalendarAddress | None = one(
        PARTIES,
        models.CalendarAddress,
        lambda account, address, _: sa.and_(
            address.account_id == account.id, address.revoked_at.is_(None)
        ),
        description="The secret address of its calendar of deadlines; null while it has none.",
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


@strawberry.input(description="Fields left out stay as they are; null empties a field.")
class UpdateAccountInput(EditInput):
    """An account's own fields; null where it cannot stand is refused like any other fault."""

    name: strawberry.Maybe[str | None] = sent(
        CONTRACT_EDITORS,
        description="The name of the customer.",
        length=characters(models.Account.name),
    )
    customer_number: strawberry.Maybe[str | None] = sent(
        NUMBER_EDITORS,
        description=_CUSTOMER_NUMBER,
        length=characters(models.Account.customer_number),
    )
    language: strawberry.Maybe[Language | None] = sent(
        CONTRACT_EDITORS, description="The language of its documents."
    )
    reminds_of_deadlines: strawberry.Maybe[bool | None] = sent(
        CONTRACT_EDITORS, description=_REMINDS
    )
    time_zone: strawberry.Maybe[str | None] = sent(
        MANAGERS, description="Where its calendar days begin; deadlines move with it."
    )


@strawberry.input(description="Whether an account is a test account.")
class SetTestAccountInput(ReasonedEditInput):
    """The test flag."""

    is_test: bool = sent(description="Whether it is a test account.")


@strawberry.input(description="Who owns a new account.")
class NewOwnerInput:
    """A person by e-mail address, known or new."""

    email: str = sent(description="The e-mail address.")
    name: str | None = sent(
        description="The name of a new person, who then chooses a password by resetting it.",
        default=strawberry.UNSET,
        length=characters(models.Person.name),
    )
    language: Language | None = sent(
        description="The language of a new person; NL when left out.", default=strawberry.UNSET
    )


@strawberry.input(description="An account for a customer.")
class CreateAccountInput:
    """Made by the operator; its owner is told by mail, and agrees to documents there."""

    name: str = sent(
        description="The name of the customer.", length=characters(models.Account.name)
    )
    owner: NewOwnerInput = sent(description="Who owns it.")
    customer_number: str | None = sent(
        description=_CUSTOMER_NUMBER,
        default=strawberry.UNSET,
        length=characters(models.Account.customer_number),
    )
    language: Language | None = sent(
        description="The language of its documents; that of its owner when left out.",
        default=strawberry.UNSET,
    )
    time_zone: str | None = sent(
        description="Where its calendar days begin; Europe/Amsterdam when left out.",
        default=strawberry.UNSET,
    )
    is_test: bool = sent(description="Whether it is a test account.", default=False)
    reason: str | None = sent(
        description="Why; both sides read it in the history of the account.",
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    internal_note: str | None = sent(
        STAFF,
        description="What staff alone read of it in the history of the account.",
        default=strawberry.UNSET,
        length=characters(LONGEST_REASON),
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )
