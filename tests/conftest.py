"""A PostgreSQL for the tests, and a fresh database in it for each process that runs them."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database import migration
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.embedded import EmbeddedPostgres, found
from tests import forked

FOLDER = Path(__file__).parent.parent / "var" / "test"

# A machine may be busy: no property is timed. HYPOTHESIS_PROFILE=thorough tries each on 10,000
# examples.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("untimed"), max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "untimed"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that writes snapshots, and for how long random operations are tried."""
    parser.addoption(
        "--operation-examples", default=500, type=int, help="how many random operations are sent"
    )
    parser.addoption(
        "--lane-examples", default=400, help="on how many operations the lanes are compared"
    )
    parser.addoption(
        "--rewrite-snapshots", action="store_true", help="write the snapshots instead of comparing"
    )


def pytest_xdist_auto_num_workers() -> int:
    """Give two processes for each processor: where one waits for PostgreSQL, another goes on."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def compare(pytestconfig: pytest.Config) -> Callable[[Path, str], None]:
    """Compare a text with a reviewed file, or write the file when the flag is given."""

    def compare(snapshot: Path, text: str) -> None:
        if pytestconfig.getoption("--rewrite-snapshots"):
            snapshot.write_text(text, encoding="utf-8")
        assert text == snapshot.read_text(encoding="utf-8"), "run `make snapshots` and review"

    return compare


@pytest.fixture(scope="session", autouse=True)
async def nothing_goes_on() -> AsyncIterator[None]:
    """Fail where a test leaves work behind that goes on beside the others, and say which one."""

    def begun(
        loop: asyncio.AbstractEventLoop, work: Any, name: str | None = None, **given: Any
    ) -> "asyncio.Task[Any]":
        name = name or f"{work} of {os.environ.get('PYTEST_CURRENT_TEST')}"
        return asyncio.Task(work, loop=loop, name=name, **given)

    asyncio.get_running_loop().set_task_factory(begun)
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, [task.get_name() for task in left]


@pytest.fixture(scope="session", autouse=True)
def fork_server() -> Iterator[None]:
    """End it with the tests."""
    yield
    forked.end()


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    """Start the server, shared by all processes; a crash may lose it, so it is fast."""
    cluster = EmbeddedPostgres(FOLDER / f"postgresql-{found().major}", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
async def template(cluster: EmbeddedPostgres) -> str:
    """Name a migrated database, to be copied."""
    with _alone():
        return await _template(cluster)


@pytest.fixture(scope="session")
async def addresses(cluster: EmbeddedPostgres, template: str) -> AsyncIterator[Addresses]:
    """Make a migrated database for this process alone."""
    name = f"test_{os.getpid()}"
    cluster.drop_database(name)
    cluster.create_database(name, template)
    yield cluster.addresses(name)
    cluster.drop_database(name)


@pytest.fixture(scope="session")
async def database(addresses: Addresses) -> AsyncIterator[Database]:
    """Give the portal's own way to the database."""
    database = Database(addresses)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def superuser(cluster: EmbeddedPostgres, addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    """Give a way to the same database that no row level security binds."""
    assert addresses.app.database
    engine = create_async_engine(cluster.superuser(addresses.app.database))
    yield engine
    await engine.dispose()


async def _template(cluster: EmbeddedPostgres) -> str:
    """Give a migrated database to copy, made anew when the migrations changed."""
    digest = hashlib.sha256()
    for path in sorted(migration.VERSIONS.rglob("*.py")):
        digest.update(path.read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    present = await _databases(cluster)
    for database in present:
        if _is_left_over(database) or (database.startswith("template_") and database != name):
            cluster.drop_database(database)
    if name not in present:
        # Under another name until it is whole, so that a run killed here leaves no half template.
        building = "building"
        cluster.drop_database(building)
        cluster.create_database(building)
        await migration.upgrade(cluster.addresses(building).owner)
        await _execute(cluster, f"ALTER DATABASE {building} RENAME TO {name}")
    return name


def _is_left_over(database: str) -> bool:
    """Tell whether a database belongs to a run that was killed."""
    prefix, _, number = database.partition("_")
    return prefix == "test" and number.isdigit() and not Path(f"/proc/{number}").exists()


async def _databases(cluster: EmbeddedPostgres) -> list[str]:
    engine = create_async_engine(cluster.superuser())
    async with engine.connect() as connection:
        names = (await connection.scalars(text("SELECT datname FROM pg_database"))).all()
    await engine.dispose()
    return list(names)


async def _execute(cluster: EmbeddedPostgres, statement: str) -> None:
    engine = create_async_engine(cluster.superuser(), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the other processes waiting: one of them makes the database that all of them copy."""
    with (FOLDER / ".databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
