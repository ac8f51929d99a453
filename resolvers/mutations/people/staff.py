"""Changes to staff and permission profiles: one at a time, by managers."""

from typing import Any

from portal.actions.people import staff as actions
from portal.errors import Conflict, InvalidInput, NotFound
from portal.models import PermissionProfile, Staff
from resolvers.changing.run import Change, starting
from resolvers.changing.shared import found, row_of
from resolvers.given import sent_or_none
from schema.types.people import staff as types


@starting()
async def save_permission_profile(
    change: Change, _row: None, given: types.SavePermissionProfileInput
) -> PermissionProfile:
    await _take_turn(change)
    name, scopes = sent_or_none(given.name), sent_or_none(given.scopes)
    if sent_or_none(given.id) is None:
        return _new_profile(change, given, name, scopes)
    profile: PermissionProfile = await row_of(change, PermissionProfile, given)
    await actions.change_profile(change.session, profile, name, scopes, change.context.now)
    return profile


def _new_profile(change: Change, given: Any, name: str | None, scopes: Any) -> PermissionProfile:
    if sent_or_none(given.expected_version) is not None:
        raise Conflict("A new profile has no version yet.", path=["input", "expectedVersion"])
    for field, value in (("name", name), ("scopes", scopes)):
        if value is None:
            raise InvalidInput("Must not be empty.", path=["input", field])
    profile = PermissionProfile()
    actions.set_profile(profile, name, scopes)
    change.session.add(profile)
    return profile


@starting()
async def assign_permission_profile(
    change: Change, _row: None, given: types.AssignPermissionProfileInput
) -> Staff:
    await _take_turn(change)
    staff: Staff = await row_of(change, Staff, given)
    profile = await _profile(change, given.permission_profile_id)
    await actions.assign_profile(change.session, staff, profile, change.context.now)
    return staff


@starting()
async def add(change: Change, _row: None, given: types.AddStaffInput) -> Staff:
    await _take_turn(change)
    profile_id = sent_or_none(given.permission_profile_id)
    wanted = actions.NewStaff(
        given.email,
        given.role,
        await _profile(change, profile_id) if profile_id is not None else None,
        sent_or_none(given.name),
        sent_or_none(given.language),
    )
    return await actions.add(change.session, wanted, change.context.now)


@starting()
async def deactivate(change: Change, _row: None, given: types.DeactivateStaffInput) -> Staff:
    await _take_turn(change)
    staff: Staff = await row_of(change, Staff, given)
    await actions.deactivate(change.session, staff, change.context.now)
    return staff


async def _take_turn(change: Change) -> None:
    await actions.take_turn(change.session, change.person_id)
    await change.transaction.confirm()


async def _profile(change: Change, id: str) -> PermissionProfile:
    profile: PermissionProfile | None = await found(change, PermissionProfile, id)
    if profile is None:
        raise NotFound("There is no such profile.", path=["input", "permissionProfileId"])
    return profile
