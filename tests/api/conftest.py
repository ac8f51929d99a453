"""The application over the tests' database, driven without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.applications import Starlette

from portal.database.addresses import APP, STAFF, Addresses
from portal.database.engines import LOCK_PREPARED
from portal.database.read_pool import ReadPool
from portal.language.global_id import encode
from portal.login import hashing
from portal.models import Base
from portal.settings.settings import Settings
from portal.writing.transaction import Transaction
from resolvers import pace
from tests import factories
from tests.api.asking import Api, api_of, application, client_of, own_client
from tests.api.cancelling import Book, Hand, booking
from tests.api.ordering import today
from tests.api.playing import CHEAP, People
from tests.world import AccountWorld, World, account_world, add_staff, make_world
from tests.writing import Writer, rows_of

Write = Callable[..., Awaitable[None]]
CountStatements = Callable[[], AbstractContextManager[list[str]]]

_AT_ONCE = 4
"""Accounts that are written together."""


@pytest.fixture(scope="session")
async def app(
    addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Starlette]:
    """The application in development, without the npm package's files."""
    # Tests that send many at once wait for their answers, however slow the machine is, and one of
    # them guesses a thousand times.
    settings = Settings(
        data=tmp_path_factory.mktemp("data"),
        queue_seconds=60,
        concurrency=6,
        budget=10**8,
    )
    async with application(settings, addresses) as app:
        yield app


@pytest.fixture(autouse=True)
async def _no_mails_yet(superuser: AsyncEngine) -> None:
    """Let no test use up what another one may send to the same address."""
    async with superuser.begin() as connection:
        await connection.execute(sa.text("DELETE FROM rate_event"))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[AsyncClient]:
    """A program that speaks HTTP."""
    async with client_of(app) as client:
        yield client


@pytest.fixture(scope="session")
async def standard_api(
    addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Api]:
    """Ask an application whose compiled lane is off."""
    settings = Settings(data=tmp_path_factory.mktemp("standard"), compiled_reading=False)
    async with own_client(settings, addresses) as client:
        yield api_of(client)


@pytest.fixture(scope="session")
async def compiled_api(
    addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Api]:
    """Ask an application whose compiled lane is on."""
    settings = Settings(data=tmp_path_factory.mktemp("compiled"), compiled_reading=True)
    async with own_client(settings, addresses) as client:
        yield api_of(client)


@pytest.fixture(params=["standard_api", "compiled_api"])
def lane(request: pytest.FixtureRequest) -> Api:
    """Either way of reading."""
    lane: Api = request.getfixturevalue(request.param)
    return lane


@pytest.fixture
def api(client: AsyncClient) -> Api:
    """Ask the portal over HTTP: a document, whose token, and the variables."""
    return api_of(client)


@pytest.fixture(scope="session")
async def owner_engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    """Give the way of the role that owns the tables."""
    engine = create_async_engine(addresses.owner)
    yield engine
    await engine.dispose()


@pytest.fixture
def write(owner_engine: AsyncEngine) -> Write:
    """Write rows as the owner of the tables, and commit."""

    async def write(*rows: Base) -> None:
        await factories.write(owner_engine, rows)

    return write


@pytest.fixture(scope="session")
async def seen_world(owner_engine: AsyncEngine, superuser: AsyncEngine) -> AsyncIterator[World]:
    """A world for all tests that only read; at the end it has to be as it was."""
    made = make_world()
    await factories.write(owner_engine, [*made.own.rows, *made.foreign.rows])
    accounts = [made.own.account_id, made.foreign.account_id]
    before = await rows_of(superuser, *accounts)
    yield made
    assert await rows_of(superuser, *accounts) == before, "a test marked `reads` wrote"


@pytest.fixture(scope="session")
async def neighbour(owner_engine: AsyncEngine) -> AccountWorld:
    """An account that knows nothing of those that tests change."""
    made = account_world()
    await factories.write(owner_engine, made.rows)
    return made


@pytest.fixture(scope="session")
def fresh_account(owner_engine: AsyncEngine) -> Callable[[], Awaitable[AccountWorld]]:
    """Give an account that nobody had yet; several are written at once, at half the cost."""
    written: list[AccountWorld] = []

    async def fresh() -> AccountWorld:
        if not written:
            written.extend(account_world() for _ in range(_AT_ONCE))
            for account in written:
                add_staff(account)
            await factories.write(owner_engine, [row for one in written for row in one.rows])
        return written.pop(0)

    return fresh


