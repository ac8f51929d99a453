"""The portal's clock, which can be moved in development."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from portal.actions import clock as actions
from resolvers.changing.idempotency import LONGEST_KEY
from schema.fields import sent, value
from schema.length import characters
from schema.types.edit import KEY
from schema.types.refusal import Refusal


@strawberry.type(description="What the portal's clock says.")
class PortalTime:
    """An ``actions.PortalTime``."""

    now: datetime = value(description="The present instant.")
    today: date = value(description="The day it is for the operator.")
    is_moved: bool = value(description="Whether that is not the real time.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, actions.PortalTime)


@strawberry.input(description="What day it shall be.")
class SetClockInput:
    """A day, or the real one again."""

    day: date | None = sent(
        description="The day; null lets the real time apply again.", default=strawberry.UNSET
    )
    idempotency_key: str | None = sent(
        description=KEY, default=strawberry.UNSET, length=characters(LONGEST_KEY)
    )


PortalTimeResult = Annotated[
    PortalTime | Refusal,
    strawberry.union("PortalTimeResult", description="The time it is now, or why not."),
]
