"""What an account has in modules."""

from decimal import Decimal

import strawberry

from portal import models
from resolvers.queries.modules.cost import monthly_total
from schema.access import (
    PARTIES,
    READERS,
)
from schema.connection import connection
from schema.fields import expression, many
from schema.relay import Connection
from schema.types.modules.module_subscription import MODULE_SUBSCRIPTIONS, ModuleSubscription
from schema.types.modules.special_agreement import LATEST_AGREEMENT, SpecialAgreement


@strawberry.type
class ModulesOfAccount:
    """The part of an account that `Account` inherits from this area."""

    modules: Connection[ModuleSubscription] | None = connection(
        READERS,
        MODULE_SUBSCRIPTIONS,
        lambda account, subscription, _: subscription.account_id == account.id,
        "STARTS_ON",
        description="The modules that were ordered, the oldest first.",
    )
    monthly_total: Decimal | None = expression(
        READERS,
        monthly_total,
        description=(
            "What the modules that run today cost each month, without VAT: what is billed by the"
            " month, the quarter or the year. Each line is rounded to cents; see"
            " ModuleSubscription.costs."
        ),
    )
    special_agreements: list[SpecialAgreement] | None = many(
        PARTIES,
        models.SpecialAgreement,
        lambda account, agreement, _: agreement.account_id == account.id,
        LATEST_AGREEMENT,
        description="What was agreed specially, the latest first; see ModuleSubscription.costs.",
    )
