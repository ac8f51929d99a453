"""The sessions and keys of the person who asks."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.language import global_id
from portal.models.people.credential import CredentialKind
from portal.viewer import Role
from resolvers.context import Info

_OWN = sa.func.own_sessions(sa.bindparam("token_hash"), sa.bindparam("now")).table_valued(
    "id", "kind", "role", "created_at", "expires_at", "is_current"
)


@dataclass(frozen=True, slots=True)
class Session:
    """A token that is good, without the token."""

    id: str
    kind: CredentialKind
    role: Role
    created_at: datetime
    expires_at: datetime
    is_current: bool


async def own_sessions(info: Info) -> list[Session]:
    """List what the viewer is logged in with, the latest first."""
    token_hash = info.context.viewer.token_hash
    found = await info.context.read(
        sa.select(_OWN), token_hash=token_hash, now=info.context.received_at
    )
    return [
        Session(
            global_id.encode("Session", row.id),
            CredentialKind(row.kind),
            Role(row.role),
            row.created_at,
            row.expires_at,
            row.is_current,
        )
        for row in found
    ]
