"""What a person is logged in with."""

from datetime import datetime

import strawberry

from permissions.enums import described
from portal.models.people.credential import CredentialKind
from portal.viewer import Role
from schema.fields import value

described(
    CredentialKind,
    "How a token came about.",
    SESSION="By logging in.",
    API_KEY="Made by the operator for a program.",
)


@strawberry.type(description="A session or a key of yours that is good; its token is not shown.")
class Session:
    """A ``resolvers.queries.people.session.Session``."""

    id: strawberry.ID = value(description="What revokeSession takes.")
    kind: CredentialKind = value(description="How it came about.")
    role: Role = value(description="What it lets you act as.")
    created_at: datetime = value(description="When it was opened.")
    expires_at: datetime = value(description="When it ends by itself.")
    is_current: bool = value(description="Whether this request came with it.")
