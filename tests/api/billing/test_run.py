"""The billing run: everybody once, whoever else runs, whatever becomes of it."""

import asyncio
import sys
from contextlib import suppress
from datetime import date, timedelta

import pytest

from portal.actions.billing import run as action
from portal.actions.billing.start import begin
from portal.errors import Conflict, RuleBroken, Unavailable
from portal.jobs.billing import run_billing
from portal.jobs.upkeep import clean_up
from portal.rules.billing.number import FIRST_HASH, chained
from tests.api.billing.conftest import FIRST, MAY, NOW, Books


async def chain_is_whole(books: Books) -> None:
    """Look at every series: no gap, nothing twice, each hash that of the one before and its own."""
    last: dict[tuple[str, int], tuple[int, bytes]] = {}
    rows = await books.asked(
        "SELECT series, series_year, series_number, number, payload, hash FROM document"
        " ORDER BY series, series_year, series_number"
    )
    for row in rows:
        before, hash = last.get((row.series, row.series_year), (0, FIRST_HASH))
        assert row.series_number == before + 1
        assert row.hash == chained(hash, row.number, row.payload)
        last[row.series, row.series_year] = row.series_number, row.hash
    counters = await books.asked("SELECT key, year, last_number, last_hash FROM number_series")
    assert {(row.key, row.year): (row.last_number, row.last_hash) for row in counters} == last


async def test_what_is_due_is_billed_once(books: Books) -> None:
    account = await books.customer()
    assert await books.bill(FIRST) == action.Report(1, 1, 0, 0)
    assert await books.bill(FIRST) == action.Report()
    assert (await books.bill(MAY)).invoices == 1
    assert await books.documents(account) == [
        ("INVOICE", "35.00", "42.35"), ("INVOICE", "30.00", "36.30"),
    ]  # fmt: skip
    (first, *_) = await books.asked(
        "SELECT * FROM document WHERE account_id = :id ORDER BY id", id=account
    )
    says = first.payload
    assert (says["dueOn"], str(first.due_on), str(first.retained_until)) == (
        "2026-06-04", "2026-06-04", "2033-12-31",
    )  # fmt: skip
    assert says["verificationCode"] == first.verification_code
    assert says["modules"] == [
        {"name": books.module.name, "startsOn": "2026-04-01", "termEndsOn": "2027-03-31",
         "noticePeriod": "1 maand", "noticeBy": "2027-02-28"}
    ]  # fmt: skip
    assert [(line["quantity"], line["unitPrice"], line["net"]) for line in says["lines"]] == [
        ("1", "30.000000", "30.00"), ("1", "5.000000", "5.00"),
    ]  # fmt: skip
    assert says["vatGroups"] == [
        {"category": "S", "rate": "21", "net": "35.00", "vat": "7.35", "code": None, "text": None}
    ]
    await chain_is_whole(books)


async def test_a_test_account_has_numbers_of_its_own(books: Books) -> None:
    account = await books.customer(is_test=True)
    await books.bill()
    (row,) = await books.asked("SELECT number FROM document WHERE account_id = :id", id=account)
    assert row.number.startswith("TEST-2026-0000")
    await chain_is_whole(books)


async def test_a_module_that_ends_gets_a_credit_note(books: Books) -> None:
    account = await books.customer()
    await books.bill(MAY)
    await books.done(
        "UPDATE module_subscription SET ends_on = '2026-05-10' WHERE account_id = :id",
        id=account,
    )
    await books.done(
        "UPDATE tariff_period SET ends_on = '2026-05-10' WHERE account_id = :id", id=account
    )
    await books.bill(date(2026, 5, 2))
    assert await books.documents(account) == [
        ("INVOICE", "65.00", "78.65"), ("CREDIT_NOTE", "20.32", "24.59"),
    ]  # fmt: skip
    spans = await books.asked(
        "SELECT last_day, net_left FROM billed_span WHERE account_id = :id AND item_key = 'BASE'"
        " ORDER BY first_day", id=account,
    )  # fmt: skip
    assert [(str(row.last_day), str(row.net_left)) for row in spans] == [
        ("2026-04-30", "30.00"), ("2026-05-10", "9.68"),
    ]  # fmt: skip
    await chain_is_whole(books)


async def test_a_change_of_the_same_day_is_seen_by_the_next_run(books: Books) -> None:
    account = await books.customer()
    await books.bill(MAY)
    await books.done(
        "UPDATE tariff_period SET ends_on = '2026-05-10' WHERE account_id = :id", id=account
    )
    assert (await books.bill(MAY)).accounts == 0
    await books.done(
        "UPDATE account SET history_length = history_length + 1 WHERE id = :id", id=account
    )
    assert (await books.bill(MAY)).credit_notes == 1


async def test_the_problem_of_one_stops_nobody(books: Books) -> None:
    without, other = await books.customer(), await books.customer()
    await books.done("DELETE FROM contract WHERE account_id = :id", id=without)
    report = await books.bill()
    assert (report.accounts, report.invoices, report.unbilled) == (2, 1, 1)
    assert await books.documents(without) == []
    assert len(await books.documents(other)) == 1
    (problem,) = await books.asked(
        "SELECT code, run_day FROM billing_problem WHERE account_id = :id", id=without
    )
    assert (problem.code, problem.run_day) == ("NO_CONTRACT", MAY)
    await books.done(
        "INSERT INTO contract SELECT (jsonb_populate_record(c, jsonb_build_object("
        "'id', gen_random_uuid(), 'account_id', CAST(:id AS text)))).*"
        " FROM contract c WHERE account_id = :other", id=str(without), other=other,
    )  # fmt: skip
    report = await run_billing(books.worker, NOW + timedelta(minutes=1), MAY)
    assert (report.invoices, report.unbilled) == (1, 0)
    assert (
        await books.asked("SELECT code FROM billing_problem WHERE account_id = :id", id=without)
        == []
    )


