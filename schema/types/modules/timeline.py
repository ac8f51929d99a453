"""The time line of a module, as data to be drawn."""

from datetime import date
from typing import Any

import strawberry

from permissions.enums import described
from portal.rules.modules import timeline as rules
from portal.rules.modules.timeline import MarkKind, SpanKind
from schema.fields import value
from schema.types.catalogue.terms import TermType

described(
    SpanKind,
    "What a span of a time line is.",
    name="TimelineSpanKind",
    EARLIER="Terms and tariffs that are over.",
    INITIAL_TERM="The initial term of the present tariff.",
    RENEWAL_TERM="One of the terms for which it goes on after that.",
    OPEN_ENDED="It goes on until notice is given.",
    NEXT_TARIFF="Another tariff, which is pending.",
)
described(
    MarkKind,
    "What a day of a time line is.",
    name="TimelineMarkKind",
    FIRST_DAY="The first day on which the module runs.",
    TODAY="The day it is in the account.",
    DEADLINE="The last day of notice for the next possible last day.",
    POSSIBLE_LAST_DAY="A last day for which notice can be given today.",
    PRICE_RISE="Prices rise, with a special right to cancel for the day before.",
    TARIFF_CHANGE="The first day of the tariff that is pending.",
    LAST_DAY="The last day on which the module runs.",
)


@strawberry.type(description="Days of a time line, from one to another.")
class TimelineSpan:
    """A ``portal.rules.modules.timeline.Span``."""

    kind: SpanKind = value(description="What binds in these days.")
    starts_on: date = value(description="Its first day.")
    ends_on: date | None = value(description="Its last day; null when open.")


@strawberry.type(description="A day of a time line.")
class TimelineMark:
    """A ``portal.rules.modules.timeline.Mark``."""

    kind: MarkKind = value(description="What happens, or may happen, then.")
    day: date = value(description="When that is, in the zone of the account.")
    deadline: date | None = value(
        description="Of a possible last day: the last day of notice for it; else null."
    )
    last_day: date | None = value(
        description="Of a deadline: the last day that it is good for; else null."
    )


@strawberry.type(description="A module from its first day on, as its customer can end it.")
class Timeline:
    """A ``portal.rules.modules.timeline.Timeline``."""

    spans: list[TimelineSpan] = value(
        description="One after another without gap: the term of today, and a few to come."
    )
    marks: list[TimelineMark] = value(description="In the order of their days.")
    is_rolling: bool = value(
        description=(
            "Whether the module can end on any day, with the notice period: then each day is the"
            " deadline for another one, and none is a mark. Otherwise deadlines are fixed."
        )
    )
    notice_period: TermType | None = value(
        description=(
            "The notice period for the next possible last day, the shortest of tariff and law; null"
            " where none is needed, or no notice can be given today."
        )
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, rules.Timeline)
