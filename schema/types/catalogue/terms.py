"""The terms of a tariff: for how long it binds, and when it may end."""

from typing import Any

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import models
from portal.rules.catalogue.terms import EndingDay, Renewal, Term, TermUnit
from schema.fields import column, of_model, value

described(
    TermUnit,
    "What a term or a notice period counts.",
    DAYS="Calendar days.",
    WEEKS="Weeks of seven days.",
    MONTHS="Calendar months.",
)
described(
    Renewal,
    "What follows the initial term.",
    RENEWAL_TERM="A renewal term, again and again.",
    OPEN_ENDED="The contract goes on until notice is given.",
    NONE="Nothing: the contract ends by itself.",
)
described(
    EndingDay,
    "On which days a contract may stop.",
    ANY_DAY="Wherever in the calendar.",
    END_OF_MONTH="The last of every month.",
    END_OF_QUARTER="The last of March, June, September and December.",
    END_OF_YEAR="31 December.",
    END_OF_TERM="The last of the initial term, and of each renewal term.",
)


@strawberry.type(name="Term", description="A length of time.")
class TermType:
    """A ``portal.rules.catalogue.terms.Term``."""

    count: int = value(description="How many; may be zero.")
    unit: TermUnit = value(description="What is counted.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, Term)


@of_model(models.TariffVersion, description="For how long a tariff binds, and when it may end.")
class Terms:
    """A version of a tariff, seen for its terms."""

    initial_term: TermType = column(
        EVERYONE, description="For how long a contract binds at first; may be zero."
    )
    renewal: Renewal = column(EVERYONE, description="What follows the initial term.")
    renewal_term: TermType | None = column(
        EVERYONE, description="For how long it is renewed; null where it is not."
    )
    notice_period: TermType = column(
        EVERYONE, description="How long before the last day notice has to arrive; may be zero."
    )
    ending_day: EndingDay = column(EVERYONE, description="The days on which a contract may end.")
    change_free_of_notice: bool = column(
        EVERYONE, description="Whether another tariff may follow after any billing period."
    )
    term_continues: bool = column(
        EVERYONE,
        description="Whether after a change the initial term of the tariff before goes on.",
    )
