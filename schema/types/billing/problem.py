"""Why nothing could be billed to an account, for staff."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from permissions.enums import described
from portal import models
from portal.language.messages import translate
from portal.rules.billing.problem import SENTENCES, ProblemCode
from resolvers.context import Context
from resolvers.points import REASON
from schema.access import STAFF_FINANCIAL_READERS
from schema.criteria import by, criteria
from schema.criterion import any_of
from schema.fields import column, function, of_model, one, own_id
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.account import Account

described(
    ProblemCode,
    "Why nothing could be billed.",
    NO_CONTRACT="The account has no contract.",
    NO_OPERATOR_PROFILE="There is no profile of the operator that day.",
    NO_VAT_RATE="The VAT rates of the operator's country are not known.",
    NO_SELLER_VAT_NUMBER="Reverse charge, and the operator has no VAT number.",
    NO_REVERSE_CHARGE="Reverse charge, and the customer cannot have it.",
    NEGATIVE_TOTAL="An invoice would be negative.",
    ON_HOLD="A manager holds the billing of the account.",
    REFUSED="The database refused what was worked out.",
)


async def _sentences(context: Context, rows: Sequence[tuple[Any, ...]]) -> list[str]:
    language = context.viewer.language
    return [translate(SENTENCES[code], language, **detail) for code, detail in rows]


@of_model(models.BillingProblem, description="Why nothing could be billed to an account.")
class BillingProblem(Node):
    """It stays until a run bills the account."""

    id: strawberry.ID = own_id()
    account: Annotated["Account", strawberry.lazy("schema.types.account")] | None = one(
        STAFF_FINANCIAL_READERS,
        models.Account,
        lambda problem, account, _: account.id == problem.account_id,
        description="The account that could not be billed.",
    )
    code: ProblemCode | None = column(STAFF_FINANCIAL_READERS, description="Why, for programs.")
    sentence: str | None = function(
        STAFF_FINANCIAL_READERS,
        _sentences,
        ("code", "detail"),
        weight=REASON,
        description="Why, and what to do, in the viewer's language.",
    )
    run_day: date | None = column(
        STAFF_FINANCIAL_READERS, description="The day up to which it was to be billed."
    )
    noted_at: datetime | None = column(
        STAFF_FINANCIAL_READERS, description="When it was found last."
    )


BILLING_PROBLEMS = criteria(
    BillingProblem,
    "billing problems",
    any_of("code", "For exactly this reason."),
    orders=(by("noted_at", "When it was found last, the earliest first."),),
)
