"""Deleting an account, as callers see it."""

from datetime import date
from typing import Annotated

import strawberry

from permissions.enums import described
from portal.models.erasure import DeletedData
from portal.rules.people.deletion import KeptData
from schema.access import APP_AUTHORIZERS
from schema.fields import value
from schema.types.edit import EditInput
from schema.types.refusal import Refusal
from schema.types.text import Text, text_value

described(
    DeletedData,
    "What goes when an account is deleted.",
    NAMES="The account's name and customer number.",
    MEMBERS="Who could enter it, in which role.",
    LOGINS="The names, addresses, passwords and sessions of members who have no other account.",
    INVITATIONS="Who was invited.",
    CONSENTS="What was agreed to.",
    REQUESTS="What was asked for.",
    APP_AUTHORIZATIONS="What apps might do; they lose their access at once.",
    CALENDAR_ADDRESS="The address of its calendar, which shows nothing any more.",
    CONTRACT="The contract with its addresses and numbers.",
    MODULES="The modules that have ended, with their data.",
    BILLING="Up to which day each item is billed, and what was in the way; documents stay.",
    MESSAGES="Which mails were sent; those on their way are not sent any more.",
    HISTORY_VALUES="The values, reasons and names of customers in the history.",
)
described(
    KeptData,
    "What stays of a deleted account.",
    DOCUMENTS=(
        "Its invoices and credit notes, with the names and addresses on them: seven years after the"
        " year of their issue, as the law asks, and for the operator alone."
    ),
    HISTORY_ENTRIES=(
        "That something changed, and when, without end and for the operator alone: it accounts"
        " for what the operator did, and names no customer."
    ),
)


@strawberry.type(description="A module that keeps an account from being deleted.")
class RunningModule:
    """A module that runs, or will."""

    name: Text | None = text_value(
        APP_AUTHORIZERS, "name", description="What it is called in the catalogue."
    )
    last_day: date | None = value(
        APP_AUTHORIZERS, description="Its last day; null where none is known."
    )


@strawberry.type(description="What deleting the account would do now.")
class DeletionPreview:
    """The same code computes it that decides about the deletion."""

    running_modules: list[RunningModule] | None = value(
        APP_AUTHORIZERS, description="What is in the way; empty when it can be deleted."
    )
    goes: list[DeletedData] | None = value(APP_AUTHORIZERS, description="What is erased.")
    stays: list[KeptData] | None = value(APP_AUTHORIZERS, description="What is kept, and why.")


@strawberry.type(description="The account is deleted.")
class Deleted:
    """Nothing of it is kept but its documents, and the entries of its history."""

    account_id: strawberry.ID = value(
        description="The global id of the account that was; it is found no more."
    )


@strawberry.input(description="Which account to delete, for good.")
class DeleteAccountInput(EditInput):
    """An account in which no module runs."""


DeletedResult = Annotated[
    Deleted | Refusal,
    strawberry.union("DeletedResult", description="That the account is deleted, or why not."),
]
