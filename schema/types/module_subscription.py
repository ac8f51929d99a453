"""Module subscriptions and their tariffs."""

from datetime import date

import strawberry
from strawberry.scalars import JSON

from portal import models
from portal.rules.terms import ModuleSubscriptionStatus
from resolvers.queries import module_subscription as queries
from resolvers.queries.price_list import is_version_in_force, is_version_of_day
from resolvers.sources import Order
from schema.access import READERS
from schema.fields import column, expression, of_model, one, one_of_day, own_id
from schema.types.module import LATEST_VERSION, Module, PriceList, Tariff
from schema.types.node import Node

LATEST_PERIOD = Order((lambda period: period.starts_on,), descending=True)


@of_model(models.TariffPeriod, description="From which to which day a subscription has a tariff.")
class TariffPeriod(Node):
    """A tariff, as one customer has it."""

    id: strawberry.ID = own_id()
    starts_on: date | None = column(READERS, description="The first day under this tariff.")
    ends_on: date | None = column(READERS, description="The last day; null when open.")
    agreed_on: date | None = column(READERS, description="The day it was agreed.")
    name: str | None = expression(
        READERS, queries.tariff_name, description="What the tariff is called."
    )
    tariff: Tariff | None = one(
        READERS,
        models.Tariff,
        lambda period, tariff, _: tariff.id == period.tariff_id,
        stored=("TariffPeriod.tariffId",),
        description="The tariff itself.",
    )
    price_list: PriceList | None = one(
        READERS,
        models.TariffVersion,
        is_version_in_force,
        LATEST_VERSION,
        description="The prices in force for this customer today.",
    )


@of_model(models.ModuleSubscription, description="An account's order of a module.")
class ModuleSubscription(Node):
    """A module, as one customer has it."""

    id: strawberry.ID = own_id()
    version: int | None = column(READERS, description="Counts the changes; see expectedVersion.")
    module: Module | None = one(
        READERS,
        models.Module,
        lambda subscription, module, _: module.id == subscription.module_id,
        stored=("ModuleSubscription.moduleId",),
        description="What was ordered.",
    )
    status: ModuleSubscriptionStatus | None = expression(
        READERS, queries.status, description="What its days say about today."
    )
    starts_on: date | None = column(READERS, description="The first day on which it runs.")
    ends_on: date | None = column(
        READERS, description="The last day on which it runs; null when none is known."
    )
    current_tariff: TariffPeriod | None = one(
        READERS,
        models.TariffPeriod,
        queries.is_current_period,
        LATEST_PERIOD,
        description=(
            "The tariff of today; before the first day the first one, after the last day the"
            " last one."
        ),
    )
    price_list: PriceList | None = one_of_day(
        READERS,
        models.TariffVersion,
        is_version_of_day,
        LATEST_VERSION,
        within=("starts_on", "ends_on"),
        description=(
            "The prices in force for this customer on a day. Where none is named, today; before the"
            " first day that one, after the last day that one."
        ),
    )
    data: JSON | None = column(READERS, description="The module's data; see Module.dataSchema.")
