"""Mail: written with its cause, sent once, to a real SMTP server; and who may see what of it."""

import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import trustme
from procrastinate import App
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from portal.clock import now
from portal.database.addresses import Addresses
from portal.database.engines import Database, set_viewer
from portal.errors import InvalidInput
from portal.jobs.app import make_app
from portal.jobs.delivery import delay, send_mail
from portal.jobs.worker import run_jobs, transport_of, worker_engine
from portal.mail.content import Content
from portal.mail.outbox import Recipient, post
from portal.mail.people.content import MemberRemoved, PasswordResetCode
from portal.settings.settings import Settings
from portal.viewer import ANONYMOUS, Grant, Language, Role, Scope, Viewer
from tests.mailbox import LOGIN, Mailbox, mailbox
from tests.world import World

CODE = "4711-0815"
CODED = PasswordResetCode(name="Elsje <b>", code=CODE, minutes=30)
SENDER = "Portal <portal@operator.example>"


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    with mailbox() as box:
        yield box


@pytest.fixture(autouse=True)
async def empty(superuser: AsyncEngine) -> None:
    """Forget the mails of other tests."""
    async with superuser.begin() as connection:
        await connection.execute(text("SET LOCAL search_path = procrastinate, public"))
        await connection.execute(text("DELETE FROM outbox"))
        await connection.execute(text("DELETE FROM procrastinate_jobs"))


@pytest.fixture
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


def settings(url: str, **others: Any) -> Settings:
    return Settings(smtp_url=url, mail_from=SENDER, **others)


def app_of(addresses: Addresses, engine: AsyncEngine, chosen: Settings) -> App:
    return make_app(addresses.worker, engine, transport_of(chosen), chosen.sender)


async def run_due(addresses: Addresses, engine: AsyncEngine, chosen: Settings) -> None:
    """Run what is due, as a worker does, and stop."""
    app = app_of(addresses, engine, chosen)
    async with app.open_async():
        await run_jobs(app, wait=False)


async def posted(
    database: Database,
    content: Content,
    to: Recipient,
    viewer: Viewer = ANONYMOUS,
    account_id: UUID | None = None,
) -> None:
    """Post a mail as a mutation does, and commit."""
    async with AsyncSession(database.engine_for(viewer)) as session, session.begin():
        await set_viewer(await session.connection(), viewer)
        await post(session, content, to=to, now=now(), account_id=account_id)


COURSE = text(
    "SELECT state, sent_at FROM message WHERE account_id = :id AND recipient = :recipient"
)


async def rows(engine: AsyncEngine, table: str) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(text(f"SELECT * FROM {table} ORDER BY id")))  # noqa: S608


def member_of(account_id: UUID) -> Viewer:
    return Viewer(role=Role.CUSTOMER, grants={account_id: Grant(frozenset(Scope))})


def reader(world: World, language: Language = Language.EN) -> Recipient:
    return Recipient(world.own.owner.email, language)


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        (Language.NL, "Uw code voor een nieuw wachtwoord", "Beste Elsje"),
        (Language.EN, "Your code for a new password", "Dear Elsje"),
        (Language.DE, "Ihr Code für ein neues Passwort", "Guten Tag Elsje"),
    ],
)
async def test_a_mail_is_sent_once_in_the_language_of_its_reader(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    smtp: Mailbox,
    language: Language,
    subject: str,
    sentence: str,
) -> None:
    await posted(database, CODED, reader(world, language))
    (row,) = await rows(superuser, "outbox")
    for _ in range(2):
        await run_due(addresses, engine, settings(smtp.url))
    (mail,) = smtp.mails
    assert smtp.recipients == [world.own.owner.email]
    # In the name of the operator, whatever the setting calls its address.
    assert mail["From"] == SENDER.replace("Portal", '"Portaal Diensten B.V."')
    assert mail["To"] == world.own.owner.email
    assert mail["Subject"] == subject
    assert mail["Message-ID"] == f"<{row.id}@operator.example>"
    assert mail["Content-Language"] == language.lower()
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert f"{sentence} <b>" in plain.get_content()
    assert f"{sentence} &lt;b&gt;" in html.get_content()
    assert CODE in plain.get_content()
    assert CODE in html.get_content()
    assert "-- \r\nPortaal Diensten B.V.\r\n" in plain.get_content()
    assert "Portaal Diensten B.V.<br>" in html.get_content()


