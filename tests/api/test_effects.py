"""What days cause: told once each, however many workers there are and however they end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from portal.clock import OPERATOR_ZONE, now
from portal.database.addresses import Addresses
from portal.jobs.app import make_app
from portal.jobs.effects import catalogue, cause
from portal.jobs.effects.due import BATCH
from portal.jobs.worker import transport_of, worker_engine
from portal.mail.outbox import post_all
from portal.rules.people.request import RequestKind, RequestStatus
from portal.settings.settings import Settings
from portal.viewer import MemberRole
from tests import factories
from tests.api.blocking import wait_until_blocked
from tests.api.cancelling import (
    CHANGE,
    GIVE,
    MONTHLY,
    SELF_ENDING,
    WITHDRAW,
    YEARLY,
    Book,
    Hand,
    make_consumer,
)
from tests.api.conftest import Write
from tests.api.test_worker import environment, read_until, running, wait_until_gone
from tests.command_line import settings as own_postgresql
from tests.world import Kind, World
from tests.writing import Writer

# Where no account of another test is, so that its days are this test's alone.
ZONE = "Pacific/Chatham"


@pytest.fixture
async def engine(addresses: Addresses) -> AsyncIterator[AsyncEngine]:
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


@pytest.fixture(autouse=True)
async def elsewhere(world: World, superuser: AsyncEngine) -> AsyncIterator[None]:
    """Let the account at hand be where no other one is, while its test runs."""
    moved = sa.text(
        "UPDATE account SET time_zone = :zone, reminds_of_deadlines = NULL WHERE id = :id"
    )
    for zone in (ZONE, OPERATOR_ZONE):
        async with superuser.begin() as connection:
            await connection.execute(moved, {"zone": zone, "id": world.own.account_id})
            await connection.execute(
                sa.text("DELETE FROM effect_watermark WHERE time_zone = :zone"), {"zone": ZONE}
            )
        if zone == ZONE:
            yield


def midnight(day: str) -> datetime:
    """Give the instant at which a day begins there."""
    return datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


async def pass_days(engine: AsyncEngine, done: str, today: str) -> None:
    """Cause what the days after the one that is done bring."""
    await cause.cause_in(engine, ZONE, date.fromisoformat(done), midnight(today))


async def told(superuser: AsyncEngine, world: World) -> list[tuple[str, str]]:
    """Give what its owner was told, by kind and subject, in order; the course of it is queued."""
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT m.kind, o.subject FROM outbox o JOIN message m ON m.id = o.message_id"
                " WHERE o.account_id = :id AND o.recipient = :to AND m.kind = ANY (:kinds)"
                " ORDER BY o.id"
            ),
            {
                "id": world.own.account_id,
                "to": world.own.owner.email,
                "kinds": [*_KINDS],
            },
        )
        return [tuple(row) for row in found]


_KINDS = {
    *("DEADLINE_REMINDER", "MODULE_BEGUN", "TARIFF_BEGUN", "MODULE_ENDED"),
    *("REQUEST_EXPIRED", "INVITATION_EXPIRED"),
}


async def history(writer: Writer) -> list[tuple[Any, ...]]:
    """Give what the account's history tells its owner of days, the latest first."""
    answer = await writer.api(
        """query ($id: ID!) { account(id: $id) { history(filter: {actorRoleIn: [ANONYMOUS]}) {
          edges { node { action actorName values { field before after } } } } } }""",
        writer.world.tokens[Kind.OWNER],
        id=writer.world.own.id,
    )
    entries = [edge["node"] for edge in answer["data"]["account"]["history"]["edges"]]
    return [
        (entry["action"], entry["actorName"], *value.values())
        for entry in entries
        for value in entry["values"]
    ]


async def effects(superuser: AsyncEngine, world: World) -> list[tuple[str, str]]:
    """Give the effects that are remembered of the account, by kind and day."""
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text("SELECT kind, day::text FROM effect WHERE account_id = :id ORDER BY day, kind"),
            {"id": world.own.account_id},
        )
        return [tuple(row) for row in found]


