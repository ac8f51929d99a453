"""Modules as managers make, change, arrange and retire them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from uuid_utils.compat import uuid7

from portal.errors import InvalidInput, PortalError, RuleBroken, Several, faults_below, gathered
from portal.models import Module, ModuleSubscription
from portal.models.text import text_of
from portal.rules.calendar import check_coming
from portal.rules.catalogue.data_schema_check import check_data_schema
from portal.writing.changes import apply_changes

_table = cast("sa.Table", Module.__table__)
_POSITION = ("input", "position")
_IS_SINGLE_BOOKING = ("input", "isSingleBooking")
_RETIRED_FROM = ("input", "retiredFrom")


async def create(session: AsyncSession, values: Mapping[str, Any], position: int | None) -> Module:
    """Make a module, in a position among the others; last where none is named."""
    module = Module(id=uuid7())
    _set(module, values)
    await _put(session, module, position)
    session.add(module)
    return module


async def update(
    session: AsyncSession, module: Module, values: Mapping[str, Any], position: int | None
) -> None:
    """Change a module, and its position among the others; who has it keeps its data as it is."""
    was_single_booking = module.is_single_booking
    _set(module, values)
    if module.is_single_booking and not was_single_booking:
        await _check_booked_once(session, module)
    if position is not None:
        await _put(session, module, position)


def check_taken(module: Module, today: date) -> None:
    """Refuse an order of a module that is retired by a day."""
    if module.retired_from is not None and module.retired_from <= today:
        raise RuleBroken(
            "No more orders of {module} are taken since {day}.",
            path=["input", "moduleId"],
            module=text_of(module, "name"),
            day=module.retired_from,
        )


def retire(module: Module, retired_from: date | None, today: date) -> None:
    """Take no more orders of a module from a day on, or take them again; what runs goes on."""
    if retired_from is not None:
        check_coming(retired_from, today, path=_RETIRED_FROM)
    module.retired_from = retired_from


async def _put(session: AsyncSession, module: Module, position: int | None) -> None:
    """Put a module in a position, the first of which is 1; those behind it move.

    One does so at a time. That others move is no change of theirs, to their versions and history.
    """
    others = await session.scalars(
        sa.select(Module.id)
        .where(Module.id != module.id)
        .order_by(Module.position, Module.id)
        .with_for_update()
    )
    order = list(others)
    last = len(order) + 1
    place = last if position is None else position
    if not 1 <= place <= last:
        raise InvalidInput("Must be from {least} to {most}.", path=_POSITION, least=1, most=last)
    module.position = place
    order.insert(place - 1, module.id)
    its_place = sa.func.array_position(sa.literal(order, sa.ARRAY(sa.Uuid())), _table.c.id)
    connection = await session.connection()
    await connection.execute(
        sa.update(_table)
        .where(_table.c.id != module.id, _table.c.position != its_place)
        .values(position=its_place)
    )


async def _check_booked_once(session: AsyncSession, module: Module) -> None:
    """Refuse that orders exclude each other while accounts have several on one day."""
    one, other = aliased(ModuleSubscription), aliased(ModuleSubscription)
    accounts = await session.scalar(
        sa.select(sa.func.count(one.account_id.distinct())).where(
            one.module_id == module.id,
            other.module_id == module.id,
            other.account_id == one.account_id,
            other.id > one.id,
            sa.or_(one.ends_on.is_(None), one.ends_on >= other.starts_on),
            sa.or_(other.ends_on.is_(None), other.ends_on >= one.starts_on),
        )
    )
    if accounts:
        raise RuleBroken(
            "Accounts that have it more than once on one day: {count}.",
            path=_IS_SINGLE_BOOKING,
            count=accounts,
        )


def _set(module: Module, values: Mapping[str, Any]) -> None:
    faults: list[PortalError] = []
    schema = {name: value for name, value in values.items() if name == "data_schema"}
    with gathered(faults):
        apply_changes(module, {name: values[name] for name in values if name not in schema})
    if schema:
        with gathered(faults), faults_below("input", "dataSchema"):
            check_data_schema(schema["data_schema"])
            apply_changes(module, schema)
    if faults:
        raise Several(faults)
