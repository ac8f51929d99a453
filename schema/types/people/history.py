"""The history of an account."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
import strawberry
from strawberry.scalars import JSON

from portal import models
from portal.viewer import Role
from resolvers.given import text_to_find
from resolvers.listing import Condition, Order
from resolvers.queries.people import history as queries
from schema.access import HISTORY_READERS, STAFF_HISTORY_READERS
from schema.criteria import by, criteria
from schema.criterion import any_of, criterion, exactly, within
from schema.fields import column, expression, many, of_model, own_id
from schema.types.node import Node


@of_model(models.HistoryValue, description="One field of a change.")
class HistoryValue:
    """Before and after; empty where the viewer may not read the field."""

    field: str | None = expression(
        HISTORY_READERS,
        queries.field,
        description="Which field of the schema: Contract.vatNumber, Contract.duration.startsOn.",
    )
    before: JSON | None = expression(
        HISTORY_READERS,
        queries.before,
        description="Its value before, where you may read it; of another row, its name.",
    )
    after: JSON | None = expression(
        HISTORY_READERS,
        queries.after,
        description="Its value after, where you may read it; of another row, its name.",
    )


@of_model(models.HistoryEntry, description="One change in an account.")
class HistoryEntry(Node):
    """Who, when, what, why."""

    id: strawberry.ID = own_id()
    number: int | None = column(
        HISTORY_READERS, description="Its place in the account's history, counted without gaps."
    )
    at: datetime | None = column(HISTORY_READERS, description="When it was made.")
    action: str | None = column(
        HISTORY_READERS,
        description="The mutation that made it, or what came with a day: moduleBegun.",
    )
    actor_role: Role | None = column(
        HISTORY_READERS,
        description="In which role it was made; ANONYMOUS where nobody did and a day came.",
    )
    actor_name: str | None = expression(
        HISTORY_READERS,
        queries.actor_name,
        description="Who made it; customers see members of theirs, not the names of staff.",
    )
    on_behalf_of: str | None = column(
        HISTORY_READERS, description="For whom it was made, where that is somebody else."
    )
    reason: str | None = column(HISTORY_READERS, description="Why, where a reason was given.")
    internal_note: str | None = expression(
        STAFF_HISTORY_READERS,
        queries.internal_note,
        description="What staff noted about it for staff.",
    )
    values: list[HistoryValue] | None = many(
        HISTORY_READERS,
        models.HistoryValue,
        lambda entry, value, _: sa.and_(
            value.account_id == entry.account_id,
            value.history_entry_id == entry.id,
            queries.is_shown(value),
        ),
        Order((lambda value: value.position,)),
        description="The fields that changed.",
    )


def _changed(given: str, _filter: Any) -> Condition:
    return Condition(queries.changed, values=(queries.stored_as(text_to_find(given)),))


HISTORY = criteria(
    HistoryEntry,
    "changes",
    criterion(
        "field",
        str,
        "Changed exactly this field of the schema: Contract.vatNumber.",
        _changed,
        access=HISTORY_READERS,
        reads=("HistoryEntry.values", "HistoryValue.field"),
    ),
    exactly("action", "Was made by exactly this mutation: updateContract."),
    any_of("actor_role", "Was made in exactly this role."),
    exactly("actor_name", "Was made by somebody of exactly this name, as `actorName` shows it."),
    within("at"),
    orders=(by("number", "The number in the history, the earliest first."),),
)