async def test_a_module_begins_and_ends_once(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, book: Book, timed_writer: Writer
) -> None:
    booked = await book("2025-03-01", agreed_on=date(2025, 2, 20), ends_on=date(2025, 3, 31))
    name = booked.module.name
    await pass_days(engine, "2025-02-27", "2025-02-28")
    assert await told(superuser, world) == []
    for _ in range(2):
        await pass_days(engine, "2025-02-28", "2025-03-01")
    begun = ("MODULE_BEGUN", f"{name} begins on 1 March 2025")
    assert await told(superuser, world) == [begun]
    await pass_days(engine, "2025-03-30", "2025-03-31")
    assert await told(superuser, world) == [begun]
    for _ in range(2):
        await pass_days(engine, "2025-03-31", "2025-04-01")
    assert await told(superuser, world) == [begun, ("MODULE_ENDED", f"{name} has ended")]
    assert await effects(superuser, world) == [
        ("MODULE_BEGUN", "2025-03-01"),
        ("MODULE_ENDED", "2025-03-31"),
    ]
    status = "ModuleSubscription.status"
    assert await history(timed_writer) == [
        ("moduleEnded", None, status, "CANCELLED", "ENDED"),
        ("moduleBegun", None, status, "ORDERED", "ACTIVE"),
    ]


async def test_what_was_ordered_to_begin_at_once_is_not_told_again(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, book: Book
) -> None:
    await book("2025-05-01", agreed_on=date(2025, 5, 1))
    await pass_days(engine, "2025-05-01", "2025-05-02")
    assert await told(superuser, world) == []


async def test_a_worker_that_was_down_catches_up(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, book: Book
) -> None:
    booked = await book("2025-06-01", agreed_on=date(2025, 5, 20), ends_on=date(2025, 9, 30))
    await pass_days(engine, "2025-05-20", "2026-01-01")
    assert await told(superuser, world) == [
        ("MODULE_BEGUN", f"{booked.module.name} begins on 1 June 2025"),
        ("MODULE_ENDED", f"{booked.module.name} has ended"),
    ]


async def test_another_tariff_begins(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    book: Book,
    hand: Hand,
    timed_writer: Writer,
) -> None:
    hand.set("2025-06-10")
    booked = await book("2025-01-01")
    changed = await booked.send(CHANGE, Kind.OWNER, fields="currentTariff { name { value } }")
    assert changed["currentTariff"]["name"]["value"] == booked.tariff.name
    # Nobody is reminded of what has ended by then, and nothing is told twice.
    for _ in range(2):
        await pass_days(engine, "2025-07-30", "2025-08-01")
    assert await told(superuser, world) == [
        ("TARIFF_BEGUN", f"Your new tariff begins on 1 August 2025: {booked.module.name}")
    ]
    assert await history(timed_writer) == [
        ("tariffBegun", None, "TariffPeriod.tariff", None, booked.other.name)
    ]


REMINDED = "You can cancel up to and including 14 October 2025: {}"


async def test_a_consumer_is_reminded_of_a_deadline_once(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, timed_writer: Writer, book: Book
) -> None:
    await make_consumer(timed_writer, "AT")
    booked = await book("2025-01-15", YEARLY)
    await pass_days(engine, "2025-09-12", "2025-09-13")
    assert await told(superuser, world) == []
    for day in ("2025-09-14", "2025-09-15", "2025-10-14", "2025-10-15"):
        await pass_days(engine, "2025-09-13", day)
    reminder = ("DEADLINE_REMINDER", REMINDED.format(booked.module.name))
    assert await told(superuser, world) == [reminder]
    (mail,) = [text for _, subject, text in await booked.mails() if subject == reminder[1]]
    assert "Your\nlast day is then 14 January 2026." in mail
    assert "goes on up to and including 14 January 2027." in mail
    # The next term has a deadline of its own.
    await pass_days(engine, "2026-09-13", "2026-09-14")
    assert [kind for kind, _ in await told(superuser, world)] == ["DEADLINE_REMINDER"] * 2


@pytest.mark.parametrize("country", ["NL", "DE", "BE"])
async def test_whom_the_law_lets_go_is_not_reminded(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    timed_writer: Writer,
    book: Book,
    country: str,
) -> None:
    await make_consumer(timed_writer, country)
    await book("2025-01-15", YEARLY)
    await pass_days(engine, "2025-09-13", "2025-09-14")
    assert await told(superuser, world) == []