@pytest.fixture
async def world(
    request: pytest.FixtureRequest,
    fresh_account: Callable[[], Awaitable[AccountWorld]],
    seen_world: World,
    neighbour: AccountWorld,
) -> World:
    """Two accounts, with everybody who may look at the first, which is this test's own.

    A test that only reads says so, ``pytest.mark.reads``: it gets what all of these look at.
    """
    if request.node.get_closest_marker("reads"):
        return seen_world
    return World(await fresh_account(), neighbour)


@pytest.fixture
def count_statements() -> CountStatements:
    """Collect the statements that the application sends, but for naming the viewer.

    What begins and ends a transaction is no statement of ours either.
    """
    return lambda: _statements(
        lambda text: not text.endswith(_ENDS) and not any(other in text for other in _OF_NO_REQUEST)
    )


@pytest.fixture
def all_statements() -> CountStatements:
    """Collect every statement of a request, those too that name the viewer or end a mutation."""
    others = ("find_credential(", "lease_cost(", LOCK_PREPARED)
    return lambda: _statements(lambda text: not any(other in text for other in others))


@pytest.fixture
def count_leases() -> CountStatements:
    """Collect the statements that take a lease of a caller's budget."""
    return lambda: _statements(lambda text: "lease_cost(" in text)


# A lease of the caller's budget is for many requests.
_OF_NO_REQUEST = ("set_config('portal.viewer'", "lease_cost(", LOCK_PREPARED)
_ENDS = ("COMMIT", "ROLLBACK")


@contextmanager
def _statements(counts: Callable[[str], bool]) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        served = connection.engine.url.username in {APP, STAFF}
        if served and counts(statement):
            sent.append(statement)

    fetch, send = ReadPool.fetch, Transaction._sent  # noqa: SLF001 -- nothing else sees them all

    async def noted(pool: ReadPool, text: str, arguments: list[Any]) -> bytes:
        if counts(text):
            sent.append(text)
        return await fetch(pool, text, arguments)

    async def noted_too(transaction: Transaction, way: Any, text: str, *arguments: Any) -> Any:
        if counts(text):
            sent.append(text)
        return await send(transaction, way, text, *arguments)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReadPool, "fetch", noted)
        patch.setattr(Transaction, "_sent", noted_too)
        yield sent
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def one_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine what is loaded at once would be what is worked on in one stretch."""
    monkeypatch.setattr(pace, "STRETCH_SECONDS", 600)


@pytest.fixture
def writer(api: Api, world: World, superuser: AsyncEngine) -> Writer:
    """Send mutations about the world's own account, and look at what they wrote."""
    return Writer(api, world, superuser)


@pytest.fixture
def people(
    app: Starlette, client: AsyncClient, superuser: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> People:
    """Play people who register, log in and forget their passwords, which are hashed in no time."""
    monkeypatch.setattr(hashing, "_hasher", CHEAP)
    monkeypatch.setattr(hashing, "_nobody", CHEAP.hash("nobody's"))
    return People(app, client, superuser)


@pytest.fixture
async def documents(write: Write) -> list[str]:
    """The ids of what has to be agreed to now, in English: one document of each kind."""
    terms, data_protection = (
        factories.consent_document(published_on=today(), kind=kind)
        for kind in ("TERMS", "DATA_PROTECTION")
    )
    await write(terms, data_protection)
    return [encode("ConsentDocument", row.id) for row in (terms, data_protection)]


@pytest.fixture(scope="session")
async def timed(
    addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Starlette, Hand]]:
    """The application, and the hand of the clock by which it goes."""
    hand = Hand()
    async with application(Settings(data=tmp_path_factory.mktemp("data")), addresses, hand) as app:
        yield app, hand


@pytest.fixture
def hand(timed: tuple[Starlette, Hand]) -> Hand:
    """The hand of the clock, at noon on 14 March 2025 until a test turns it."""
    _, hand = timed
    hand.at = Hand.at
    return hand


@pytest.fixture
async def timed_writer(
    timed: tuple[Starlette, Hand], world: World, superuser: AsyncEngine
) -> AsyncIterator[Writer]:
    """Send mutations to the application that goes by the hand."""
    app, _ = timed
    async with client_of(app) as client:
        yield Writer(api_of(client), world, superuser)


@pytest.fixture
def book(timed_writer: Writer, write: Write) -> Book:
    """Book modules for the account at hand."""
    return booking(timed_writer, write)
