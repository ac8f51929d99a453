"""What is wrong with the data of modules by the schemas of today, or by another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from portal.clock import OPERATOR_ZONE
from portal.errors import InvalidInput, PortalError, Problem, faults_below, refused
from portal.language import global_id
from portal.models import Account, Module, ModuleSubscription
from portal.rules.calendar import local_day
from portal.rules.catalogue.data_schema_check import check_data_schema
from portal.rules.modules.module_data import data_faults
from resolvers.context import Context
from resolvers.given import id_in
from resolvers.points import DATA

MOST_SHOWN = 50
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class UnmetData:
    """A module subscription whose data a schema does not allow, and what is wrong with it."""

    id: str
    account_id: str
    account: str
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class DataCheck:
    """How many module subscriptions have data, how many a schema does not allow, and which."""

    checked: int
    unmet: int
    subscriptions: Sequence[UnmetData]


async def faults(context: Context, rows: Sequence[tuple[Any, ...]]) -> Sequence[Sequence[Problem]]:
    """Give what the schema of today asks of the data of each row, and is not there."""
    ids = {module_id for module_id, _ in rows}
    found = await context.read(sa.select(Module.id, Module.data_schema).where(Module.id.in_(ids)))
    schemas: Mapping[UUID, Any] = {row.id: row.data_schema for row in found}
    told = []
    for module_id, data in rows:
        told.append(_problems(data, schemas[module_id]))
        await context.pace.turn()
    return told


async def checks(
    context: Context, wanted: Sequence[tuple[UUID, Any, str | None]]
) -> Sequence[DataCheck | PortalError]:
    """Look at the data of all that is ordered of modules and not over.

    By a schema that is tried, else by the module's own. What it does not allow is shown in the
    order of the ids, after the one that is named.
    """
    return [await _checked(context, *asked) for asked in wanted]


async def _checked(
    context: Context, module_id: UUID, tried: Any, after: str | None
) -> DataCheck | PortalError:
    shown_after = None if after is None else id_in("ModuleSubscription", after)
    try:
        if after is not None and shown_after is None:
            raise InvalidInput("This is no id of a module subscription.", path=["after"])
        if tried is not None:
            with faults_below("dataSchema"):
                check_data_schema(tried)
    except PortalError as refused:
        return refused.problems[0]
    own = await context.read(sa.select(Module.data_schema).where(Module.id == module_id))
    schema = own[0].data_schema if tried is None else tried
    return await _check(context, module_id, schema, shown_after)


async def _check(
    context: Context, module_id: UUID, schema: Any, shown_after: UUID | None
) -> DataCheck:
    today = local_day(context.now, OPERATOR_ZONE)
    last, checked, unmet = UUID(int=0), 0, 0
    shown: list[UnmetData] = []
    while True:
        rows = await context.read(
            sa.select(
                ModuleSubscription.id,
                ModuleSubscription.account_id,
                ModuleSubscription.data,
                Account.name,
            )
            .join(Account, Account.id == ModuleSubscription.account_id)
            .where(
                ModuleSubscription.module_id == module_id,
                ModuleSubscription.id > last,
                sa.or_(ModuleSubscription.ends_on.is_(None), ModuleSubscription.ends_on >= today),
            )
            .order_by(ModuleSubscription.id)
            .limit(_AT_ONCE)
        )
        for row in rows:
            problems = _problems(row.data, schema)
            checked += 1
            unmet += bool(problems)
            is_due = shown_after is None or row.id > shown_after
            if problems and is_due and len(shown) < MOST_SHOWN:
                shown.append(
                    UnmetData(
                        global_id.encode("ModuleSubscription", row.id),
                        global_id.encode("Account", row.account_id),
                        row.name,
                        problems,
                    )
                )
            await context.pace.turn()
        context.meter.work += DATA * len(rows)
        if len(rows) < _AT_ONCE:
            return DataCheck(checked, unmet, shown)
        last = rows[-1].id


def _problems(data: Any, schema: Any) -> Sequence[Problem]:
    return refused(*data_faults(data, schema)).problems
