"""What the catalogue offers."""

from typing import Any

import strawberry

from permissions.fields import EVERYONE
from resolvers.context import Info
from resolvers.reading import answers
from resolvers.sources import ById
from schema.connection import entry_connection
from schema.fields import Id, answered_by
from schema.relay import Connection
from schema.types.catalogue.module import MODULES, Module
from schema.types.catalogue.tariff import Tariff


async def tariff(info: Info, id: Id) -> Any:
    """Find a tariff the viewer may see."""
    return await answers.by_id(info.raw, "Tariff", id)


@strawberry.type
class CatalogueQueries:
    """The fields of this area, which the root inherits."""

    modules: Connection[Module] = entry_connection(
        EVERYONE,
        MODULES,
        "POSITION",
        description="The catalogue: what can be ordered, as managers have arranged it.",
    )
    tariff: Tariff | None = answered_by(
        EVERYONE, tariff, ById("Tariff"), description="A tariff; null when you see none."
    )
