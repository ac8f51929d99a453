"""Versions of a tariff, as managers prepare and look after them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.actions.catalogue.usage import MOST_USES_TOLD, KeyUse, KeyUseKind
from portal.language.messages import said, translate
from portal.language.phrase import Phrase
from portal.rules.calendar import LAST_DAY
from portal.rules.catalogue.void_terms import VoidTerm
from portal.rules.modules.reason import PERIODS
from resolvers.context import Info
from resolvers.listing import Order
from resolvers.points import KEY_USE, NOTE, PRICE_LIST
from resolvers.queries.catalogue import tariff_version as queries
from schema.access import MANAGERS
from schema.criteria import by, criteria
from schema.criterion import filled
from schema.fields import (
    answered_by,
    column,
    expression,
    function,
    itself,
    many,
    of_model,
    own_id,
    value,
)
from schema.types.catalogue.terms import Terms
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.catalogue.price_list import PriceListSection

_Section = Annotated["PriceListSection", strawberry.lazy("schema.types.catalogue.price_list")]

described(
    KeyUseKind,
    "What a customer has of an item.",
    QUANTITY="How many of it.",
    OPTION="It, as an additional option.",
    AGREEMENT="A special agreement about it.",
)

_USUAL_NOTES = 5

BY_POSITION = Order((lambda row: row.position,))


def _sentence(root: strawberry.Parent[VoidTerm], info: Info) -> str:
    language = info.context.viewer.language
    values: dict[str, object] = {"law": translate(root.law, language)}
    if root.most is not None:
        one, many = PERIODS[root.most.unit]
        count = root.most.count
        values["most"] = said(Phrase(one if count == 1 else many, {"count": count}), language)
    return translate(root.sentence, language, **values)


@strawberry.type(description="What of a version's terms does not hold for consumers of a country.")
class VoidTermNote:
    """A ``VoidTerm``: told, and not refused."""

    country: str = value(description="The country of the contract partner, ISO 3166-1.")
    field: str = value(description="Which of the terms: initialTerm, renewalTerm, ...")
    sentence: str = answered_by(
        EVERYONE, _sentence, description="What holds instead and by which law, in your language."
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, VoidTerm)


@strawberry.type(description="What a customer has by the key of an item.")
class ItemKeyUse:
    """A ``KeyUse``."""

    key: str = value(description="By what the price list names it.")
    kind: KeyUseKind = value(description="What the customer has.")
    account_id: strawberry.ID = value(description="The id of the customer's account.")
    account_name: str = value(description="What the account is called.")
    ends_on: date | None = value(
        description="Its last day by the version; null of a draft, whose days are not known."
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, KeyUse)


@of_model(models.TariffVersion, description="A version of a tariff: a draft, or published.")
class TariffVersion(Node):
    """Terms and prices, with when they hold."""

    id: strawberry.ID = own_id()
    version: int | None = column(MANAGERS, description="Counts the changes; see expectedVersion.")
    published_at: datetime | None = column(
        MANAGERS, description="When it was published; null while it is a draft."
    )
    withdrawn_at: datetime | None = column(
        MANAGERS, description="When it was withdrawn, before it was in force."
    )
    valid_from: date | None = column(
        MANAGERS, description="From when it holds for new customers; null while it is a draft."
    )
    valid_from_for_existing: date | None = column(
        MANAGERS, description="From when it holds for customers who already have the tariff."
    )
    has_begun: bool | None = expression(
        MANAGERS,
        queries.has_begun,
        description="Whether its first day has come: from then on it cannot be withdrawn.",
    )
    terms: Terms | None = itself(
        MANAGERS, description="For how long it binds, and when what follows it may end."
    )
    sections: list[_Section] | None = many(
        MANAGERS,
        models.PriceListSection,
        lambda version, section, _: section.tariff_version_id == version.id,
        BY_POSITION,
        description="The headings of the price list in their order, with their items.",
    )
    notes: list[VoidTermNote] | None = function(
        MANAGERS,
        queries.notes,
        queries.TERMS,
        weight=NOTE,
        usual=_USUAL_NOTES,
        description="What of the terms the law of a country makes void for its consumers.",
    )
    ending_uses: list[ItemKeyUse] | None = function(
        MANAGERS,
        queries.ending_uses,
        ("id",),
        weight=KEY_USE,
        usual=MOST_USES_TOLD,
        description=(
            "Of a draft: whose quantity, option or agreement would end by it, because its price"
            " list lacks the key. The first 100."
        ),
    )
    price_list_csv: str | None = function(
        MANAGERS,
        queries.price_list_csv,
        ("id",),
        weight=PRICE_LIST,
        description="The price list as CSV, as importPriceList takes it.",
    )


VERSIONS = criteria(
    TariffVersion,
    "versions",
    filled("is_published", "published_at", "It was published, or is a draft."),
    filled("is_withdrawn", "withdrawn_at", "It was taken back before its first day, or stands."),
    orders=(
        by(
            "valid_from",
            "The first day for new customers; drafts come after all.",
            lambda version: sa.func.coalesce(version.valid_from, LAST_DAY),
        ),
    ),
)
