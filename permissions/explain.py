"""What a viewer may change, and what it would need: the guards' own declarations, as data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from permissions.fields import Access
from portal.errors import PortalError, Requirement, translatable
from portal.rules.people.request import RequestKind
from portal.viewer import Role, Viewer

# Raises what stands in the way of a mutation in the state that a row is in, for a role.
When = Callable[[Any, Role], None]


@dataclass(frozen=True, slots=True)
class HowToRequest:
    """The mutation that asks for a change, the kind of request to make, and who may."""

    mutation: str
    kind: RequestKind
    access: Access


@dataclass(frozen=True, slots=True)
class Editable:
    """A field of a type, the mutation that changes it, and everything that guards the way.

    ``how_to_request`` leads around the guards, where what they keep can be asked for.
    ``input_path`` leads to the field of the input that holds it, if one does; ``when`` says whether
    the row is in a state for it.
    """

    type_name: str
    field: str
    mutation: str
    guards: tuple[Access, ...]
    how_to_request: HowToRequest | None = None
    input_path: tuple[str, ...] | None = None
    when: When | None = None

    def obstacle(self, state: Any, role: Role) -> PortalError | None:
        """Give what stands in the way in the state that a row is in."""
        if self.when is None:
            return None
        try:
            self.when(state, role)
        except PortalError as obstacle:
            return obstacle.problems[0]
        return None


@dataclass(frozen=True, slots=True)
class FieldPermission:
    """Whether a viewer may change a field, by which mutation, and what that requires.

    ``obstacle`` is what stands in the way of one who meets that.
    """

    field: str
    mutation: str
    input_path: tuple[str, ...] | None
    allowed: bool
    requires: Requirement
    viewer: Viewer
    how_to_request: HowToRequest | None = None
    obstacle: PortalError | None = None


# Every field that some mutation changes; filled when the schema is guarded.
EDITABLE: list[Editable] = []


def permissions_of(
    viewer: Viewer, type_name: str, account_id: UUID, state: Any
) -> Iterator[FieldPermission]:
    """Say for each field of a type that can be changed whether this viewer may, here and now."""
    for editable in EDITABLE:
        if editable.type_name != type_name:
            continue
        refusing = [g for g in editable.guards if not g.allows(viewer, account_id)]
        decisive = refusing[0] if refusing else editable.guards[-1]
        request = editable.how_to_request
        obstacle = editable.obstacle(state, viewer.role)
        may_request = request is not None and request.access.allows(viewer, account_id)
        yield FieldPermission(
            editable.field,
            editable.mutation,
            editable.input_path,
            not refusing and obstacle is None,
            decisive.requirement,
            viewer,
            request if refusing and may_request and obstacle is None else None,
            None if refusing else obstacle,
        )


def reason(permission: FieldPermission) -> str:
    """Give the sentence that says what is missing; ``needed`` fills its placeholders."""
    if permission.obstacle is not None:
        return permission.obstacle.message
    if not _is_role_named(permission):
        return translatable("Only for: {roles}.")
    if permission.requires.member_roles and permission.viewer.role is Role.CUSTOMER:
        return translatable("Only for members who are: {member_roles}.")
    return translatable("This needs a right in the account: {scope}.")


def needed(permission: FieldPermission) -> dict[str, object]:
    """Give what the sentence of a refusal names."""
    if permission.obstacle is not None:
        return permission.obstacle.values
    requires = permission.requires
    return {
        "roles": requires.roles,
        "scope": requires.scope,
        "member_roles": requires.member_roles,
    }


def _is_role_named(permission: FieldPermission) -> bool:
    return not permission.requires.roles or permission.viewer.role in permission.requires.roles
