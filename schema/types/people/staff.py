"""Staff, their permission profiles, and the history of both; for managers."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from permissions.fields import EVERYONE
from portal import models
from portal.viewer import Language, Role, Scope
from resolvers.changing.idempotency import LONGEST_KEY
from resolvers.given import LONGEST_REASON
from resolvers.points import CHANGE
from resolvers.queries.people import operator_history
from resolvers.queries.people.account import is_member_found, person_email, person_name
from resolvers.queries.people.staff import actor_name, sort_name
from resolvers.queries.text import is_named
from schema.access import MANAGERS
from schema.criteria import by, criteria, search
from schema.criterion import exactly, filled, related, within
from schema.fields import answered_by, column, expression, function, of_model, one, own_id, sent
from schema.length import characters
from schema.types.edit import EditInput
from schema.types.node import Node
from schema.types.people.operator_history import USUAL_CHANGES, part
from schema.types.refusal import Refusal

_REASON = "Why; managers read it in the history of staff."


@of_model(models.PermissionProfile, description="A named set of scopes that employees hold.")
class PermissionProfile(Node):
    """What employees with it may do in every account."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    name: str | None = column(MANAGERS, description="What it is called.")
    scopes: list[Scope] | None = column(MANAGERS, description="What its employees hold.")


PERMISSION_PROFILES = criteria(
    PermissionProfile,
    "permission profiles",
    search=search(
        "Text in the name of the profile.",
        is_named,
        access=MANAGERS,
        reads=("PermissionProfile.name",),
    ),
    orders=(by("name", "The name of the profile, from A to Z.", lambda row: row.sort_name),),
)


@of_model(models.Staff, description="A person who works for the operator, or did.")
class Staff(Node):
    """An employee with a profile, or a manager."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    name: str | None = expression(
        MANAGERS, person_name, description="First and last name, as colleagues see it."
    )
    email: str | None = expression(MANAGERS, person_email, description="The e-mail address.")
    role: Role | None = column(MANAGERS, description="EMPLOYEE or MANAGER.")
    permission_profile: PermissionProfile | None = one(
        MANAGERS,
        models.PermissionProfile,
        lambda staff, profile, _: profile.id == staff.permission_profile_id,
        description="What an employee holds; null for a manager, who holds everything.",
    )
    deactivated_at: datetime | None = column(
        MANAGERS, description="Since when the portal is closed to them; null while it is open."
    )


STAFF = criteria(
    Staff,
    "staff",
    exactly("role", "Is exactly this."),
    related(
        "permission_profile",
        "PermissionProfile",
        "permission_profile_id",
        "Holds this profile, by its id.",
    ),
    filled("is_deactivated", "deactivated_at", "The portal is closed to them, or is open."),
    search=search(
        "Text in the name or the e-mail address.",
        is_member_found,
        access=MANAGERS,
        reads=("Staff.name", "Staff.email"),
    ),
    orders=(by("name", "The name, from A to Z.", sort_name),),
)


@strawberry.type(description="One field of a change of staff.")
class StaffChange:
    """Before and after."""

    field: str = answered_by(
        EVERYONE, part("field"), description="Which field of the schema: Staff.role."
    )
    before: JSON | None = answered_by(
        EVERYONE, part("before"), description="Its value before; of a profile, its name."
    )
    after: JSON | None = answered_by(
        EVERYONE, part("after"), description="Its value after; of a profile, its name."
    )


@of_model(models.StaffHistoryEntry, description="One change of staff or of a permission profile.")
class StaffHistoryEntry:
    """Who, when, what, why."""

    id: strawberry.ID = own_id()
    at: datetime | None = column(MANAGERS, description="When it was made.")
    action: str | None = column(
        MANAGERS, description="The mutation, or the portal's command, that made it."
    )
    actor_name: str | None = expression(
        MANAGERS, actor_name, description="Who made it; null for the operator at the command line."
    )
    reason: str | None = column(MANAGERS, description="Why, where a reason was given.")
    staff: Staff | None = one(
        MANAGERS,
        models.Staff,
        lambda entry, staff, _: staff.id == entry.staff_id,
        description="Whom it is about; null when it is about a profile.",
    )
    permission_profile: PermissionProfile | None = one(
        MANAGERS,
        models.PermissionProfile,
        lambda entry, profile, _: profile.id == entry.permission_profile_id,
        description="Which profile it is about; null when it is about a person.",
    )
    changes: list[StaffChange] | None = function(
        MANAGERS,
        operator_history.changes,
        ("id",),
        weight=CHANGE,
        usual=USUAL_CHANGES,
        description="The fields that changed.",
    )


STAFF_HISTORY = criteria(
    StaffHistoryEntry,
    "changes of staff",
    exactly("action", "Was made by exactly this mutation: addStaff."),
    related("staff", "Staff", "staff_id", "Is about this person, by the id among staff."),
    related(
        "permission_profile",
        "PermissionProfile",
        "permission_profile_id",
        "Is about this profile, by its id.",
    ),
    within("at"),
    orders=(by("at", "When it was made, the earliest first."),),
)


@strawberry.input(description="A permission profile to make or to change.")
class SavePermissionProfileInput:
    """A new profile needs a name and its scopes."""

    id: strawberry.ID | None = sent(
        description="The profile to change; left out, a new one is made.", default=strawberry.UNSET
    )
    name: str | None = sent(
        description="What it is called; no two have the same name.",
        default=strawberry.UNSET,
        length=characters(models.PermissionProfile.name),
    )
    scopes: list[Scope] | None = sent(
        description="All that it holds from now on; may be empty.", default=strawberry.UNSET
    )
    expected_version: int | None = sent(
        description="The version you read, of a profile that exists.", default=strawberry.UNSET
    )
    idempotency_key: str | None = sent(
        description="A key of your choice that makes repeating safe, as in other mutations.",
        default=strawberry.UNSET,
        length=characters(LONGEST_KEY),
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="Which profile a member of staff gets.")
class AssignPermissionProfileInput(EditInput):
    """A manager who gets one becomes an employee."""

    permission_profile_id: strawberry.ID = sent(
        description="What the employee holds from now on, as Query.permissionProfiles lists it."
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="Who works for the operator from now on.")
class AddStaffInput:
    """A person by e-mail address, known or new; somebody deactivated comes back."""

    email: str = sent(description="The e-mail address.")
    role: Role = sent(description="EMPLOYEE or MANAGER.")
    permission_profile_id: strawberry.ID | None = sent(
        description="What an employee holds; not for a manager.", default=strawberry.UNSET
    )
    name: str | None = sent(
        description="The name of a new person, who then chooses a password by resetting it.",
        default=strawberry.UNSET,
        length=characters(models.Person.name),
    )
    language: Language | None = sent(
        description="The language of a new person; NL when left out.", default=strawberry.UNSET
    )
    idempotency_key: str | None = sent(
        description="A key of your choice that makes repeating safe, as in other mutations.",
        default=strawberry.UNSET,
        length=characters(LONGEST_KEY),
    )
    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


@strawberry.input(description="To whom the portal is closed as staff.")
class DeactivateStaffInput(EditInput):
    """The end of somebody's work."""

    reason: str | None = sent(
        description=_REASON, default=strawberry.UNSET, length=characters(LONGEST_REASON)
    )


StaffResult = Annotated[
    Staff | Refusal, strawberry.union("StaffResult", description="The member of staff, or why not.")
]
PermissionProfileResult = Annotated[
    PermissionProfile | Refusal,
    strawberry.union("PermissionProfileResult", description="The profile, or why not."),
]