async def test_what_the_database_refuses_is_the_problem_of_one(books: Books) -> None:
    refused, other = await books.customer(), await books.customer()
    await books.done(
        "INSERT INTO subscription_item_quantity (id, account_id, module_subscription_id, item_key,"
        " quantity, starts_on, agreed_on, asked_by, steps) SELECT gen_random_uuid(), account_id,"
        " id, 'BASE', 3, starts_on, starts_on, 'CUSTOMER', '[]' FROM module_subscription"
        " WHERE account_id = :id", id=refused,
    )  # fmt: skip
    await books.done("ALTER TABLE document ADD CONSTRAINT refused CHECK (net <> 185) NOT VALID")
    try:
        report = await books.bill()
    finally:
        await books.done("ALTER TABLE document DROP CONSTRAINT refused")
    assert (report.invoices, report.unbilled) == (1, 1)
    assert await books.documents(refused) == []
    assert len(await books.documents(other)) == 1
    (problem,) = await books.asked(
        "SELECT code, detail FROM billing_problem WHERE account_id = :id", id=refused
    )
    assert (problem.code, len(problem.detail["reference"])) == ("REFUSED", 32)
    await chain_is_whole(books)
    await run_billing(books.worker, NOW + timedelta(minutes=2), MAY)


async def test_runs_beside_each_other_bill_everybody_once(books: Books) -> None:
    accounts = [await books.customer() for _ in range(12)]
    reports = await asyncio.gather(*(books.bill(size=3) for _ in range(3)))
    assert sum(report.invoices for report in reports) == len(accounts)
    for account in accounts:
        assert len(await books.documents(account)) == 1
    await chain_is_whole(books)


async def test_an_account_that_is_locked_is_waited_for(books: Books) -> None:
    account, other = await books.customer(), await books.customer()
    async with books.superuser.begin() as connection:
        await connection.exec_driver_sql(f"SELECT FROM account WHERE id = '{account}' FOR UPDATE")
        run = asyncio.create_task(books.bill())
        while not await books.documents(other) and not run.done():
            await asyncio.sleep(0.01)
        assert not run.done()
    await run
    assert len(await books.documents(account)) == 1


RUNNER = """
import asyncio, sys
from datetime import date, datetime
from sqlalchemy import make_url
from portal.database.connection import engine_at
from portal.jobs.billing import run_billing

async def run(address, now, until):
    async def tell(report):
        print(report.accounts, flush=True)

    engine = engine_at(make_url(address))
    await run_billing(engine, datetime.fromisoformat(now), date.fromisoformat(until), tell, size=2)

asyncio.run(run(*sys.argv[1:]))
"""


async def test_whoever_is_killed_leaves_no_half_of_anything(books: Books) -> None:
    """Two processes beside each other are killed once they have billed some; others go on."""
    accounts = [await books.customer() for _ in range(12)]
    address = books.addresses.worker.render_as_string(hide_password=False)
    command = (sys.executable, "-c", RUNNER, address, NOW.isoformat(), MAY.isoformat())
    runs = [
        await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    for run in runs:
        assert run.stdout is not None
        await run.stdout.readline()
        with suppress(ProcessLookupError):
            run.kill()
    for run in runs:
        await run.communicate()
    await chain_is_whole(books)
    await books.bill(size=2)
    for account in accounts:
        assert await books.documents(account) == [("INVOICE", "65.00", "78.65")]
    await chain_is_whole(books)


async def test_nobody_is_looked_at_before_it_is_said_from_when_on(books: Books) -> None:
    account = await books.customer()
    await books.done("DELETE FROM billing_start")
    assert await books.bill() == action.Report()
    await books.done("INSERT INTO billing_start VALUES (true, :day)", day=FIRST)
    assert (await books.bill()).invoices == 1
    assert len(await books.documents(account)) == 1


async def test_who_is_done_is_forgotten_after_a_week(books: Books) -> None:
    account = await books.customer()
    await books.bill()

    async def kept(days: int) -> int:
        await clean_up(books.worker, NOW + timedelta(days=days))
        (row,) = await books.asked(
            "SELECT count(*) AS days FROM billing_run_account WHERE account_id = :id", id=account
        )
        return int(row.days)

    assert [await kept(3), await kept(4)] == [1, 0]
    assert (await books.bill()).invoices == 0
    assert len(await books.documents(account)) == 1


async def test_days_that_are_wrong_are_refused(books: Books) -> None:
    account = await books.customer()
    with pytest.raises(RuleBroken, match="yet to come"):
        await books.bill(date(2026, 5, 6))
    assert await books.documents(account) == []
    await books.bill()
    later = await books.customer()
    with pytest.raises(Unavailable, match="set back"):
        await run_billing(books.worker, NOW - timedelta(days=2), date(2026, 5, 1))
    assert await books.documents(later) == []
    await begin(books.worker, FIRST)
    with pytest.raises(Conflict):
        await begin(books.worker, MAY)
    await books.bill()
