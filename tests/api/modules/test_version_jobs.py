"""What a worker does for a version: each customer is told once, also where the worker is killed."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.modules.announcement import BATCH, run_batch
from portal.clock import now
from portal.jobs import upkeep
from portal.jobs.worker import worker_engine
from portal.language.global_id import encode
from portal.rules.address import PartyKind
from portal.rules.catalogue.terms import BillingMode
from tests import factories
from tests.api.cancelling import GIVE
from tests.api.publishing import IN_30_DAYS, PUBLISH, become, offer
from tests.api.test_mail import app_of, settings
from tests.api.test_worker import environment, running, smtp, wait_until_gone
from tests.command_line import settings as own_postgresql
from tests.saying import written

__all__ = ["smtp"]

FOR_ALL = {"validFrom": str(IN_30_DAYS)}
DAY_BEFORE = IN_30_DAYS - timedelta(days=1)
ASSESS, WITHDRAW = "assessVersion", "withdrawVersion"


@pytest.fixture
async def engine(addresses):
    engine = worker_engine(addresses)
    yield engine
    await engine.dispose()


async def work(engine, superuser, offered, size=100):
    """Run the batches that a version's jobs ask for, one after another; give the jobs' rows."""
    while True:
        jobs = await job_rows(superuser, offered)
        waiting = [job for job in jobs if job.finished_at is None]
        if not waiting:
            return jobs
        async with AsyncSession(engine) as session, session.begin():
            await run_batch(session, waiting[0].id, now(), size)


async def job_rows(superuser, offered):
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT * FROM version_job WHERE tariff_version_id = :id ORDER BY requested_at"
            ),
            {"id": offered.draft.id},
        )
        return found.all()


async def mails(superuser, *accounts):
    """Give the mails about prices to some accounts: to whom, the subject and the text."""
    async with superuser.connect() as connection:
        found = await connection.execute(
            sa.text(
                "SELECT o.recipient, o.subject, o.text FROM outbox o"
                " JOIN message m ON m.id = o.message_id WHERE o.account_id = ANY (:ids)"
                " AND m.kind LIKE 'PRICE_CHANGE%' ORDER BY o.id"
            ),
            {"ids": [account.account_id for account in accounts]},
        )
        return [tuple(row) for row in found]


async def several(writer, count):
    """Make accounts with a contract."""
    made = []
    for _ in range(count):
        person = factories.person()
        account, owner = factories.account(person)
        await factories.write(
            writer.superuser, [person, account, owner, factories.contract(account.id)]
        )
        made.append(account)
    return made


async def test_each_customer_is_told_what_changes_from_when_and_of_the_special_right(
    writer, world, superuser, engine
):
    offered = await offer(writer)
    for account, kind in ((world.own, PartyKind.CONSUMER), (world.foreign, PartyKind.BUSINESS)):
        await become(writer, account, kind)
        await offered.subscribe(account)
    await offered.send(PUBLISH, FOR_ALL)
    (job,) = await work(engine, superuser, offered)
    assert (job.customers, job.done, job.paying_more, job.paying_less) == (2, 2, 2, 0)
    ((to, subject, text),) = await mails(superuser, world.own)
    assert to == world.own.owner.email
    assert subject == f"Other prices for {offered.module.name} from {written(IN_30_DAYS)} on"
    assert "Price each month until then, without VAT: €39.00" in text
    assert "Price each month from then on, without VAT: €40.00" in text
    assert f"up to and including {written(DAY_BEFORE)} you can cancel for that day" in " ".join(
        text.split()
    )
    ((_, _, text),) = await mails(superuser, world.foreign)
    assert "special right" not in text


async def test_whoever_pays_the_same_is_told_nothing(writer, world, superuser, engine):
    offered = await offer(writer, "39.00")
    await offered.subscribe(world.own)
    await offered.send(PUBLISH, FOR_ALL)
    (job,) = await work(engine, superuser, offered)
    assert (job.done, job.paying_more, job.paying_less) == (1, 0, 0)
    assert await mails(superuser, world.own) == []


async def test_what_is_charged_by_use_counts_as_paying_more(writer, world, superuser, engine):
    offered = await offer(writer, "38.00")
    section = factories.section(offered.draft, 1)
    by_use = {"billing_mode": BillingMode.PER_USE, "unit_price": Decimal("0.01")}
    await factories.write(superuser, [section, factories.item(section, **by_use)])
    await offered.subscribe(world.own)
    await offered.send(PUBLISH, FOR_ALL)
    (job,) = await work(engine, superuser, offered)
    assert (job.paying_more, job.paying_less) == (1, 0)
    ((_, _, text),) = await mails(superuser, world.own)
    assert "What is charged by use becomes dearer, too." in text


@pytest.mark.reads
async def test_a_draft_is_assessed_in_batches_with_its_progress(writer, superuser, engine):
    offered = await offer(writer, "38.00")
    accounts = await several(writer, 5)
    for account in accounts:
        subscription = factories.module_subscription(account.id, offered.module)
        period = factories.tariff_period(subscription, offered.tariff)
        await factories.write(superuser, [subscription, period])
    answer = await offered.send(ASSESS, FOR_ALL, fields="id customers done")
    assert (answer["customers"], answer["done"]) == (5, 0)
    (job,) = await job_rows(superuser, offered)
    async with AsyncSession(engine) as session, session.begin():
        await run_batch(session, job.id, now(), 2)
    shown = await writer.api(
        "query ($id: ID!) { node(id: $id) { ... on VersionJob"
        " { kind customers done payingMore payingLess finishedAt } } }",
        writer.world.tokens["MANAGER"],
        id=answer["id"],
    )
    assert shown["data"]["node"] == {
        "kind": "ASSESSMENT",
        "customers": 5,
        "done": 2,
        "payingMore": 0,
        "payingLess": 2,
        "finishedAt": None,
    }
    (job,) = await work(engine, superuser, offered, 2)
    assert (job.done, job.paying_less) == (5, 5)


@pytest.mark.parametrize("has_cancelled", [False, True])
async def test_a_withdrawal_tells_the_same_people_and_a_notice_stands(
    writer, world, superuser, engine, has_cancelled
):
    offered = await offer(writer)
    await become(writer, world.own, PartyKind.CONSUMER)
    subscription = await offered.subscribe(world.own)
    await offered.send(PUBLISH, FOR_ALL)
    await work(engine, superuser, offered)
    if has_cancelled:
        id = encode("ModuleSubscription", subscription.id)
        given = {"id": id, "lastDay": str(DAY_BEFORE)}
        answer = await writer.change(GIVE, "OWNER", given, "endsOn")
        assert answer["endsOn"] == str(DAY_BEFORE)
    answer = await offered.send(WITHDRAW)
    assert (answer["kind"], answer["customers"]) == ("WITHDRAWAL", 1)
    *_, job = await work(engine, superuser, offered)
    assert (job.done, job.paying_more) == (1, 0)
    _, (to, subject, text) = await mails(superuser, world.own)
    assert to == world.own.owner.email
    assert subject == f"The prices for {offered.module.name} stay as they are"
    # What it costs by then is not known here: other prices may have come meanwhile.
    assert "€" not in text
    stands = f"Your cancellation for {written(DAY_BEFORE)} stands."
    assert (stands in text) is has_cancelled


async def test_whoever_was_not_told_yet_is_not_told_any_more(writer, world, superuser, engine):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    await offered.send(PUBLISH, FOR_ALL)
    answer = await offered.send(WITHDRAW)
    assert (answer["customers"], answer["finishedAt"] is None) == (0, False)
    await work(engine, superuser, offered)
    assert await mails(superuser, world.own) == []


@pytest.mark.reads
async def test_a_version_in_force_or_a_draft_is_not_withdrawn(writer):
    offered = await offer(writer)
    answer = await offered.send(WITHDRAW)
    assert answer["problems"][0]["message"] == "This version is a draft: nothing is published yet."
    today = IN_30_DAYS - timedelta(days=30)
    await offered.send(PUBLISH, {"validFrom": str(today)})
    answer = await offered.send(WITHDRAW)
    assert answer["problems"][0]["message"] == (
        f"This version is in force since {written(today)}: it cannot be withdrawn."
    )


@pytest.mark.reads
async def test_what_was_withdrawn_is_withdrawn_once_and_its_day_is_free(writer):
    offered = await offer(writer)
    await offered.send(PUBLISH, FOR_ALL)
    await offered.send(WITHDRAW)
    answer = await offered.send(WITHDRAW)
    assert answer["problems"][0]["code"] == "CONFLICT"


async def test_a_killed_worker_tells_everybody_once(
    writer, superuser, engine, addresses, smtp, tmp_path
):
    """By SIGKILL, within a batch and after one: the rest follows, and nothing comes twice."""
    offered = await offer(writer)
    accounts = await several(writer, BATCH + 10)
    rows = []
    for account in accounts:
        subscription = factories.module_subscription(account.id, offered.module)
        rows += [subscription, factories.tariff_period(subscription, offered.tariff)]
    await factories.write(superuser, rows)
    await offered.send(PUBLISH, FOR_ALL)
    ids = {"ids": [account.id for account in accounts]}
    told = sa.text(
        "SELECT count(*), count(DISTINCT account_id) FROM message WHERE account_id = ANY (:ids)"
    )
    # Mails become files, which takes less time.
    given = environment(**own_postgresql(addresses), PORTAL_DATA=str(tmp_path))
    app = app_of(addresses, engine, settings(smtp.url))

    async def kill(worker):
        worker.kill()
        worker.wait()
        await wait_until_gone(superuser)
        async with app.open_async():
            # Silence of no second at all makes the dead worker one that is given up.
            await upkeep.rescue(app, engine, now(), silence=0)
        # Its own connections would look like a worker's.
        await engine.dispose()

    with running("worker", given) as worker:
        async with superuser.begin() as connection:
            await connection.execute(sa.text("LOCK TABLE price_announcement IN EXCLUSIVE MODE"))
            await until(lambda: is_waiting(superuser))
            worker.kill()
        await kill(worker)
    async with superuser.connect() as connection:
        assert tuple((await connection.execute(told, ids)).one()) == (0, 0)
    with running("worker", given) as worker:
        await until(lambda: has_done(superuser, offered, BATCH))
        await kill(worker)
    (job,) = await work(engine, superuser, offered)
    assert (job.done, job.paying_more) == (BATCH + 10, BATCH + 10)
    async with superuser.connect() as connection:
        assert tuple((await connection.execute(told, ids)).one()) == (BATCH + 10, BATCH + 10)


async def until(is_so):
    """Wait until something is so, by whoever is at work."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + 60
    while not await is_so():
        assert loop.time() < deadline, "The worker does nothing."
        await asyncio.sleep(0.02)


