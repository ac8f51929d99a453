"""Publishing and withdrawing versions of tariffs."""

from datetime import date
from typing import Any

from portal.actions.modules import publication as actions
from portal.actions.modules.publication_preview import Shown, shown_of
from portal.models import TariffVersion, VersionJob
from resolvers.changing.preview import preview_of
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import row_of
from resolvers.given import sent_or_none
from schema.types.modules import publication as types


async def shown(change: Change, job: VersionJob) -> Shown:
    """Read back what publishing did."""
    return await shown_of(change.session, job)


@starting(shows=shown)
async def publish(change: Change, _row: None, given: types.PublishVersionInput) -> VersionJob:
    version: TariffVersion = await row_of(change, TariffVersion, given)
    days = _days(given.valid_from, given)
    policy = change.context.installation.rise_policy
    return await actions.publish(change.session, version, days, policy, change.context.now)


preview = preview_of(publish, "publishVersion")


@starting()
async def withdraw(change: Change, _row: None, given: types.WithdrawVersionInput) -> VersionJob:
    version: TariffVersion = await row_of(change, TariffVersion, given)
    return await actions.withdraw(change.session, version, change.context.now)


@starting()
async def assess(change: Change, _row: None, given: types.AssessVersionInput) -> VersionJob:
    version: TariffVersion = await row_of(change, TariffVersion, given)
    valid_from = sent_or_none(given.valid_from)
    days = None if valid_from is None else _days(valid_from, given)
    return await actions.assess(change.session, version, days, change.context.now)


def _days(valid_from: date, given: Any) -> actions.Days:
    return actions.Days(valid_from, sent_or_none(given.valid_from_for_existing) or valid_from)
