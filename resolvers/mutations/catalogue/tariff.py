"""Tariffs, and the drafts of their versions."""

import asyncio
from dataclasses import is_dataclass
from datetime import date
from typing import Any

from portal.actions.catalogue import price_list, price_list_file, tariff_version
from portal.actions.catalogue import tariff as actions
from portal.actions.catalogue.price_list import Section, SentItem
from portal.actions.upload import text_once
from portal.clock import OPERATOR_ZONE
from portal.errors import NotFound, faults_below
from portal.models import Tariff, TariffVersion
from portal.rules.calendar import local_day
from portal.rules.catalogue import price_list_csv
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import found, row_of
from resolvers.given import changes_in, id_in, sent_or_none, values_of
from schema.types.catalogue import tariff_input as types

_FILE = ("input", "uploadId")
_NAMES = ("name", "offer_number", "offer_expires_on", "offer_most_uses")


@starting()
async def create(change: Change, _row: None, given: types.CreateTariffInput) -> Tariff:
    sent = _whole(given)
    return await actions.create(
        change.session,
        id_in("Module", given.module_id),
        {name: sent[name] for name in _NAMES if name in sent},
        _today(change),
        draws=given.draw_offer_number,
    )


@starting()
async def update(change: Change, _row: None, given: types.UpdateTariffInput) -> Tariff:
    tariff: Tariff = await row_of(change, Tariff, given)
    actions.update(tariff, changes_in(given), _today(change))
    return tariff


@starting()
async def close(change: Change, _row: None, given: types.CloseTariffInput) -> Tariff:
    tariff: Tariff = await row_of(change, Tariff, given)
    changes = changes_in(given)
    if "closed_from" in changes:
        await actions.close(change.session, tariff, changes["closed_from"], _today(change))
    return tariff


@starting()
async def create_version(
    change: Change, _row: None, given: types.CreateVersionInput
) -> TariffVersion:
    tariff: Tariff | None = await found(change, Tariff, given.tariff_id)
    if tariff is None:
        raise NotFound("There is no such tariff.", path=["input", "tariffId"])
    terms = sent_or_none(given.terms)
    return await tariff_version.create(change.session, tariff, terms and _terms(terms))


@starting()
async def update_version(
    change: Change, _row: None, given: types.UpdateVersionInput
) -> TariffVersion:
    draft: TariffVersion = await row_of(change, TariffVersion, given)
    tariff_version.set_terms(draft, _terms(given.terms))
    return draft


@starting()
async def save_price_list(
    change: Change, _row: None, given: types.SavePriceListInput
) -> TariffVersion:
    draft: TariffVersion = await row_of(change, TariffVersion, given)
    tariff_version.check_draft(draft)
    path = ("input", "sections")
    sections = [
        _section(section, (*path, str(place))) for place, section in enumerate(given.sections)
    ]
    await price_list.save(change.session, draft, sections, path, change.context.pace.turn)
    tariff_version.touch(draft)
    return draft


@starting()
async def import_price_list(
    change: Change, _row: None, given: types.ImportPriceListInput
) -> TariffVersion:
    draft: TariffVersion = await row_of(change, TariffVersion, given)
    tariff_version.check_draft(draft)
    text = await text_once(change.session, id_in("Upload", given.upload_id))
    with faults_below(*_FILE):
        # It takes its time, and knows nothing of this one.
        lines = await asyncio.to_thread(price_list_csv.read, text)
    sections = price_list_file.sections_of(lines, _FILE)
    await price_list.save(change.session, draft, sections, _FILE, change.context.pace.turn)
    tariff_version.touch(draft)
    return draft


@starting()
async def delete_draft(change: Change, _row: None, given: types.DeleteDraftInput) -> Tariff:
    draft: TariffVersion = await row_of(change, TariffVersion, given)
    tariff: Tariff = await change.session.get_one(Tariff, draft.tariff_id)
    await tariff_version.delete(change.session, draft)
    return tariff


def _today(change: Change) -> date:
    return local_day(change.context.now, OPERATOR_ZONE)


def _section(given: Any, path: price_list.Path) -> Section:
    items = [
        SentItem(_whole(item), (*path, "items", str(place)))
        for place, item in enumerate(given.items)
    ]
    return Section({"title": values_of(given.title)}, path, items)


def _terms(given: Any) -> dict[str, Any]:
    return {"renewal_term": None} | _whole(given)


def _whole(given: Any) -> dict[str, Any]:
    """Give what was sent of an input, with its own inputs as values."""
    return {
        name: values_of(value) if is_dataclass(value) else value
        for name, value in values_of(given).items()
    }
