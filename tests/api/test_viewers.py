"""A viewer is remembered for a moment; a change of it is noticed at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.installation import Installation
from portal.login.credentials import revoke
from portal.login.seal import Seal
from portal.models import Member
from portal.viewer import MemberRole, Viewer
from portal.web.viewers import Viewers
from tests.api.conftest import CountStatements
from tests.world import Kind, World

PATIENCE = 5
REVOKE = sa.text("UPDATE credential SET revoked_at = now() WHERE token_hash = :token_hash")


@dataclass
class Asked:
    """Asks for viewers at an instant of the test's choice; the wall clock is ``behind`` it."""

    viewers: Viewers
    at: datetime
    behind: timedelta = timedelta()

    async def of_token(self, token: str, at: datetime) -> Viewer | None:
        self.at = at
        found = await self.viewers.of_token(token)
        return found and found[0]

    @property
    def is_listening(self) -> bool:
        return self.viewers.is_listening


@pytest.fixture
async def viewers(database: Database, addresses: Addresses) -> AsyncIterator[Asked]:
    begun = now()
    installation = Installation(database, Seal("s" * 32), now=lambda: asked.at - asked.behind)

    def seconds() -> float:
        return (asked.at - begun).total_seconds()

    asked = Asked(Viewers(installation, addresses, seconds), begun)
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
        for step in (0, 300, 500):
            assert await viewers.of_token(token, at + timedelta(milliseconds=step)) is first
    assert len(sent) <= 1
    with count_statements() as sent:
        assert await viewers.of_token(token, at + timedelta(seconds=2)) is first
    assert len(sent) == 1


async def test_a_wall_clock_that_is_set_back_makes_nobody_remembered_for_longer(
    viewers: Asked, world: World, count_statements: CountStatements
):
    token, at = world.tokens[Kind.OWNER], now()
    await listening(viewers, token)
    await viewers.of_token(token, at)
    viewers.behind = timedelta(hours=1)
    with count_statements() as sent:
        await viewers.of_token(token, at + timedelta(seconds=2))
    assert len(sent) == 1


async def test_those_who_keep_asking_are_looked_up_ahead_all_in_one(
    viewers: Asked, world: World, count_statements: CountStatements
):
    tokens = [world.tokens[kind] for kind in (Kind.OWNER, Kind.READER, Kind.MANAGER)]
    await listening(viewers, tokens[0])
    at = now() + timedelta(seconds=5)
    known = [await viewers.of_token(token, at) for token in tokens]
    later = at + timedelta(milliseconds=700)
    with count_statements() as sent:
        for token in (*tokens, *tokens):
            assert await viewers.of_token(token, later) in known
        assert sent == []
        async with asyncio.timeout(PATIENCE):
            while not sent:
                await asyncio.sleep(0.01)
        # So is what it waits for.
        await viewers.of_token(world.tokens[Kind.PARTNER], later)
        latest = at + timedelta(milliseconds=1200)
        assert [await viewers.of_token(token, latest) for token in tokens] == known
    assert len(sent) == 2


async def test_what_is_revoked_is_not_remembered_ahead(
    viewers: Asked, world: World, superuser: AsyncEngine
):
    token = world.tokens[Kind.READER]
    await listening(viewers, token)
    at = now() + timedelta(seconds=5)
    seen = await viewers.of_token(token, at)
    assert await viewers.of_token(token, at + timedelta(milliseconds=700)) is seen
    async with superuser.begin() as connection:
        await connection.execute(REVOKE, {"token_hash": seen.token_hash})
    async with asyncio.timeout(PATIENCE):
        while await viewers.of_token(token, at + timedelta(milliseconds=800)):
            await asyncio.sleep(0.01)


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
        (REVOKE.text, None),
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


async def test_a_database_that_does_not_answer_is_not_waited_for(
    viewers: Asked, world: World, superuser: AsyncEngine, monkeypatch: pytest.MonkeyPatch
):
    token, at = world.tokens[Kind.OWNER], now()
    monkeypatch.setattr("portal.web.viewers._PATIENCE_SECONDS", 0.05)
    async with superuser.connect() as connection:
        await connection.execute(sa.text("LOCK TABLE credential IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(TimeoutError):
            await viewers.of_token(token, at)
        await connection.rollback()
    monkeypatch.undo()
    assert await viewers.of_token(token, at) is not None
