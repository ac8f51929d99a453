"""Every mutation, for every kind of viewer who may not: what it takes is told, nothing changes."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions.fields import Access
from permissions.guards import access_of
from tests.permission_matrix.attempt import Attempt
from tests.permission_matrix.coordinate import CORE, everything_sent, may
from tests.saying import not_logged_in, not_permitted
from tests.world import Kind
from tests.writing import Writer, problem, refusal

REFUSAL = (
    "{ __typename ... on Refusal"
    " { problems { code path message required { roles scope memberRoles } } } }"
)


@pytest.mark.reads
@pytest.mark.parametrize("kind", Kind)
async def test_whoever_may_not_is_told_what_it_takes_and_changes_nothing(
    kind: Kind, writer: Writer, owner_engine: AsyncEngine
):
    before = await writer.fingerprint()
    async with owner_engine.connect() as connection:
        attempt = Attempt(writer.api, writer.world, kind, connection)
        for name, field in CORE.type_map["Mutation"].fields.items():
            if not may(kind, access_of(field)):
                call = attempt.earnest(name)
                await send(writer, kind, call, refused(kind, access_of(field), name))
                continue
            for sent in everything_sent("Mutation"):
                *above, own = (may(kind, access) for access in sent.guards)
                if sent.field == name and all(above) and not own:
                    call = attempt.earnest(name, [sent.path])
                    await send(writer, kind, call, refused(kind, sent.guards[-1], *sent.path))
    assert await writer.fingerprint() == before


async def send(writer: Writer, kind: Kind, call: str, answer: dict[str, Any]) -> None:
    """Send a mutation, which has to be answered exactly so."""
    response = await writer.api(f"mutation {{ {call} {REFUSAL} }}", writer.world.tokens[kind])
    assert list(response["data"].values()) == [answer], (call, response)


def refused(kind: Kind, access: Access, *path: str) -> dict[str, Any]:
    """Give the refusal of a mutation, or of what stands at a path of its input."""
    required = {
        "roles": list(access.roles),
        "scope": access.scope,
        "memberRoles": list(access.member_roles),
    }
    where = ".".join(path) if len(path) > 1 else ""
    if kind is Kind.ANONYMOUS:
        return refusal(problem("UNAUTHENTICATED", where, not_logged_in(path[-1]), required))
    return refusal(problem("FORBIDDEN", where, not_permitted(path[-1]), required))
