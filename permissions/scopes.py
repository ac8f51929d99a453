"""Which scopes a member, an employee or an app holds, as one table."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from portal.login.credentials import Credential
from portal.viewer import SCOPES_OF_STAFF, Grant, Language, MemberRole, Role, Scope, Viewer

SCOPES_OF_MEMBERS: Mapping[MemberRole, frozenset[Scope]] = MappingProxyType(
    {
        MemberRole.OWNER: frozenset(Scope) - SCOPES_OF_STAFF,
        MemberRole.ADMIN: frozenset(Scope) - SCOPES_OF_STAFF,
        MemberRole.BILLING: frozenset(
            {
                Scope.ACCOUNT_READ,
                Scope.CONTRACT_EDIT,
                Scope.FINANCIALS,
                Scope.FILES_READ,
                Scope.HISTORY,
            }
        ),
        MemberRole.READER: frozenset({Scope.ACCOUNT_READ, Scope.FILES_READ}),
    }
)


def viewer_of(credential: Credential) -> Viewer:
    """Give the viewer that a token stands for."""
    grants = {
        account_id: Grant(SCOPES_OF_MEMBERS[member_role], member_role)
        for account_id, member_role in credential.memberships.items()
    }
    for account_id, scopes in credential.authorizations:
        held = grants.get(account_id, Grant()).scopes
        grants[account_id] = Grant(held | scopes)
    return Viewer(
        role=credential.role,
        id=credential.id,
        name=credential.name,
        language=Language(credential.language),
        grants=MappingProxyType[UUID, Grant](grants),
        everywhere=Grant(_everywhere(credential)),
        token_hash=credential.token_hash,
    )


def _everywhere(credential: Credential) -> frozenset[Scope]:
    if credential.role is Role.MANAGER:
        return frozenset(Scope)
    return credential.profile if credential.role is Role.EMPLOYEE else frozenset()
