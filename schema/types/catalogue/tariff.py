"""Tariffs, and by what their list goes."""

from datetime import date

import strawberry

from permissions.fields import EVERYONE
from portal import models
from resolvers.queries.modules import module_subscription as queries
from resolvers.queries.text import is_called
from schema.access import MANAGERS, STAFF
from schema.connection import connection
from schema.criteria import by, criteria, search
from schema.criterion import exactly
from schema.fields import (
    column,
    of_model,
    one,
    own_id,
    text,
)
from schema.relay import Connection
from schema.types.catalogue.price_list import LATEST_VERSION, PriceList
from schema.types.catalogue.tariff_version import VERSIONS, TariffVersion
from schema.types.catalogue.terms import Terms
from schema.types.node import Node
from schema.types.text import Text


@of_model(models.Tariff, description="At what prices and terms a module can be had.")
class Tariff(Node):
    """Public, or opened by an offer number."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    name: Text = text(EVERYONE, "name", description="What it is called.")
    closed_from: date | None = column(
        STAFF, description="From which day on nobody can order it; null while it is open."
    )
    versions: Connection[TariffVersion] | None = connection(
        MANAGERS,
        VERSIONS,
        lambda tariff, version, _: version.tariff_id == tariff.id,
        "VALID_FROM",
        descending=True,
        description="Its drafts, and the versions that were published, the latest first.",
    )
    is_public: bool = column(EVERYONE, description="Whether everybody may order it.")
    offer_number: str | None = column(STAFF, description="The number that opens it.")
    offer_expires_on: date | None = column(
        STAFF, description="The last day on which its number opens it; null without an end."
    )
    offer_most_uses: int | None = column(
        STAFF, description="How often its number opens it; null without a limit."
    )
    offer_uses: int | None = column(STAFF, description="How often its number was used.")
    price_list: PriceList | None = one(
        EVERYONE,
        models.TariffVersion,
        queries.is_offered_today,
        LATEST_VERSION,
        description="What a new customer pays today; null before its first day.",
    )
    terms: Terms | None = one(
        EVERYONE,
        models.TariffVersion,
        queries.is_offered_today,
        LATEST_VERSION,
        description="What a new customer agrees to today; null before its first day.",
    )


TARIFFS = criteria(
    Tariff,
    "tariffs",
    exactly("is_public", "Can be ordered by everybody, or needs an offer number."),
    search=search(
        "Text in the name of the tariff, as the operator or as you read it.",
        is_called,
        access=EVERYONE,
        reads=("Tariff.name",),
    ),
    orders=(by("name", "The name of the tariff, from A to Z.", lambda row: row.sort_name),),
)
