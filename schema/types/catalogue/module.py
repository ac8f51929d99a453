"""Modules, and by what their list goes."""

from datetime import date
from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from permissions.fields import EVERYONE
from portal import models
from resolvers.context import Info
from resolvers.given import sent_or_none
from resolvers.points import DATA
from resolvers.queries.modules import module_data
from resolvers.queries.modules import module_subscription as queries
from resolvers.queries.text import is_called
from resolvers.reading import answers
from resolvers.sources import Function
from schema.access import MANAGERS, STAFF
from schema.connection import connection
from schema.criteria import by, criteria, search
from schema.criterion import exactly
from schema.fields import (
    answered_by,
    argument,
    column,
    expression,
    of_model,
    own_id,
    text,
)
from schema.relay import Connection
from schema.types.catalogue.data_check import DataCheck
from schema.types.catalogue.tariff import TARIFFS, Tariff
from schema.types.node import Node
from schema.types.text import Text

_DATA_CHECK = Function(module_data.checks, ("id",), DATA)


async def _data_check(
    root: strawberry.Parent[Any],
    info: Info,
    data_schema: Annotated[
        JSON | None, argument("The schema to try; the module's own when left out.")
    ] = strawberry.UNSET,
    after: Annotated[
        strawberry.ID | None,
        argument("Show those after this module subscription; the first ones when left out."),
    ] = strawberry.UNSET,
) -> Any:
    """Look at the data of all who have the module."""
    given = (sent_or_none(data_schema), sent_or_none(after))
    return await answers.function(root, info.raw, _DATA_CHECK, *given)


@of_model(models.Module, description="A service that customers can order.")
class Module(Node):
    """A row of the catalogue."""

    id: strawberry.ID = own_id()
    key: str = column(EVERYONE, description="A short name for programs.")
    name: Text = text(EVERYONE, "name", description="What it is called.")
    description: Text = text(EVERYONE, "description", description="What it does.")
    is_single_booking: bool = column(
        EVERYONE, description="Whether an account can have it once at a time."
    )
    is_orderable: bool = expression(
        EVERYONE,
        queries.is_orderable,
        description="Whether it has a public tariff today; any other needs an offer number.",
    )
    data_schema: JSON = column(EVERYONE, description="The JSON Schema of the module's data.")
    data_check: DataCheck | None = answered_by(
        MANAGERS,
        _data_check,
        _DATA_CHECK,
        description=(
            "Whose data a schema does not allow: ask before `updateModule`. Nobody's data changes"
            " by that; whoever edits theirs then has to meet the new schema."
        ),
    )
    version: int | None = column(STAFF, description="Counts the changes; see expectedVersion.")
    position: int = column(
        EVERYONE, description="Its place in the catalogue, as managers arrange it."
    )
    retired_from: date | None = column(
        STAFF, description="From when on it takes no more orders; null while that is not known."
    )
    tariffs: Connection[Tariff] = connection(
        EVERYONE,
        TARIFFS,
        lambda module, tariff, _: tariff.module_id == module.id,
        "NAME",
        description="The tariffs that you may see.",
    )


MODULES = criteria(
    Module,
    "modules",
    exactly("is_orderable", "Has a public tariff today, or has none."),
    exactly("is_single_booking", "Can be had once at a time, or more often."),
    search=search(
        "Text in the name of the module, as the operator or as you read it.",
        is_called,
        access=EVERYONE,
        reads=("Module.name",),
    ),
    orders=(
        by("name", "The name of the module, from A to Z.", lambda row: row.sort_name),
        by("position", "The place in the catalogue, the first one first."),
    ),
)
