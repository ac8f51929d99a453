"""What has changed that belongs to no account."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from permissions.fields import EVERYONE
from portal import models
from resolvers.points import CHANGE
from resolvers.queries.people import operator_history as queries
from resolvers.queries.people.staff import actor_name
from schema.access import MANAGERS
from schema.criteria import by, criteria
from schema.criterion import criterion, exactly, within
from schema.fields import answered_by, column, expression, function, of_model, own_id
from schema.types.node import Node

USUAL_CHANGES = 2


def part(name: str) -> Any:
    """Give the resolver of one part of a change."""

    def resolve(root: strawberry.Parent[dict[str, Any]]) -> Any:
        return root[name]

    return resolve


@strawberry.type(description="One field of a change of what belongs to no account.")
class OperatorChange:
    """Before and after."""

    field: str = answered_by(
        EVERYONE, part("field"), description="Which field: Tariff.name, Item.unitPrice."
    )
    before: JSON | None = answered_by(
        EVERYONE, part("before"), description="Its value before; of another row, its name."
    )
    after: JSON | None = answered_by(
        EVERYONE, part("after"), description="Its value after; of another row, its name."
    )


@of_model(
    models.OperatorHistoryEntry,
    description="One change of what belongs to no account: a module, a tariff, an app, staff.",
)
class OperatorHistoryEntry(Node):
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
    subject_type: str | None = column(
        MANAGERS, description="What kind of thing was changed: Module, Tariff, Item, App, Staff."
    )
    subject_id: strawberry.ID | None = function(
        MANAGERS,
        queries.subject_ids,
        ("subject_type", "subject_id"),
        weight=1,
        description="The id of what was changed; it may be gone.",
    )
    changes: list[OperatorChange] | None = function(
        MANAGERS,
        queries.changes,
        ("id",),
        weight=CHANGE,
        usual=USUAL_CHANGES,
        description="The fields that changed.",
    )


OPERATOR_HISTORY = criteria(
    OperatorHistoryEntry,
    "changes",
    exactly("action", "Was made by exactly this mutation: createModule."),
    exactly("subject_type", "Changed exactly this kind of thing: Tariff."),
    criterion(
        "subject",
        strawberry.ID,
        "Changed the row with this id.",
        queries.is_about,
        access=MANAGERS,
        reads=("OperatorHistoryEntry.subjectId",),
    ),
    within("at"),
    orders=(by("at", "When it was made, the earliest first."),),
)
