"""The states of what a customer has in modules, by which it can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.actions.modules.course import COLUMNS, course, of_subscription
from portal.models import BookedOption, ModuleSubscription
from portal.rules.modules.course import Course
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class OptionState:
    """A booked option, and the course of its module."""

    option: Any
    course: Course


async def courses(context: Context, ids: Sequence[UUID]) -> Mapping[UUID, Course]:
    """Give the courses of module subscriptions."""
    statement = sa.select(*COLUMNS).select_from(of_subscription())
    rows = await context.read(statement.where(ModuleSubscription.id.in_(ids)))
    return {row.id: course(row, context.now) for row in rows}


async def option_states(context: Context, ids: Sequence[UUID]) -> Mapping[UUID, OptionState]:
    """Give the states of booked options."""
    names = ("id", "module_subscription_id", "starts_on", "ends_on", "ended_by", "previous_ends_on")
    columns = [getattr(BookedOption, name) for name in names]
    rows = await context.read(sa.select(*columns).where(BookedOption.id.in_(ids)))
    found = await courses(context, [row.module_subscription_id for row in rows])
    return {row.id: OptionState(row, found[row.module_subscription_id]) for row in rows}
