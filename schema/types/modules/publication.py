"""Publishing versions of tariffs: whom it reaches, what each pays, and the job that tells them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.actions.modules.publication_preview import Preview
from portal.errors import InvalidInput
from portal.models import VersionJobKind
from portal.rules.catalogue.price_rise import SpecialRight
from resolvers.context import Info
from resolvers.given import LONGEST_REASON
from resolvers.queries.modules.publication import ending_uses, reached_customers
from resolvers.reading import answers
from schema.access import MANAGERS
from schema.fields import answered_by, argument, column, of_model, one, own_id, sent, value
from schema.length import characters
from schema.types.catalogue.tariff_version import ItemKeyUse, TariffVersion
from schema.types.edit import SHOWN_BEFORE, EditInput
from schema.types.node import Node
from schema.types.refusal import Refusal

if TYPE_CHECKING:
    from schema.types.account import Account

MOST_CUSTOMERS = 50

described(
    VersionJobKind,
    "What is done with each customer who has the tariff.",
    ASSESSMENT="What the version changes is counted.",
    ANNOUNCEMENT="The customer is told what the published version changes.",
    WITHDRAWAL="Whoever was told of the version is told that it was withdrawn.",
)
described(
    SpecialRight,
    "Who may cancel for the day before prices rise, without a notice period.",
    CONSUMERS="A contract partner that is no business.",
    EVERYONE="Consumers and businesses.",
    NOBODY="Prices rise, and terms stay as agreed.",
)


@of_model(models.VersionJob, description="Work with the customers of a tariff, for a version.")
class VersionJob(Node):
    """It goes on in the background; ask for it by `node` to see how far it has come."""

    id: strawberry.ID = own_id()
    kind: VersionJobKind | None = column(MANAGERS, description="What is done.")
    tariff_version: TariffVersion | None = one(
        MANAGERS,
        models.TariffVersion,
        lambda job, version, _: version.id == job.tariff_version_id,
        description="Which version it is about.",
    )
    valid_from: date | None = column(
        MANAGERS, description="The day for which the version is published, or would be."
    )
    valid_from_for_existing: date | None = column(
        MANAGERS, description="The day on which it reaches customers who have the tariff."
    )
    requested_at: datetime | None = column(MANAGERS, description="When it was asked for.")
    customers: int | None = column(MANAGERS, description="How many customers there are to do.")
    done: int | None = column(MANAGERS, description="How many of them are done.")
    paying_more: int | None = column(
        MANAGERS, description="How many of those done pay more by the version; not of a withdrawal."
    )
    paying_less: int | None = column(
        MANAGERS, description="How many of those done pay less by the version; not of a withdrawal."
    )
    finished_at: datetime | None = column(
        MANAGERS, description="When it was finished; null while it goes on."
    )


def _account(root: strawberry.Parent[Any], info: Info) -> Any:
    return answers.by_id(info.raw, "Account", root.id)


@strawberry.type(description="A customer whom a version reaches, and what that changes.")
class ReachedCustomer:
    """A ``resolvers.queries.modules.publication.ReachedCustomer``."""

    id: strawberry.ID = value(description="The id of the account.")
    account: Annotated["Account", strawberry.lazy("schema.types.account")] | None = answered_by(
        EVERYONE, _account, description="Who pays, with all that you may see of it."
    )
    starts_on: date = value(description="From when it pays otherwise.")
    monthly_before: Decimal = value(
        description="What its modules under this tariff cost each month until then, without VAT."
    )
    monthly_after: Decimal = value(description="What they cost each month from then on.")
    is_rise: bool = value(
        description="Whether it pays more: each month, or for what is charged by use."
    )


async def _customers(
    root: strawberry.Parent[Any],
    info: Info,
    first: Annotated[
        int, argument(f"How many, 1 to {MOST_CUSTOMERS}; so many by default.")
    ] = MOST_CUSTOMERS,
    after: Annotated[
        strawberry.ID | None, argument("Only customers after the one with this id.")
    ] = None,
) -> Sequence[Any]:
    if not 1 <= first <= MOST_CUSTOMERS:
        raise InvalidInput("Must be from 1 to {most}.", path=["first"], most=MOST_CUSTOMERS)
    return await reached_customers(info.context, root.publication, after, first)


async def _ending_uses(root: strawberry.Parent[Any], info: Info) -> Sequence[Any]:
    return await ending_uses(info.context, root.publication)


@strawberry.type(
    description="What publishing a version would do: it was tried, and nothing of it was kept."
)
class PublicationPreview:
    """A ``Preview``."""

    token: str = value(
        description=(
            "Send it as `previewToken` with the same arguments, and you get what is shown here."
            " Good for you, once, and on this day of the operator alone."
        )
    )
    valid_until: datetime = value(description="Until when the token is good.")
    customer_count: int = answered_by(
        EVERYONE,
        lambda root: root.customers,
        description="How many customers have the tariff and are reached by the version.",
    )
    special_right: SpecialRight = value(
        description="Who among them may cancel where what they pay rises."
    )
    dearer_items: list[str] = value(
        description="The keys of the items that cost some of them more than before."
    )
    customers: list[ReachedCustomer] = answered_by(
        EVERYONE,
        _customers,
        description="Who they are, and what each pays before and after; as they came to be.",
    )

    ending_uses: list[ItemKeyUse] = answered_by(
        EVERYONE,
        _ending_uses,
        description=(
            "Whose quantity, option or agreement ends by the version, because its price list lacks"
            " the key, and on which last day; of the first 100 customers with any."
        ),
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, Preview)


PublicationPreviewResult = Annotated[
    PublicationPreview | Refusal,
    strawberry.union(
        "PublicationPreviewResult", description="What publishing would do, or why not."
    ),
]
VersionJobResult = Annotated[
    VersionJob | Refusal,
    strawberry.union("VersionJobResult", description="The job that does the rest, or why not."),
]
_FROM = "The day from which it holds for new customers; today or later."
_FOR_EXISTING = (
    "The day from which it holds for customers who have the tariff; the same day when left out. A"
    " rise reaches them some days after today at the earliest."
)


@strawberry.input(description="A draft, and the days on which customers get it.")
class PublishVersionInput(EditInput):
    """A draft that becomes what customers get."""

    valid_from: date = sent(description=_FROM)
    valid_from_for_existing: date | None = sent(default=strawberry.UNSET, description=_FOR_EXISTING)
    reason: str | None = sent(
        default=strawberry.UNSET,
        description="Why; managers read it in the history.",
        length=characters(LONGEST_REASON),
    )
    preview_token: str | None = sent(default=strawberry.UNSET, description=SHOWN_BEFORE)


@strawberry.input(description="Which version is withdrawn.")
class WithdrawVersionInput(EditInput):
    """A published version that is not in force yet."""

    reason: str | None = sent(
        default=strawberry.UNSET,
        description="Why; managers read it in the history.",
        length=characters(LONGEST_REASON),
    )


@strawberry.input(description="Which version is assessed, and for when.")
class AssessVersionInput(EditInput):
    """A draft, for the days that it might have; or a published version."""

    valid_from: date | None = sent(
        default=strawberry.UNSET, description="Of a draft: from when it would hold."
    )
    valid_from_for_existing: date | None = sent(default=strawberry.UNSET, description=_FOR_EXISTING)
