"""A viewer is remembered for a moment; a change of it is noticed at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.addresses import Addresses
from portal.clock import now
from portal.credentials import revoke
from portal.database import Database
from portal.installation import Installation
from portal.models import Member
from portal.seal import Seal
from portal.viewer import MemberRole, Viewer
from portal.web.viewers import Viewers
from tests.api.conftest import CountStatements
from tests.world import Kind, World

PATIENCE = 5


@dataclass
class Asked:
    """Asks for viewers at an instant of the test's choice."""

    viewers: Viewers
    at: datetime

    async def of_token(self, token: str, at: datetime) -> Viewer | None:
        self.at = at
        found = await self.viewers.of_token(token)
        return found and found[0]

    @property
    def is_listening(self) -> bool:
        return self.viewers.is_listening


@pytest.fixture
async def viewers(database: Database, addresses: Addresses) -> AsyncIterator[Asked]:
    installation = Installation(database, Seal("s" * 32), now=lambda: asked.at)
    asked = Asked(Viewers(installation, addresses), now())
    yield asked
    await asked.viewers.close()


async def listening(viewers: Asked, token: str) -> None:
    """Wait until announcements are heard, from when on a viewer stays."""
    async with asyncio.timeout(PATIENCE):
        while not viewers.is_listening:
            await viewers.of_token(token, now())
            await asyncio.sleep(0.01)
    await viewers.of_token(token, now())


async def test_a_viewer_is_looked_up_once_in_a_second(
    viewers: Asked, world: World, count_statements: CountStatements
):
    token = world.tokens[Kind.OWNER]
    await listening(viewers, token)
    at = now()
    with count_statements() as sent:
        first = await viewers.of_token(token, at)
        for step in (0, 300, 600, 900):
            assert await viewers.of_token(token, at + timedelta(milliseconds=step)) is first
    assert len(sent) <= 1
    with count_statements() as sent:
        assert await viewers.of_token(token, at + timedelta(seconds=2)) == first
    assert len(sent) == 1


async def test_what_this_process_revokes_is_over_at_once(
    viewers: Asked, world: World, database: Database
):
    token = world.tokens[Kind.OWNER]
    await listening(viewers, token)
    assert await viewers.of_token(token, now()) is not None
    await revoke(database, token, now())
    assert await viewers.of_token(token, now()) is None


@pytest.mark.parametrize(
    ("statement", "role"),
    [
        ("UPDATE credential SET revoked_at = now() WHERE token_hash = :token_hash", None),
        ("UPDATE member SET role = 'ADMIN' WHERE person_id = :id", MemberRole.ADMIN),
    ],
)
async def test_what_another_process_changes_is_announced(
    viewers: Asked, world: World, superuser: AsyncEngine, statement: str, role: MemberRole | None
):
    """The instant stands still, so nothing here is forgotten because of its age."""
    token, at = world.tokens[Kind.READER], now()
    await listening(viewers, token)
    seen = await viewers.of_token(token, at)
    assert seen
    assert seen.grant_in(world.own.account_id).member_role is MemberRole.READER
    async with superuser.begin() as connection:
        await connection.execute(sa.text(statement), {"token_hash": seen.token_hash, "id": seen.id})
    async with asyncio.timeout(PATIENCE):
        while (found := await viewers.of_token(token, at)) is seen:
            await asyncio.sleep(0.005)
    assert (found.grant_in(world.own.account_id).member_role if found else None) is role


async def test_reading_is_no_change(viewers: Asked, world: World, superuser: AsyncEngine):
    token, at = world.tokens[Kind.OWNER], now()
    await listening(viewers, token)
    seen = await viewers.of_token(token, at)
    async with superuser.begin() as connection:
        await connection.execute(sa.select(Member).limit(1))
    assert await viewers.of_token(token, at) is seen
