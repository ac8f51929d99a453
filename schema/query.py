"""Everything that can be asked, one declaration each."""

import strawberry

from permissions.fields import EVERYONE
from resolvers.sources import Asked, ById
from schema import entries
from schema.access import (
    LOGGED_IN,
    MANAGERS,
    STAFF_READERS,
)
from schema.connection import entry_connection
from schema.fields import answered_by, of_viewer
from schema.pages import Connection
from schema.types.account import Account
from schema.types.accounts import ACCOUNTS
from schema.types.catalogue.module import MODULES, Module, Tariff
from schema.types.contract.consent import ConsentDocument
from schema.types.node import Node
from schema.types.partner.app import APPS, App
from schema.types.people.request import REQUESTS, Request
from schema.types.people.staff import (
    PERMISSION_PROFILES,
    STAFF,
    STAFF_HISTORY,
    PermissionProfile,
    Staff,
    StaffHistoryEntry,
)
from schema.types.viewer import Viewer


@strawberry.type(description="Everything that can be asked.")
class Query:
    """The fields that a query starts from."""

    viewer: Viewer = of_viewer(EVERYONE, None, description="Who is asking.")
    node: Node | None = answered_by(
        EVERYONE, entries.node, ById(), description="The row with this id; null when you see none."
    )
    nodes: list[Node | None] = answered_by(
        EVERYONE,
        entries.nodes,
        ById(several=True),
        description="The rows with these ids, null where you see none.",
    )
    account: Account | None = answered_by(
        LOGGED_IN,
        entries.account,
        ById("Account"),
        description="An account; null when you see none.",
    )
    accounts: Connection[Account] | None = entry_connection(
        STAFF_READERS,
        ACCOUNTS,
        "NAME",
        description="All accounts, for staff.",
    )
    requests: Connection[Request] | None = entry_connection(
        STAFF_READERS,
        REQUESTS,
        "REQUESTED_AT",
        description="What customers ask for, for staff; the oldest first.",
    )
    modules: Connection[Module] = entry_connection(
        EVERYONE,
        MODULES,
        "NAME",
        description="The catalogue: what can be ordered, by name.",
    )
    tariff: Tariff | None = answered_by(
        EVERYONE, entries.tariff, ById("Tariff"), description="A tariff; null when you see none."
    )
    documents_to_consent: list[ConsentDocument] = answered_by(
        EVERYONE,
        entries.documents_to_consent,
        Asked(entries.which_documents),
        description="What a new customer agrees to: the latest version of each document.",
    )
    apps: Connection[App] | None = entry_connection(
        LOGGED_IN,
        APPS,
        "NAME",
        description="The apps that an account can authorise, by name.",
    )
    staff: Connection[Staff] | None = entry_connection(
        MANAGERS,
        STAFF,
        "NAME",
        description="Who works for the operator, or did, by name.",
    )
    permission_profiles: Connection[PermissionProfile] | None = entry_connection(
        MANAGERS,
        PERMISSION_PROFILES,
        "NAME",
        description="What employees can hold, by name.",
    )
    staff_history: Connection[StaffHistoryEntry] | None = entry_connection(
        MANAGERS,
        STAFF_HISTORY,
        "AT",
        descending=True,
        description="What has changed in staff and permission profiles, the latest first.",
    )
