"""The worker as a process: killed, doubled, cut off, stopped; and what it does by itself."""

import asyncio
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import procrastinate
import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.embedded import EmbeddedPostgres
from portal.jobs import upkeep
from portal.jobs.app import QUEUE, connection_of
from portal.jobs.delivery import send_mail
from portal.jobs.worker import run_jobs, transport_of, work, worker_engine
from portal.mail.outbox import Recipient
from portal.mail.people.content import MemberRemoved
from portal.models import UsedPreview
from portal.viewer import Language
from tests import factories
from tests.api.conftest import Write
from tests.api.test_command_line import free_ports
from tests.api.test_deadlock import in_the_way
from tests.api.test_mail import app_of, posted, rows, settings
from tests.command_line import settings as own_postgresql
from tests.forked import Forked
from tests.mailbox import Mailbox, mailbox

MAIL = MemberRemoved(name="Elsje", account="Bakker")
SMTP = {"PORTAL_MAIL_FROM": "Portal <portal@operator.example>", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


@pytest.fixture(autouse=True)
async def empty(superuser: AsyncEngine) -> None:
    """Forget the mails of other tests."""
    async with superuser.begin() as connection:
        await connection.execute(text("SET LOCAL search_path = procrastinate, public"))
        await connection.execute(text("DELETE FROM outbox"))
        await connection.execute(text("DELETE FROM procrastinate_jobs"))


def somebody() -> Recipient:
    return Recipient(f"{factories.word()}@example.org", Language.EN)


def environment(**others: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | SMTP | others


@contextmanager
def running(command: str, given: dict[str, str]) -> Iterator[Forked]:
    """Run a command of the portal; one that is still there afterwards is killed."""
    with Forked(command, env=given) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: Forked, beginning: str) -> None:
    for line in process.stdout:
        if line.startswith(beginning):
            return
    pytest.fail(f"It never said {beginning!r}.")


async def wait_until_gone(superuser: AsyncEngine) -> None:
    """Wait until PostgreSQL has noticed that no worker is there any more."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE usename = 'portal_worker' AND datname = current_database()"
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        async with superuser.connect() as connection:
            if await connection.scalar(query) == 0:
                return
    pytest.fail("The killed worker's connections are still there.")


async def test_a_killed_workers_mail_is_sent_once_by_the_next(
    database: Database, addresses: Addresses, superuser: AsyncEngine, smtp: Mailbox, tmp_path: Path
) -> None:
    to = somebody()
    await posted(database, MAIL, to)
    smtp.gate.clear()
    given = environment(
        **own_postgresql(addresses), PORTAL_DATA=str(tmp_path), PORTAL_SMTP_URL=smtp.url
    )
    with running("worker", given) as first:
        assert await asyncio.to_thread(smtp.asked.wait, 30)
        first.kill()
        first.wait()
    await wait_until_gone(superuser)
    smtp.gate.set()
    (row,) = await rows(superuser, "outbox")
    jobs = await rows(superuser, "procrastinate.procrastinate_jobs")
    assert [job.status for job in jobs if job.task_name == "send_mail"] == ["doing"]
    assert (row.state, smtp.mails) == ("QUEUED", [])

    engine = worker_engine(addresses)
    app = app_of(addresses, engine, settings(smtp.url))
    async with app.open_async():
        # Silence of no second at all makes the dead worker one that is given up.
        await upkeep.rescue(app, engine, now(), silence=0)
        for _ in range(2):
            await run_jobs(app, wait=False)
    await engine.dispose()
    assert smtp.recipients.count(to.email) == 1
    (row,) = await rows(superuser, "outbox")
    assert row.state == "SENT"


async def test_two_workers_send_each_mail_once(
    database: Database, addresses: Addresses, engine: AsyncEngine, smtp: Mailbox
) -> None:
    readers = [somebody() for _ in range(20)]
    for to in readers:
        await posted(database, MAIL, to)
    apps = [app_of(addresses, engine, settings(smtp.url)) for _ in range(2)]
    async with apps[0].open_async(), apps[1].open_async():
        await asyncio.gather(*(run_jobs(app, wait=False) for app in apps))
    assert sorted(smtp.recipients) == sorted(to.email for to in readers)


async def test_two_jobs_for_one_mail_send_it_once(
    database: Database, engine: AsyncEngine, smtp: Mailbox
) -> None:
    chosen = settings(smtp.url)
    await posted(database, MAIL, somebody())
    (row,) = await rows(engine, "outbox")
    smtp.gate.clear()
    first = asyncio.create_task(
        send_mail(engine, transport_of(chosen), chosen.sender, row.id, now())
    )
    assert await asyncio.to_thread(smtp.asked.wait, 30)
    # The first one is at the server; the second neither waits for it nor sends.
    await send_mail(engine, transport_of(chosen), chosen.sender, row.id, now())
    assert smtp.mails == []
    smtp.gate.set()
    await first
    assert len(smtp.mails) == 1


async def test_every_job_that_was_in_the_way_is_done_again(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    smtp: Mailbox,
) -> None:
    async with superuser.begin() as connection:
        await connection.execute(text("DELETE FROM effect_watermark"))
    await posted(database, MAIL, somebody())
    (row,) = await rows(engine, "outbox")
    app = app_of(addresses, engine, settings(smtp.url))
    given: dict[str, dict[str, object]] = {
        "send_mail": {"outbox_id": str(row.id)},
        # One that was deleted meanwhile has nothing left to do.
        "run_version_job": {"version_job_id": str(uuid7())},
        "rescue": {"timestamp": 0},
        "clean_up": {"timestamp": 0},
        "erase_idle_people": {"timestamp": 0},
        "cause_effects": {"timestamp": 0},
        "run_billing": {"timestamp": 0},
        "run_asked_billing": {"timestamp": 0},
        "deliver_documents": {"timestamp": 0},
    }
    jobs = {name: task for name, task in app.tasks.items() if task.queue == QUEUE}
    assert jobs.keys() == given.keys()
    commits: list[str] = []

    def first_fails(_connection: object) -> None:
        commits.append(name)
        if commits.count(name) == 1:
            raise in_the_way()

    event.listen(engine.sync_engine, "commit", first_fails)
    async with app.open_async():
        for name, job in jobs.items():
            await job(**given[name])
    # Each once more than it would have been: what a day brings is marked for each time zone.
    (row,) = await rows(superuser, "(SELECT count(*) AS zones, 1 AS id FROM effect_watermark)")
    wanted = dict.fromkeys(jobs, 2) | {"cause_effects": row.zones + 1}
    # As long as nobody has begun to bill it writes nothing.
    for quiet in ("run_billing", "run_asked_billing"):
        wanted[quiet] = commits.count(quiet)
    assert commits == [name for name in jobs for _ in range(wanted[name])]
    # What went out before its transaction was rolled back does not go out again.
    assert len(smtp.mails) == 1
    (row,) = await rows(engine, "outbox")
    assert (row.state, row.attempts) == ("SENT", 1)


async def test_a_mail_that_lost_its_job_gets_another(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    smtp: Mailbox,
) -> None:
    await posted(database, MAIL, somebody())
    async with superuser.begin() as connection:
        await connection.execute(text("SET LOCAL search_path = procrastinate"))
        await connection.execute(text("DELETE FROM procrastinate_jobs"))
    app = app_of(addresses, engine, settings(smtp.url))
    async with app.open_async():
        await upkeep.rescue(app, engine, now(), silence=30)
        assert await jobs_for_mail(superuser) == 0
        later = now() + timedelta(minutes=2)
        for _ in range(2):
            await upkeep.rescue(app, engine, later, silence=30)
        assert await jobs_for_mail(superuser) == 1


async def jobs_for_mail(superuser: AsyncEngine) -> int:
    jobs = await rows(superuser, "procrastinate.procrastinate_jobs")
    return len([job for job in jobs if job.task_name == "send_mail"])


async def test_what_is_outdated_is_deleted(
    database: Database, engine: AsyncEngine, superuser: AsyncEngine, write: Write
) -> None:
    person = factories.person()
    at = now()
    old = factories.idempotency_key(person.id, created_at=at - timedelta(hours=48, seconds=1))
    young = factories.idempotency_key(person.id, created_at=at - timedelta(hours=47))
    await write(person, old, young)
    for _ in range(3):
        await posted(database, MAIL, somebody())
    sent, fresh, waiting = await rows(superuser, "outbox")
    async with superuser.begin() as connection:
        await connection.execute(
            text("UPDATE outbox SET created_at = :at WHERE id IN (:sent, :waiting)"),
            {"at": at - timedelta(days=31), "sent": sent.id, "waiting": waiting.id},
        )
        await connection.execute(
            text(
                "UPDATE outbox SET state = 'SENT', recipient = '', subject = '', text = '',"
                " html = '' WHERE id IN (:sent, :fresh)"
            ),
            {"sent": sent.id, "fresh": fresh.id},
        )
    used = [
        UsedPreview(id=uuid7(), viewer_id=person.id, valid_until=at + step)
        for step in (timedelta(seconds=-1), timedelta(0))
    ]
    await factories.write(superuser, used)
    await upkeep.clean_up(engine, at)
    assert [row.id for row in await rows(superuser, "outbox")] == [fresh.id, waiting.id]
    async with superuser.connect() as connection:
        keys = await connection.scalars(
            text("SELECT key FROM idempotency_key WHERE viewer_id = :id"), {"id": person.id}
        )
        assert list(keys) == [young.key]
        previews = await connection.scalars(
            text("SELECT id FROM used_preview WHERE viewer_id = :id"), {"id": person.id}
        )
        assert list(previews) == [used[1].id]


async def test_a_worker_finds_its_database_again(
    database: Database, addresses: Addresses, superuser: AsyncEngine, smtp: Mailbox
) -> None:
    reached = asyncio.Queue[None]()
    worker = asyncio.create_task(
        work(settings(smtp.url), addresses, lambda: reached.put_nowait(None))
    )
    await asyncio.wait_for(reached.get(), 30)
    await posted(database, MAIL, somebody())
    await asyncio.to_thread(smtp.wait_for, 1)
    async with superuser.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'portal_worker' AND datname = current_database()"
            )
        )
    await posted(database, MAIL, somebody())
    await asyncio.to_thread(smtp.wait_for, 2)
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_when_told(addresses: Addresses, tmp_path: Path, number: int) -> None:
    given = environment(**own_postgresql(addresses), PORTAL_DATA=str(tmp_path))
    del given["PORTAL_MAIL_FROM"]
    with running("worker", given) as worker:
        read_until(worker, "Working.")
        worker.send_signal(number)
        assert worker.wait(20) == 0
        assert worker.stdout.read() == "Stopped.\n"


def test_a_worker_waits_for_migrations(
    cluster: EmbeddedPostgres, worker_id: str, tmp_path: Path
) -> None:
    name = f"worker_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name)
    given = environment(**own_postgresql(cluster.addresses(name)), PORTAL_DATA=str(tmp_path))
    done = subprocess.run(
        [Path(sys.executable).with_name("portal"), "worker"],
        env=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    cluster.drop_database(name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("portal: Migrations are pending (0001_")
    assert done.stderr.endswith("): run 'portal migrate'.\n")


async def test_serve_works_too_where_it_has_a_postgresql_of_its_own(
    smtp: Mailbox, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    given = environment(PORTAL_DATA=str(tmp_path), PORTAL_PORT=str(port), PORTAL_SMTP_URL=smtp.url)
    with running("serve", given) as server:
        await asyncio.to_thread(read_until, server, "Serving at ")
        embedded = EmbeddedPostgres(tmp_path / "postgresql")
        embedded.start()
        own = Database(embedded.addresses(), size=1)
        to = somebody()
        await posted(own, MAIL, to)
        await asyncio.to_thread(smtp.wait_for, 1)
        await own.close()
        embedded.stop()
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert smtp.recipients.count(to.email) == 1
    assert not (tmp_path / "postgresql" / "data" / "postmaster.pid").exists()


def test_the_tables_of_the_jobs_are_those_that_the_package_wants() -> None:
    step = importlib.import_module("portal.migrations.versions.0004_mail")
    migrations = Path(procrastinate.__file__).parent / "sql" / "migrations"
    newest = max(path.name for path in migrations.glob("*.sql"))
    assert newest == step.LAST_STEP_OF_PROCRASTINATE


def test_the_jobs_go_to_the_place_of_the_address(addresses: Addresses) -> None:
    place = addresses.worker.set(host="db.internal", port=5433, query={"ssl": "verify-full"})
    assert connection_of(place) == {
        "host": "db.internal",
        "port": "5433",
        "user": "portal_worker",
        "password": addresses.worker.password,
        "dbname": addresses.worker.database,
        "sslmode": "verify-full",
        "connect_timeout": "5",
        "options": "-c search_path=procrastinate,public",
    }
