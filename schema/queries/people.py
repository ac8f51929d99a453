"""What people ask for, and who works for the operator."""

import strawberry

from schema.access import MANAGERS, STAFF_READERS
from schema.connection import entry_connection
from schema.relay import Connection
from schema.types.people.operator_history import OPERATOR_HISTORY, OperatorHistoryEntry
from schema.types.people.request import REQUESTS, Request
from schema.types.people.staff import (
    PERMISSION_PROFILES,
    STAFF,
    STAFF_HISTORY,
    PermissionProfile,
    Staff,
    StaffHistoryEntry,
)


@strawberry.type
class PeopleQueries:
    """The fields of this area, which the root inherits."""

    requests: Connection[Request] | None = entry_connection(
        STAFF_READERS,
        REQUESTS,
        "REQUESTED_AT",
        description="What customers ask for, for staff; the oldest first.",
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
    operator_history: Connection[OperatorHistoryEntry] | None = entry_connection(
        MANAGERS,
        OPERATOR_HISTORY,
        "AT",
        descending=True,
        description=(
            "What has changed that belongs to no account, the latest first; of an account,"
            " Account.history tells."
        ),
    )
    staff_history: Connection[StaffHistoryEntry] | None = entry_connection(
        MANAGERS,
        STAFF_HISTORY,
        "AT",
        descending=True,
        description=(
            "The part of operatorHistory about staff and permission profiles, the latest first."
        ),
    )