@pytest.mark.parametrize(
    ("country", "switched", "is_reminded"),
    [
        ("AT", None, True),
        ("AT", False, False),
        # The partner of the world's contract is a business.
        (None, None, False),
        (None, True, True),
        (None, False, False),
    ],
)
async def test_reminders_are_on_for_consumers_and_whoever_wants_them(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    timed_writer: Writer,
    book: Book,
    country: str | None,
    switched: bool | None,
    is_reminded: bool,
) -> None:
    if country:
        await make_consumer(timed_writer, country)
    given = {"id": world.own.id, "remindsOfDeadlines": switched}
    answer = await timed_writer.change("updateAccount", Kind.OWNER, given, "remindsOfDeadlines")
    assert answer == {"__typename": "Account", "remindsOfDeadlines": switched}
    booked = await book("2025-01-15", YEARLY)
    await pass_days(engine, "2025-09-13", "2025-09-14")
    reminder = ("DEADLINE_REMINDER", REMINDED.format(booked.module.name))
    assert await told(superuser, world) == [reminder] * is_reminded


async def test_who_has_given_notice_is_not_reminded_until_it_is_withdrawn(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    timed_writer: Writer,
    book: Book,
    hand: Hand,
) -> None:
    await make_consumer(timed_writer, "AT")
    hand.set("2025-09-01")
    booked = await book("2025-01-15", YEARLY)
    await booked.send(GIVE, Kind.OWNER)
    await pass_days(engine, "2025-09-13", "2025-09-14")
    assert await told(superuser, world) == []
    hand.set("2025-09-20")
    await booked.send(WITHDRAW, Kind.OWNER)
    await pass_days(engine, "2025-09-20", "2025-09-21")
    assert [kind for kind, _ in await told(superuser, world)] == ["DEADLINE_REMINDER"]


@pytest.mark.parametrize("terms", [MONTHLY, SELF_ENDING])
async def test_no_reminder_where_nothing_binds(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    timed_writer: Writer,
    book: Book,
    terms: dict[str, Any],
) -> None:
    await make_consumer(timed_writer, "AT")
    booked = await book("2025-01-15", terms)
    await pass_days(engine, "2025-11-13", "2025-11-14")
    # The account has another module, whose terms bind.
    assert not [text for _, text in await told(superuser, world) if booked.module.name in text]


async def test_expired_requests_and_invitations_are_told_to_whoever_made_them(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    write: Write,
    timed_writer: Writer,
) -> None:
    owner, account_id = world.own.owner, world.own.account_id
    stranger, colleague = factories.person(), factories.person()
    over = midnight("2025-04-10")
    days = {"requested_at": over - timedelta(days=30), "expires_at": over}
    terms = {"kind": RequestKind.PAYMENT_TERMS}
    asked = factories.request(account_id, owner, **days, **terms)
    decided = factories.request(
        account_id,
        owner,
        **days,
        **terms,
        state=RequestStatus.WITHDRAWN,
        decided_by=owner.id,
        decided_at=over,
    )
    dates = {"created_at": over - timedelta(days=7), "expires_at": over}
    _, open_one = factories.invitation(account_id, owner, email="late@example.org", **dates)
    # Whoever asked has left: the owner is told.
    _, of_leaver = factories.invitation(account_id, stranger, email="later@example.org", **dates)
    _, revoked = factories.invitation(account_id, owner, revoked_at=over, **dates)
    _, of_colleague = factories.invitation(account_id, colleague, **dates)
    await write(
        *(stranger, colleague, asked, decided, open_one, of_leaver, revoked, of_colleague),
        factories.member(account_id, colleague, MemberRole.ADMIN),
    )
    await pass_days(engine, "2025-04-08", "2025-04-09")
    assert await told(superuser, world) == []
    for _ in range(2):
        await pass_days(engine, "2025-04-09", "2025-04-10")
    assert await told(superuser, world) == [
        ("REQUEST_EXPIRED", "Your request has expired: other payment terms"),
        ("INVITATION_EXPIRED", "The invitation of late@example.org has expired"),
        ("INVITATION_EXPIRED", "The invitation of later@example.org has expired"),
    ]
    async with superuser.connect() as connection:
        others = await connection.scalars(
            sa.text("SELECT subject FROM outbox WHERE recipient = :to"), {"to": colleague.email}
        )
        assert list(others) == [f"The invitation of {of_colleague.email} has expired"]
    told_of = [*await history(timed_writer)]
    assert told_of == [
        *[("invitationExpired", None, "Invitation.status", "OPEN", "EXPIRED")] * 3,
        ("requestExpired", None, "Request.status", "OPEN", "EXPIRED"),
    ]


