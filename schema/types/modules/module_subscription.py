"""Module subscriptions and their tariffs."""

from datetime import date
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from permissions.enums import described
from portal import models
from portal.rules.catalogue.terms import ModuleSubscriptionStatus
from resolvers.listing import Order
from resolvers.points import DATA, OPTION
from resolvers.queries.catalogue.price_list import (
    is_option_today,
)
from resolvers.queries.modules import agreed_price_list, cost, course, module_data, option, timeline
from resolvers.queries.modules import module_subscription as queries
from schema.access import MANAGERS, PARTIES, READERS
from schema.criteria import by, criteria, search
from schema.criterion import any_of, related, within
from schema.fields import (
    column,
    computed,
    expression,
    function,
    many,
    of_model,
    one,
    one_computed,
    options,
    own_id,
)
from schema.types.catalogue.data_check import DataProblem
from schema.types.catalogue.module import Module
from schema.types.catalogue.price_list import LATEST_VERSION, Item
from schema.types.modules.additional_option import FIRST_OPTION, BookedOption
from schema.types.modules.agreed_price_list import AgreedPriceList
from schema.types.modules.cost import CostLine
from schema.types.modules.notice import Notice, TariffChange
from schema.types.modules.option import CancellationOption, TariffChangeOption
from schema.types.modules.quantity import ItemQuantity
from schema.types.modules.tariff_period import TariffPeriod
from schema.types.modules.timeline import Timeline
from schema.types.node import Node
from schema.types.permission import FieldPermission, viewer_can
from schema.types.refusal import Refusal

described(
    ModuleSubscriptionStatus,
    "What the days of a module subscription say about today.",
    ORDERED="Its first day is still to come.",
    ACTIVE="It runs, and no last day is known.",
    CANCELLED="It runs until its last day.",
    ENDED="Its last day is over.",
)

MOST_OPTIONS = 12
FIRST_PERIOD = Order((lambda period: period.starts_on,), goes_by="starts_on")
BY_KEY = Order((lambda item: item.key,))
BY_PLACE = Order((lambda line: line.section_position, lambda line: line.position))
FIRST_QUANTITY = Order((lambda row: row.item_key, lambda row: row.starts_on), goes_by="item_key")
LATEST_PERIOD = Order((lambda period: period.starts_on,), descending=True, goes_by="starts_on")


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
        READERS,
        queries.status,
        stored=("ModuleSubscription.status",),
        description="What its days say about today.",
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
    price_list: AgreedPriceList | None = one_computed(
        READERS,
        models.AgreedPriceList,
        agreed_price_list.price_list,
        LATEST_VERSION,
        within=("starts_on", "ends_on"),
        description=(
            "The prices in force for this customer on a day, with what is agreed specially. Where"
            " none is named, today; before the first day that one, after the last day that one."
        ),
    )
    costs: list[CostLine] | None = computed(
        READERS,
        models.CostLine,
        cost.lines,
        BY_PLACE,
        within=("starts_on", "ends_on"),
        description=(
            "What each item costs this customer on a day: those of the price list and what is"
            " booked beside it, with quantities and special agreements. Where no day is named,"
            " today; before the first day that one, after the last day that one."
        ),
    )
    tariff_periods: list[TariffPeriod] | None = many(
        READERS,
        models.TariffPeriod,
        queries.is_of,
        FIRST_PERIOD,
        description="The tariffs one after another, those to come too.",
    )
    quantities: list[ItemQuantity] | None = many(
        READERS,
        models.SubscriptionItemQuantity,
        queries.is_of,
        FIRST_QUANTITY,
        description="How many of an item there are, from day to day, those to come too.",
    )
    additional_options: list[Item] | None = many(
        MANAGERS,
        models.Item,
        is_option_today,
        BY_KEY,
        description=(
            "The additional options of its tariff that can be booked: those of the price list of"
            " today, before the first day of that one."
        ),
    )
    booked_options: list[BookedOption] | None = many(
        MANAGERS,
        models.BookedOption,
        queries.is_of,
        FIRST_OPTION,
        description="The additional options that were booked, those to come and those over too.",
    )
    notice: Notice | None = one(
        PARTIES,
        models.Notice,
        queries.stands,
        description="The cancellation, unless it was withdrawn; null when there is none.",
    )
    pending_tariff_change: TariffChange | None = one(
        PARTIES,
        models.TariffChange,
        queries.is_pending,
        description="The change of tariff to come; null when there is none.",
    )
    cancellation_options: list[CancellationOption] | None = options(
        PARTIES,
        option.cancellations,
        ("id",),
        most=MOST_OPTIONS,
        weight=OPTION,
        description=(
            "The next last days for which one side can cancel today, the earliest first; none"
            " before the first day, after the last one, and while an end or a change is pending."
        ),
    )
    tariff_change_options: list[TariffChangeOption] | None = options(
        PARTIES,
        option.tariff_changes,
        ("id",),
        most=MOST_OPTIONS,
        weight=OPTION,
        description=(
            "The next days on which another tariff may begin that one side asks for today, the"
            " earliest first; none before the first day, after the last one, and while an end or a"
            " change is pending."
        ),
    )
    timeline: Timeline | None = function(
        PARTIES,
        timeline.timelines,
        ("id",),
        weight=3 * OPTION,
        description="Its terms, today, what is pending, and by when it can end when.",
    )
    data: JSON | None = column(READERS, description="The module's data; see Module.dataSchema.")
    data_problems: list[DataProblem] | None = function(
        READERS,
        module_data.faults,
        ("module_id", "data"),
        weight=DATA,
        description=(
            "What the schema of today asks of the data and is not there, as the next change of it"
            " would be told; the path leads into the data. The module runs on with it."
        ),
    )
    viewer_can: list[FieldPermission] | None = viewer_can("ModuleSubscription", course.courses)


MODULE_SUBSCRIPTIONS = criteria(
    ModuleSubscription,
    "module subscriptions",
    any_of("status", "Its days say this about today."),
    related("module", "Module", "module_id", "What was ordered, by its id."),
    within("starts_on"),
    within("ends_on"),
    search=search(
        "Text in the name of the module, as the operator or as you read it.",
        queries.is_of_module_named,
        access=READERS,
        reads=("ModuleSubscription.module", "Module.name"),
    ),
    orders=(
        by("starts_on", "The first day, the earliest first."),
        by(
            "ends_on",
            "The last day, the earliest first; what has none comes after all others.",
            queries.last_day,
        ),
        by("module", "The name of the module, from A to Z.", queries.module_sort_name),
    ),
)
ModuleSubscriptionResult = Annotated[
    ModuleSubscription | Refusal,
    strawberry.union(
        "ModuleSubscriptionResult", description="The module as it is ordered now, or why not."
    ),
]