async def is_waiting(superuser):
    """Say whether a batch under way waits for the lock on its table."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(:name)"
    async with superuser.connect() as connection:
        return await connection.scalar(sa.text(waiting), {"name": "price_announcement"})


async def has_done(superuser, offered, least):
    """Say whether so many customers are done."""
    return (await job_rows(superuser, offered))[0].done >= least


async def test_a_job_that_was_lost_is_asked_for_again(
    writer, world, superuser, engine, addresses, smtp
):
    offered = await offer(writer)
    await offered.subscribe(world.own)
    await offered.send(PUBLISH, FOR_ALL)
    app = app_of(addresses, engine, settings(smtp.url))
    deferred = (
        "FROM procrastinate.procrastinate_jobs WHERE args ->> 'version_job_id' ="
        " (SELECT id::text FROM version_job WHERE tariff_version_id = :id)"
    )
    async with superuser.begin() as connection:
        await connection.execute(sa.text("SET LOCAL search_path = procrastinate, public"))
        await connection.execute(sa.text(f"DELETE {deferred}"), {"id": offered.draft.id})
    async with app.open_async():
        for later, count in ((0, 0), (2, 1), (3, 1)):
            await upkeep.rescue(app, engine, now() + timedelta(minutes=later), silence=3600)
            async with superuser.connect() as connection:
                counted = sa.text(f"SELECT count(*) {deferred}")
                assert await connection.scalar(counted, {"id": offered.draft.id}) == count
