"""What managers do with staff and permission profiles.

Every change takes its turn by locking the active managers in the order of their ids, so that no two
of them are carried out at once, and the last manager is known to be the last.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.people.invitation import end_without_right
from portal.actions.people.person import PersonOf, person_of
from portal.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    Requirement,
    RuleBroken,
)
from portal.models import Invitation, PermissionProfile, Staff
from portal.rules.partner.app_authorization import in_order
from portal.viewer import STAFF, Language, Role, Scope
from portal.writing.changes import apply_changes

_END_SESSIONS = sa.text("SELECT end_staff_sessions(:person_id, :at)")


async def take_turn(session: AsyncSession, person_id: UUID) -> None:
    """Wait for other changes of staff; whoever is no manager any more by then is refused."""
    managers = await session.scalars(
        sa.select(Staff.person_id)
        .where(Staff.role == Role.MANAGER, Staff.deactivated_at.is_(None))
        .order_by(Staff.id)
        .with_for_update()
    )
    if person_id not in managers.all():
        raise Forbidden("You are no manager any more.", required=Requirement((Role.MANAGER,)))


async def change_profile(
    session: AsyncSession,
    profile: PermissionProfile,
    name: str | None,
    scopes: Collection[Scope] | None,
    now: datetime,
) -> None:
    """Change a profile, and end the invitations of whom that leaves without the right to invite."""
    set_profile(profile, name, scopes)
    holders = sa.select(Staff.person_id).where(Staff.permission_profile_id == profile.id)
    await end_without_right(session, now, Invitation.invited_by.in_(holders))


def set_profile(
    profile: PermissionProfile, name: str | None, scopes: Collection[Scope] | None
) -> None:
    """Name a profile and say what it holds; None leaves either as it is."""
    if name is not None:
        apply_changes(profile, {"name": name})
    if scopes is not None and in_order(scopes) != profile.scopes:
        profile.scopes = in_order(scopes)


async def assign_profile(
    session: AsyncSession, staff: Staff, profile: PermissionProfile, now: datetime
) -> None:
    """Let an employee hold what a profile holds; a manager becomes an employee by it."""
    if staff.deactivated_at is not None:
        raise RuleBroken("This member of staff is deactivated.", path=["input", "id"])
    if staff.role == Role.MANAGER:
        await _keep_a_manager(session, staff)
        await _end_sessions(session, staff, now)
        staff.role = Role.EMPLOYEE
    staff.permission_profile_id = profile.id
    await end_without_right(session, now, Invitation.invited_by == staff.person_id)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Who shall work for the operator; name and language are those of a new person alone."""

    email: str
    role: Role
    profile: PermissionProfile | None
    name: str | None
    language: Language | None


async def add(session: AsyncSession, wanted: NewStaff, now: datetime) -> Staff:
    """Let somebody work for the operator: a known person, or a new one without a password yet."""
    check_role(wanted.role, wanted.profile)
    known = PersonOf(wanted.email, wanted.name, wanted.language)
    person = await person_of(session, known, now, ("input",))
    staff = await session.scalar(
        sa.select(Staff).where(Staff.person_id == person.id).with_for_update()
    )
    if staff is None:
        staff = Staff(person_id=person.id)
        session.add(staff)
    elif staff.deactivated_at is None:
        raise Conflict("This person is staff already.", path=["input", "email"])
    staff.role = wanted.role
    staff.permission_profile_id = wanted.profile.id if wanted.profile else None
    staff.deactivated_at = None
    return staff


async def promote(session: AsyncSession, person_id: UUID) -> bool:
    """Make somebody a manager, whatever they were; False for whoever is one."""
    staff = await session.scalar(
        sa.select(Staff).where(Staff.person_id == person_id).with_for_update()
    )
    if staff is None:
        staff = Staff(person_id=person_id)
        session.add(staff)
    elif staff.role is Role.MANAGER and staff.deactivated_at is None:
        return False
    staff.role = Role.MANAGER
    staff.permission_profile_id = None
    staff.deactivated_at = None
    return True


def check_role(role: Role, profile: PermissionProfile | None) -> None:
    """Refuse an employee without a profile, and a manager with one."""
    if role not in STAFF:
        raise InvalidInput("Staff are employees or managers.", path=["input", "role"])
    if (role is Role.EMPLOYEE) != (profile is not None):
        raise InvalidInput(
            "An employee needs a permission profile, and a manager has none.",
            path=["input", "permissionProfileId"],
        )


async def deactivate(session: AsyncSession, staff: Staff, now: datetime) -> None:
    """Close the portal to a member of staff, as staff; sessions as a customer go on."""
    if staff.deactivated_at is not None:
        return
    if staff.role == Role.MANAGER:
        await _keep_a_manager(session, staff)
    await _end_sessions(session, staff, now)
    staff.deactivated_at = now
    await end_without_right(session, now, Invitation.invited_by == staff.person_id)


async def _keep_a_manager(session: AsyncSession, staff: Staff) -> None:
    """Refuse to do without the last active manager; ``take_turn`` has locked them all."""
    another = await session.scalar(
        sa.select(Staff.id)
        .where(Staff.role == Role.MANAGER, Staff.deactivated_at.is_(None), Staff.id != staff.id)
        .limit(1)
    )
    if another is None:
        raise RuleBroken("The last manager stays a manager.", path=["input", "id"])


async def _end_sessions(session: AsyncSession, staff: Staff, now: datetime) -> None:
    """End what a role opened, so that no token comes to life again with the role."""
    await session.execute(_END_SESSIONS, {"person_id": staff.person_id, "at": now})
