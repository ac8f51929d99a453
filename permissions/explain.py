"""What a viewer may change, and what it would need: the guards' own declarations, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from permissions.fields import Access
from portal.errors import Requirement, translatable
from portal.rules.people.request import RequestKind
from portal.viewer import Role, Viewer


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
    """

    type_name: str
    field: str
    mutation: str
    guards: tuple[Access, ...]
    how_to_request: HowToRequest | None = None


@dataclass(frozen=True, slots=True)
class FieldPermission:
    """Whether a viewer may change a field, by which mutation, and what that requires."""

    field: str
    mutation: str
    allowed: bool
    requires: Requirement
    viewer: Viewer
    how_to_request: HowToRequest | None = None


# Every field that some mutation changes; filled when the schema is guarded.
EDITABLE: list[Editable] = []


def permissions_of(viewer: Viewer, type_name: str, account_id: UUID) -> Iterator[FieldPermission]:
    """Say for each field of a type that can be changed whether this viewer may, here."""
    for editable in EDITABLE:
        if editable.type_name != type_name:
            continue
        refusing = [g for g in editable.guards if not g.allows(viewer, account_id)]
        decisive = refusing[0] if refusing else editable.guards[-1]
        request = editable.how_to_request
        may_request = refusing and request and request.access.allows(viewer, account_id)
        yield FieldPermission(
            editable.field,
            editable.mutation,
            not refusing,
            decisive.requirement,
            viewer,
            request if may_request else None,
        )


def reason(permission: FieldPermission) -> str:
    """Give the sentence that says what is missing; ``needed`` fills its placeholders."""
    if not _is_role_named(permission):
        return translatable("Only for: {roles}.")
    if permission.requires.member_roles and permission.viewer.role is Role.CUSTOMER:
        return translatable("Only for members who are: {member_roles}.")
    return translatable("This needs a right in the account: {scope}.")


def needed(permission: FieldPermission) -> dict[str, object]:
    """Give what the sentence of a refusal names."""
    requires = permission.requires
    return {
        "roles": requires.roles,
        "scope": requires.scope,
        "member_roles": requires.member_roles,
    }


def _is_role_named(permission: FieldPermission) -> bool:
    return not permission.requires.roles or permission.viewer.role in permission.requires.roles
