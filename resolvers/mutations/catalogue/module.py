"""Changes to modules, by managers."""

from types import MappingProxyType

from portal.actions.catalogue import module as actions
from portal.clock import OPERATOR_ZONE
from portal.models import Module
from portal.rules.calendar import local_day
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import row_of
from resolvers.given import changes_in, sent_or_none, values_of
from schema.types.catalogue import module_input as types

_NO_DATA = MappingProxyType({"type": "object", "additionalProperties": False})


@starting()
async def create(change: Change, _row: None, given: types.CreateModuleInput) -> Module:
    schema = sent_or_none(given.data_schema)
    values = {
        "key": given.key,
        "name": values_of(given.name),
        "description": values_of(given.description),
        "is_single_booking": given.is_single_booking,
        "data_schema": dict(_NO_DATA) if schema is None else schema,
    }
    return await actions.create(change.session, values, sent_or_none(given.position))


@starting()
async def update(change: Change, _row: None, given: types.UpdateModuleInput) -> Module:
    module: Module = await row_of(change, Module, given)
    position = sent_or_none(given.position)
    await actions.update(change.session, module, changes_in(given), position)
    return module


@starting()
async def retire(change: Change, _row: None, given: types.RetireModuleInput) -> Module:
    module: Module = await row_of(change, Module, given)
    changes = changes_in(given)
    if "retired_from" in changes:
        today = local_day(change.context.now, OPERATOR_ZONE)
        actions.retire(module, changes["retired_from"], today)
    return module