async def test_nothing_of_a_mail_is_left_once_it_is_sent(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    smtp: Mailbox,
) -> None:
    account_id = world.own.account.id
    await posted(database, CODED, reader(world), member_of(account_id), account_id)
    (before,) = await rows(superuser, "outbox")
    assert CODE in before.text
    await run_due(addresses, engine, settings(smtp.url))
    (after,) = await rows(superuser, "outbox")
    assert (after.id, after.state, after.attempts) == (before.id, "SENT", 1)
    assert (after.recipient, after.subject, after.text, after.html) == ("", "", "", "")
    async with superuser.connect() as connection:
        (kept,) = await connection.execute(
            text("SELECT * FROM message WHERE account_id = :id AND recipient = :recipient"),
            {"id": account_id, "recipient": world.own.owner.email},
        )
        jobs = await connection.scalar(
            text(
                "SELECT count(*) FROM procrastinate.procrastinate_jobs"
                " WHERE task_name = 'send_mail'"
            )
        )
    assert (kept.kind, kept.state) == ("PASSWORD_RESET_CODE", "SENT")
    assert (kept.recipient, kept.subject) == (
        world.own.owner.email,
        "Your code for a new password",
    )
    assert kept.sent_at >= kept.created_at
    assert CODE not in str(kept)
    assert jobs == 0
    # What an account was sent is no change of the account.
    assert await rows_of_history(superuser, account_id) == 0


async def rows_of_history(superuser: AsyncEngine, account_id: UUID) -> int:
    async with superuser.connect() as connection:
        found = await connection.scalar(
            text(
                "SELECT count(*) FROM history_value WHERE account_id = :id AND field LIKE 'Mess%'"
            ),
            {"id": account_id},
        )
    return int(found)