async def test_an_expired_offer_is_told_to_managers_once(
    engine: AsyncEngine, superuser: AsyncEngine, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, former = factories.person(), factories.person()
    module = factories.module()
    offer = factories.tariff(
        module, offer_number=factories.word(), offer_expires_on=date(2025, 8, 31), offer_uses=3
    )
    await write(
        *(manager, former, module, offer),
        factories.staff(manager),
        factories.staff(former, deactivated_at=now()),
    )
    monkeypatch.setattr(cause, "_SOURCES", catalogue.SOURCES)
    at = datetime(2025, 9, 1, 1, tzinfo=UTC)
    for zone in (ZONE, OPERATOR_ZONE, OPERATOR_ZONE):
        await cause.cause_in(engine, zone, date(2025, 8, 31), at)
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text("SELECT recipient, subject, text FROM outbox WHERE recipient = ANY (:to)"),
            {"to": [manager.email, former.email]},
        )
        ((recipient, subject, mail),) = found.all()
    assert recipient == manager.email
    assert subject == f"The offer number {offer.offer_number} has expired"
    assert "good up to and including 31 August 2025" in mail
    assert "How often it was used: 3" in mail


async def test_what_breaks_on_the_way_leaves_nothing_half_done(
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    book: Book,
    timed_writer: Writer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        await book("2025-03-01", agreed_on=date(2025, 2, 20))

    async def broken(*given: Any) -> None:
        await post_all(*given)
        raise LookupError("after the mails")

    with monkeypatch.context() as patch:
        patch.setattr(cause, "post_all", broken)
        with pytest.raises(LookupError, match="after the mails"):
            await pass_days(engine, "2025-02-28", "2025-03-01")
    assert await told(superuser, world) == []
    assert await effects(superuser, world) == []
    assert await history(timed_writer) == []
    await pass_days(engine, "2025-02-28", "2025-03-01")
    assert [kind for kind, _ in await told(superuser, world)] == ["MODULE_BEGUN"] * 2
    assert await effects(superuser, world) == [("MODULE_BEGUN", "2025-03-01")] * 2
    assert len(await history(timed_writer)) == 2


async def test_whoever_has_no_good_address_keeps_nobody_from_being_told(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, book: Book
) -> None:
    await book("2025-03-01", agreed_on=date(2025, 2, 20))
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE person SET email = :no_address WHERE id = :id"),
            {"no_address": f"{world.own.owner.id} at example", "id": world.own.owner.id},
        )
    await pass_days(engine, "2025-02-28", "2025-03-01")
    assert await told(superuser, world) == []
    assert await effects(superuser, world) == [("MODULE_BEGUN", "2025-03-01")]


async def test_the_first_time_and_a_clock_that_was_moved_back_tell_nothing(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, book: Book
) -> None:
    booked = await book("2025-03-01", agreed_on=date(2025, 2, 20))
    await cause.cause_in(engine, ZONE, None, midnight("2025-03-01"))
    assert await told(superuser, world) == []
    await cause.cause_in(engine, ZONE, date(2029, 1, 1), midnight("2025-03-01"))
    assert await told(superuser, world) == []
    # The next day still finds what began on the first one.
    await pass_days(engine, "2025-03-01", "2025-03-02")
    assert await told(superuser, world) == [
        ("MODULE_BEGUN", f"{booked.module.name} begins on 1 March 2025")
    ]


async def test_nobody_is_asked_for_each_account(
    engine: AsyncEngine, superuser: AsyncEngine, world: World, timed_writer: Writer, book: Book
) -> None:
    """As many statements for many modules as for one, where none has anything to tell."""
    await make_consumer(timed_writer, "AT")
    await book("2025-01-15", YEARLY)
    counted = []
    for _ in range(2):
        sent: list[str] = []
        note: Callable[..., None] = lambda _c, _x, statement, *_: sent.append(statement)  # noqa: E731, B023
        sa.event.listen(engine.sync_engine, "before_cursor_execute", note)
        await pass_days(engine, "2025-03-01", "2025-03-02")
        sa.event.remove(engine.sync_engine, "before_cursor_execute", note)
        counted.append(len(sent))
        for _ in range(5):
            await book("2025-01-15", YEARLY)
    assert counted == [10, 10]


