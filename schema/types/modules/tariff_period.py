"""From which to which day a module subscription has a tariff."""

from datetime import date

import strawberry

from portal import models
from resolvers.queries.catalogue.price_list import is_version_in_force
from resolvers.queries.modules import module_subscription as queries
from schema.access import READERS
from schema.fields import column, of_model, one, own_id, text
from schema.types.catalogue.price_list import LATEST_VERSION, PriceList
from schema.types.catalogue.tariff import Tariff
from schema.types.catalogue.terms import Terms
from schema.types.node import Node
from schema.types.text import Text


@of_model(models.TariffPeriod, description="From which to which day a subscription has a tariff.")
class TariffPeriod(Node):
    """A tariff, as one customer has it."""

    id: strawberry.ID = own_id()
    starts_on: date | None = column(READERS, description="The first day under this tariff.")
    ends_on: date | None = column(READERS, description="The last day; null when open.")
    agreed_on: date | None = column(READERS, description="The day it was agreed.")
    name: Text | None = text(
        READERS, "name", queries.of_tariff, description="What the tariff is called."
    )
    tariff: Tariff | None = one(
        READERS,
        models.Tariff,
        lambda period, tariff, _: tariff.id == period.tariff_id,
        stored=("TariffPeriod.tariffId",),
        description="The tariff itself.",
    )
    terms: Terms | None = one(
        READERS,
        models.TariffVersion,
        queries.is_agreed_version,
        LATEST_VERSION,
        description="The terms that were agreed; the law may give a consumer better ones.",
    )
    price_list: PriceList | None = one(
        READERS,
        models.TariffVersion,
        is_version_in_force,
        LATEST_VERSION,
        description=(
            "The prices in force for this customer today, without what is agreed specially: see"
            " ModuleSubscription.priceList."
        ),
    )