async def test_a_transaction_that_is_rolled_back_sends_nothing(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    async with AsyncSession(database.app) as session:
        await set_viewer(await session.connection(), ANONYMOUS)
        await post(session, CODED, to=reader(world), now=now())
        await session.rollback()
    await run_due(addresses, engine, settings(smtp.url))
    assert await rows(engine, "outbox") == []
    assert smtp.mails == []


async def test_a_temporary_refusal_is_tried_again_later(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    account_id = world.own.account.id
    chosen = settings(smtp.url)
    await posted(database, CODED, reader(world), member_of(account_id), account_id)
    (queued,) = await rows(engine, "outbox")
    smtp.refusals = [f"451 <{world.own.owner.email}> is busy"]
    started = now()
    await run_due(addresses, engine, chosen)
    (waiting,) = await rows(engine, "outbox")
    assert (waiting.state, waiting.attempts) == ("QUEUED", 1)
    assert waiting.last_error == "451 <...> is busy"
    assert started + delay(1) <= waiting.next_attempt_at <= now() + delay(1)

    # Its time has not come, so a worker leaves it alone; when it has, it goes out.
    await run_due(addresses, engine, chosen)
    assert smtp.mails == []
    (job,) = [
        job
        for job in await rows(engine, "procrastinate.procrastinate_jobs")
        if job.task_name == "send_mail"
    ]
    assert job.scheduled_at == waiting.next_attempt_at
    later = waiting.next_attempt_at
    await send_mail(engine, transport_of(chosen), chosen.sender, queued.id, later)
    (mail,) = smtp.mails
    assert mail["Message-ID"] == f"<{queued.id}@operator.example>"
    (sent,) = await rows(engine, "outbox")
    assert (sent.state, sent.attempts, sent.last_error) == ("SENT", 2, None)
    async with engine.connect() as connection:
        state, sent_at = (
            await connection.execute(
                COURSE,
                {"id": account_id, "recipient": world.own.owner.email},
            )
        ).one()
    assert (state, sent_at) == ("SENT", later)


def test_the_pause_grows() -> None:
    minutes = [delay(attempts) / timedelta(minutes=1) for attempts in range(1, 10)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256]


@pytest.mark.parametrize(
    ("refusals", "attempts", "error"),
    [
        (["550 No such user"], 1, "550 No such user"),
        (["450 Later"] * 10, 10, "450 Later"),
    ],
)
async def test_a_mail_that_nobody_takes_is_given_up(
    database: Database,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    smtp: Mailbox,
    refusals: list[str],
    attempts: int,
    error: str,
) -> None:
    account_id = world.own.account.id
    chosen = settings(smtp.url)
    await posted(database, CODED, reader(world), member_of(account_id), account_id)
    (queued,) = await rows(superuser, "outbox")
    smtp.refusals = [*refusals]
    for _ in range(attempts + 1):
        await send_mail(engine, transport_of(chosen), chosen.sender, queued.id, now())
    assert smtp.mails == []
    (failed,) = await rows(superuser, "outbox")
    assert (failed.state, failed.attempts, failed.last_error) == ("FAILED", attempts, error)
    assert (failed.recipient, failed.text) == ("", "")
    async with superuser.connect() as connection:
        (kept,) = await connection.execute(
            COURSE,
            {"id": account_id, "recipient": world.own.owner.email},
        )
    assert tuple(kept) == ("FAILED", None)


async def test_a_server_that_is_away_is_no_reason_to_give_up(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World
) -> None:
    await posted(database, CODED, reader(world))
    with mailbox() as gone:
        url = gone.url
    await run_due(addresses, engine, settings(url))
    (waiting,) = await rows(engine, "outbox")
    assert (waiting.state, waiting.attempts) == ("QUEUED", 1)
    assert "127.0.0.1" in waiting.last_error


async def test_addresses_are_written_as_smtp_has_them(
    database: Database, addresses: Addresses, engine: AsyncEngine, smtp: Mailbox
) -> None:
    await posted(database, CODED, Recipient("Elsje@Bücher.example", Language.EN))
    await run_due(addresses, engine, settings(smtp.url))
    assert smtp.recipients == ["elsje@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("every_alphabet", "state", "recipients"),
    [(True, "SENT", ["jörg@xn--bcher-kva.example"]), (False, "FAILED", [])],
)
async def test_an_address_that_not_every_server_knows(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    every_alphabet: bool,
    state: str,
    recipients: list[str],
) -> None:
    await posted(database, CODED, Recipient("jörg@bücher.example", Language.EN))
    with mailbox(every_alphabet=every_alphabet) as box:
        await run_due(addresses, engine, settings(box.url))
    (row,) = await rows(engine, "outbox")
    assert (row.state, box.recipients) == (state, recipients)


@pytest.mark.parametrize(
    "address",
    [
        "elsje@example.org\r\nBcc: all@example.org",
        "elsje@example.org\nBcc: all@example.org",
        "elsje@example.org, all@example.org",
        "<elsje@example.org>",
        "elsje",
        "",
    ],
)
async def test_an_address_with_more_in_it_is_refused(database: Database, address: str) -> None:
    with pytest.raises(InvalidInput):
        await posted(database, CODED, Recipient(address, Language.EN))


async def test_blanks_around_an_address_are_left_out(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    await posted(database, CODED, Recipient(f" {world.own.owner.email}\n", Language.EN))
    await run_due(addresses, engine, settings(smtp.url))
    assert smtp.recipients == [world.own.owner.email]


async def test_a_row_with_a_broken_header_is_given_up(
    database: Database, engine: AsyncEngine, superuser: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    await posted(database, CODED, reader(world))
    async with superuser.begin() as connection:
        await connection.execute(text("UPDATE outbox SET subject = E'x\\r\\nBcc: all@example.org'"))
    (row,) = await rows(superuser, "outbox")
    chosen = settings(smtp.url)
    await send_mail(engine, transport_of(chosen), chosen.sender, row.id, now())
    (failed,) = await rows(superuser, "outbox")
    assert (failed.state, failed.last_error) == ("FAILED", "It cannot be written as a mail.")
    assert smtp.mails == []


async def test_without_a_server_mails_are_files(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, tmp_path: Path
) -> None:
    await posted(database, CODED, reader(world))
    (row,) = await rows(engine, "outbox")
    await run_due(addresses, engine, Settings(data=tmp_path))
    folder = tmp_path / "mail"
    (file,) = folder.iterdir()
    assert file.name == f"{row.id}.eml"
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert (mail["To"], mail["From"]) == (
        world.own.owner.email,
        '"Portaal Diensten B.V." <portal@localhost>',
    )
    (sent,) = await rows(engine, "outbox")
    assert sent.state == "SENT"


async def test_a_folder_that_cannot_be_written_is_tried_again(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("in the way")
    await posted(database, CODED, reader(world))
    await run_due(addresses, engine, Settings(data=tmp_path))
    (waiting,) = await rows(engine, "outbox")
    assert (waiting.state, waiting.attempts) == ("QUEUED", 1)
    assert "File exists" in waiting.last_error


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """Make a certificate for this machine that the system trusts during the test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


# aiosmtpd does not know that TLS from the start is TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
async def test_the_way_to_the_server_is_encrypted(
    database: Database,
    addresses: Addresses,
    engine: AsyncEngine,
    world: World,
    trusted: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    at_once: bool,
) -> None:
    user, password = LOGIN
    await posted(database, CODED, reader(world))
    with mailbox(trusted, at_once=at_once) as box:
        good = settings(f"{scheme}://{user}:{password}@127.0.0.1:{box.port}")
        wrong = settings(f"{scheme}://{user}:never-was-it@127.0.0.1:{box.port}")
        (row,) = await rows(engine, "outbox")
        await send_mail(engine, transport_of(wrong), wrong.sender, row.id, now())
        with monkeypatch.context() as stranger:
            stranger.delenv("SSL_CERT_FILE")
            await send_mail(engine, transport_of(good), good.sender, row.id, now())
        (waiting,) = await rows(engine, "outbox")
        assert (waiting.state, waiting.attempts, box.mails) == ("QUEUED", 2, [])
        assert "certificate" in waiting.last_error.lower()
        await run_due(addresses, engine, good)
        assert box.recipients == [world.own.owner.email]


async def test_a_mail_never_goes_out_in_the_clear_by_itself(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    await posted(database, CODED, reader(world))
    await run_due(addresses, engine, settings(f"smtp://127.0.0.1:{smtp.port}"))
    (waiting,) = await rows(engine, "outbox")
    assert smtp.mails == []
    assert waiting.attempts == 1


async def seen(database: Database, viewer: Viewer, statement: str, **parameters: Any) -> list[Any]:
    """Run a statement as a viewer's own database role, in a transaction that is rolled back."""
    async with database.engine_for(viewer).connect() as connection:
        await set_viewer(connection, viewer)
        return list(await connection.execute(text(statement), parameters))


async def test_an_account_sees_its_own_messages_alone(database: Database, world: World) -> None:
    own, foreign = world.own.account.id, world.foreign.account.id
    await posted(database, MemberRemoved(name="x", account="y"), reader(world), member_of(own), own)
    query = (
        "SELECT kind FROM message"
        " WHERE account_id = ANY (CAST(:ids AS uuid[])) AND recipient = :recipient"
    )
    of = {"ids": [str(own), str(foreign)], "recipient": world.own.owner.email}
    found = [
        [row.kind for row in await seen(database, viewer, query, **of)]
        for viewer in (
            member_of(own),
            member_of(foreign),
            ANONYMOUS,
            Viewer(role=Role.EMPLOYEE),
        )
    ]
    assert found == [["MEMBER_REMOVED"], [], [], ["MEMBER_REMOVED"]]


async def test_a_message_cannot_be_put_into_a_foreign_account(
    database: Database, world: World
) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await posted(
            database,
            MemberRemoved(name="x", account="y"),
            reader(world),
            member_of(world.foreign.account.id),
            world.own.account.id,
        )


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer(role=Role.MANAGER)], ids=["app", "staff"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM outbox",
        "UPDATE outbox SET recipient = ''",
        "DELETE FROM outbox",
        "SELECT 1 FROM procrastinate.procrastinate_jobs",
        "SELECT procrastinate.procrastinate_register_worker_v1()",
    ],
)
async def test_the_serving_roles_cannot_look_into_the_outbox(
    database: Database, viewer: Viewer, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await seen(database, viewer, statement)


async def test_staff_post_mails_too(
    database: Database, addresses: Addresses, engine: AsyncEngine, world: World, smtp: Mailbox
) -> None:
    manager = Viewer(role=Role.MANAGER)
    await posted(database, CODED, reader(world), manager, world.own.account.id)
    await run_due(addresses, engine, settings(smtp.url))
    assert smtp.recipients == [world.own.owner.email]