async def many_begin_today(write: Write, world: World, number: int) -> list[Any]:
    """Order modules yesterday that begin today, and give them by their ids."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    module = factories.module()
    tariff = factories.tariff(module)
    booked = [
        factories.module_subscription(world.own.account_id, module, starts_on=today)
        for _ in range(number)
    ]
    periods = [
        factories.tariff_period(one, tariff, agreed_on=today - timedelta(days=1)) for one in booked
    ]
    await write(module, tariff, *factories.price_list(tariff), *booked, *periods)
    return sorted(booked, key=lambda one: one.id)


async def yesterday_is_done(superuser: AsyncEngine) -> None:
    """Let a worker find that another day has begun there, and in no other place."""
    today = datetime.now(ZoneInfo(ZONE)).date()
    async with superuser.begin() as connection:
        await connection.execute(sa.text("DELETE FROM effect_watermark"))
        await connection.execute(
            sa.text("INSERT INTO effect_watermark VALUES (:zone, :day)"),
            {"zone": ZONE, "day": today - timedelta(days=1)},
        )


async def begun_mails(superuser: AsyncEngine, world: World) -> dict[str, int]:
    """Count what is remembered of beginnings, and what was mailed of them."""
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT (SELECT count(*) FROM effect WHERE account_id = :id"
                "   AND kind = 'MODULE_BEGUN') AS effects,"
                " (SELECT count(*) FROM message WHERE account_id = :id"
                "   AND kind = 'MODULE_BEGUN') AS messages,"
                " (SELECT count(*) FROM outbox o JOIN message m ON m.id = o.message_id"
                "   WHERE o.account_id = :id AND m.kind = 'MODULE_BEGUN') AS mails"
            ),
            {"id": world.own.account_id},
        )
        return dict(found.mappings().one())


async def defer_now(addresses: Addresses, engine: AsyncEngine) -> None:
    """Let a worker cause what is due without waiting for the minute."""
    chosen = Settings()
    app = make_app(addresses.worker, engine, transport_of(chosen), chosen.sender)
    async with app.open_async():
        with suppress(AlreadyEnqueued):
            await app.tasks["cause_effects"].defer_async(timestamp=0)


async def test_a_killed_worker_and_two_that_follow_tell_each_effect_once(
    addresses: Addresses,
    engine: AsyncEngine,
    superuser: AsyncEngine,
    world: World,
    write: Write,
    tmp_path: Path,
) -> None:
    booked = await many_begin_today(write, world, BATCH + 20)
    await yesterday_is_done(superuser)
    given = environment(**own_postgresql(addresses), PORTAL_DATA=str(tmp_path))
    # Somebody holds the key of an effect in the second batch: there the worker waits.
    async with superuser.connect() as holding:
        await holding.execute(
            sa.text(
                "INSERT INTO effect (id, account_id, kind, subject_id, day, caused_at)"
                " VALUES (:id, :account, 'MODULE_BEGUN', :subject, :day, now())"
            ),
            {
                "id": uuid7(),
                "account": world.own.account_id,
                "subject": booked[BATCH + 10].id,
                "day": booked[0].starts_on,
            },
        )
        holder = await holding.scalar(sa.text("SELECT pg_backend_pid()"))
        with running("worker", given) as worker:
            await asyncio.to_thread(read_until, worker, "Working.")
            await defer_now(addresses, engine)
            await wait_until_blocked(superuser, holder)
            worker.kill()
            worker.wait()
        await holding.rollback()
    await wait_until_gone(superuser)
    counts = {"effects": BATCH, "messages": BATCH, "mails": BATCH}
    assert await begun_mails(superuser, world) == counts

    # Its job goes to whoever comes next; both of two do all of it.
    at = now()
    done = at.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    await asyncio.gather(*(cause.cause_in(engine, ZONE, done, at) for _ in range(2)))
    counts = dict.fromkeys(counts, BATCH + 20)
    assert await begun_mails(superuser, world) == counts
