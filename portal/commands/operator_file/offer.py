"""Making modules, with their tariffs and the price lists of those."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from portal.actions.catalogue import module as modules
from portal.actions.catalogue import price_list, tariff_version
from portal.actions.catalogue import tariff as tariffs
from portal.commands.operator_file.form import (
    STAND_IN_TERMS,
    Module,
    Section,
    Tariff,
)
from portal.commands.operator_file.source import Place
from portal.commands.operator_file.transaction import Making
from portal.errors import RuleBroken
from portal.models import Module as ModuleRow
from portal.models import Tariff as TariffRow
from portal.models import TariffVersion
from portal.rules.calendar import FIRST_DAY, check_day
from portal.rules.key import unique_key


async def make_module(making: Making, wanted: Module, place: Place) -> None:
    """Make a module, and those of its tariffs that are not there yet."""
    row = ModuleRow
    module_id = await making.is_there(row, row.unique_key == unique_key(wanted.key))
    if module_id is None:
        async with making.at(place):
            values = wanted.values("tariffs", "retired_from")
            made = await making.flushed(modules.create(making.session, values, None))
            modules.retire(made, wanted.retired_from, FIRST_DAY)
            module_id = made.id
            making.made.append(f"Made the module {wanted.key}.")
    module_id = module_id or await _stand_in_module(making)
    for number, tariff in enumerate(wanted.tariffs):
        await _tariff(making, module_id, tariff, (*place, "tariffs", number))


async def _tariff(making: Making, module_id: UUID, wanted: Tariff, place: Place) -> None:
    row = TariffRow
    is_named = row.unique_name == unique_key(wanted.name.value)
    if await making.is_there(row, row.module_id == module_id, is_named):
        return
    tariff = None
    async with making.at(place):
        values = wanted.values("terms", "price_list", "valid_from", "closed_from")
        creating = tariffs.create(making.session, module_id, values, FIRST_DAY, draws=False)
        made = await making.flushed(creating)
        await tariffs.close(making.session, made, wanted.closed_from, FIRST_DAY)
        tariff = made
    tariff = tariff or await _stand_in_tariff(making, module_id)
    version = None
    async with making.at((*place, "terms"), 2):
        terms = wanted.terms.values()
        version = await making.flushed(tariff_version.create(making.session, tariff, terms))
    version = version or await _stand_in_version(making, tariff)
    async with making.at(place):
        await _price_list(making, version, wanted.price_list)
    async with making.at(place):
        await _publish(making, version, wanted.valid_from or making.today)
    making.made.append(f"Made the tariff {wanted.name.value}.")


async def _price_list(making: Making, version: TariffVersion, wanted: Sequence[Section]) -> None:
    path = ("input", "priceList")
    if not any(section.items for section in wanted):
        raise RuleBroken("This version has no price list yet.", path=path)
    sections = [
        price_list.Section(
            {"title": section.title.values()},
            (*path, str(number)),
            [
                price_list.SentItem(item.values(), (*path, str(number), "items", str(position)))
                for position, item in enumerate(section.items)
            ],
        )
        for number, section in enumerate(wanted)
    ]
    await price_list.save(making.session, version, sections, path, _at_once)


async def _publish(making: Making, version: TariffVersion, valid_from: date) -> None:
    """Publish the first version of a tariff that nobody has: there is nobody to tell."""
    check_day(valid_from, path=("input", "validFrom"))
    version.valid_from = version.valid_from_for_existing = valid_from
    version.published_at = making.now
    await making.session.flush()


# What has a fault is stood in for, so that what belongs to it is looked at too. It is never
# there to stay: with a fault nothing is written.


async def _stand_in_module(making: Making) -> UUID:
    values = {name: str(uuid4()) for name in ("key", "name", "description")}
    schema = {"data_schema": {"type": "object"}}
    made = await making.flushed(modules.create(making.session, values | schema, None))
    return made.id


async def _stand_in_tariff(making: Making, module_id: UUID) -> TariffRow:
    values = {"name": str(uuid4())}
    creating = tariffs.create(making.session, module_id, values, FIRST_DAY, draws=False)
    return await making.flushed(creating)


async def _stand_in_version(making: Making, tariff: TariffRow) -> TariffVersion:
    terms = STAND_IN_TERMS.values()
    return await making.flushed(tariff_version.create(making.session, tariff, terms))


async def _at_once() -> None:
    """Let nobody else have a turn: there is nobody."""
