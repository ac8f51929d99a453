"""Who may use a field, an argument or an input field: declared beside it, printed in the SDL.

The same declarations guard (``permissions.guards``), explain (``viewerCan``) and document (the
``@allowed`` directive and the permission matrix).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from strawberry.schema_directive import Location

import permissions.enums  # noqa: F401  (published before the directive names them)
from portal.errors import Forbidden, PortalError, Requirement, Unauthenticated, translatable
from portal.language.phrase import Named
from portal.viewer import Grant, MemberRole, Role, Scope, Viewer

_KEY = "portal.access"


@strawberry.schema_directive(
    locations=[
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
    ],
    description=(
        "Who may use this: callers in one of the roles who hold the scope in the account at hand;"
        " where memberRoles is given, customers need one of those as well."
    ),
)
class Allowed:
    """The printed form of an ``Access``."""

    roles: list[Role]
    scope: Scope | None = strawberry.UNSET
    member_roles: list[MemberRole] | None = strawberry.UNSET


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use one thing. No roles means everyone."""

    roles: tuple[Role, ...] = ()
    scope: Scope | None = None
    member_roles: tuple[MemberRole, ...] = ()

    def options(self) -> dict[str, Any]:
        """Give the options that declare this access on a Strawberry field or argument."""
        if not self.roles:
            return {"metadata": {_KEY: self}}
        directive = Allowed(roles=list(self.roles))
        if self.scope:
            directive.scope = self.scope
        if self.member_roles:
            directive.member_roles = list(self.member_roles)
        return {"metadata": {_KEY: self}, "directives": [directive]}

    def is_open_to(self, role: Role) -> bool:
        """Say whether the role is named, whatever else is needed."""
        return not self.roles or role in self.roles

    def is_held(self, grant: Grant) -> bool:
        """Say whether a grant holds the scope and is one of the member roles."""
        if self.scope is not None and self.scope not in grant.scopes:
            return False
        return (
            not self.member_roles
            or grant.member_role is None
            or grant.member_role in self.member_roles
        )

    def allows(self, viewer: Viewer, account_id: UUID | None) -> bool:
        """Say whether a viewer may use this in an account.

        Without an account (a root, or a row that nobody sees) only what staff hold everywhere
        counts.
        """
        if not self.is_open_to(viewer.role):
            return False
        grant = viewer.everywhere if account_id is None else viewer.grant_in(account_id)
        return self.is_held(grant)

    def is_held_by(self, viewer: Viewer, account_id: UUID | None) -> bool:
        """Say whether a viewer may use this for what is asked of an account, or of all of theirs.

        Without an account it is asked of each that the viewer sees: what a list is filtered or
        ordered by tells of every row.
        """
        if account_id is not None or viewer.is_staff:
            return self.allows(viewer, account_id)
        return self.is_open_to(viewer.role) and all(map(self.is_held, viewer.held))

    @property
    def requirement(self) -> Requirement:
        """What a refused caller would need."""
        return Requirement(self.roles, self.scope, self.member_roles)

    def refusal(self, viewer: Viewer, name: str, path: tuple[str, ...] = ()) -> PortalError:
        """Give the error for a viewer who may not use ``name``."""
        called, required = Named(name), self.requirement
        if viewer.id:
            message = translatable("You have no permission for this: {name}.")
            return Forbidden(message, path=path, required=required, name=called)
        message = translatable("Log in first, for this: {name}.")
        return Unauthenticated(message, path=path, required=required, name=called)


EVERYONE = Access()


def allowed(
    *roles: Role, scope: Scope | None = None, member_roles: tuple[MemberRole, ...] = ()
) -> Access:
    """Declare who may use a field, an argument or an input field."""
    return Access(roles, scope, member_roles)


def declared(definition: Any) -> Access | None:
    """Give the access that a Strawberry field or argument declares; None when it forgot."""
    access = definition.metadata.get(_KEY)
    return access if isinstance(access, Access) else None


# Which access guards what is stored under ``Model.attribute``; filled when the schema is guarded.
STORED: dict[str, Access] = {}
# Under which name the schema shows it: ``Type.field``, or ``Type.field.field``; filled likewise.
SHOWN_AS: dict[str, str] = {}


def readable_by(viewer: Viewer) -> list[str]:
    """List what the viewer may read of what is stored.

    Entries are ``account/Model.attribute``; with ``*`` for an account where the viewer is staff.
    """
    known: list[str] | None = viewer.known.get("readable")
    if known is None:
        known = viewer.known["readable"] = list(_readable(viewer))
    return known


def _readable(viewer: Viewer) -> Iterator[str]:
    accounts: Mapping[Any, Grant] = {"*": viewer.everywhere} if viewer.is_staff else viewer.grants
    for account, grant in accounts.items():
        for name, access in STORED.items():
            if access.is_open_to(viewer.role) and access.is_held(grant):
                yield f"{account}/{name}"
