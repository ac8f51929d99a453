"""Whatever changes, is credited and is run in whatever order: the database keeps what is due.

Hypothesis draws in a thread; what it draws is done here, on an account of its own each time.
"""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from portal.actions.billing.billable import Billable, billables
from portal.actions.billing.by_hand import Wish, credit
from portal.actions.billing.run import Run, bill
from portal.rules.billing.by_hand import Wanted
from portal.rules.billing.charge import CENT, charges
from tests.api.billing.conftest import FIRST, NOW, Books
from tests.api.billing.test_run import chain_is_whole

DAYS = st.integers(0, 120)
CHANGES = st.one_of(
    st.tuples(st.just("end"), st.none() | DAYS),
    st.tuples(st.just("count"), DAYS, st.integers(2, 5)),
    st.tuples(st.just("agree"), DAYS, st.integers(0, 60), st.integers(1, 100)),
    st.tuples(st.just("credit"), st.decimals("0.01", 1, places=2)),
)
STEPS = st.lists(st.tuples(CHANGES, st.integers(0, 40)), min_size=1, max_size=3)
# 50 as a rule, 1,000 where it is thorough.
EXAMPLES = min(1_000, settings().max_examples // 2)
SQL = {
    "end": (
        "UPDATE tariff_period SET ends_on = :last WHERE account_id = :id",
        "UPDATE module_subscription SET ends_on = :last WHERE account_id = :id",
    ),
    "count": (
        "DELETE FROM subscription_item_quantity WHERE account_id = :id",
        (
            "INSERT INTO subscription_item_quantity (id, account_id, module_subscription_id,"
            " item_key, quantity, starts_on, agreed_on, asked_by, steps)"
            " SELECT gen_random_uuid(), account_id, id, 'BASE', :number, :first, starts_on,"
            " 'CUSTOMER', '[]' FROM module_subscription WHERE account_id = :id"
        ),
    ),
    "agree": (
        "DELETE FROM special_agreement WHERE account_id = :id",
        (
            "INSERT INTO special_agreement (id, account_id, module_id, kind, discount_percent,"
            " starts_on, ends_on, version) SELECT gen_random_uuid(), account_id, module_id,"
            " 'DISCOUNT', :percent, :first, :last, 1 FROM module_subscription"
            " WHERE account_id = :id"
        ),
    ),
}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


async def changed(books: Books, id: UUID, change: tuple[Any, ...]) -> None:
    """Make a change as if a mutation had made it."""
    match change:
        case ("end", last):
            values = {"last": None if last is None else day(last)}
        case ("count", first, number):
            values = {"first": day(first), "number": number}
        case ("agree", first, length, percent):
            values = {"first": day(first), "last": day(first + length), "percent": percent}
        case ("credit", share):
            await credited(books, id, share)
            return
    for statement in SQL[change[0]]:
        wanted = {name: value for name, value in values.items() if f":{name}" in statement}
        await books.done(statement, id=id, **wanted)
    await books.done("UPDATE account SET history_length = history_length + 1 WHERE id = :id", id=id)


async def credited(books: Books, id: UUID, share: Decimal) -> None:
    """Take back a share of the line of which the most is left."""
    rows = await books.asked(
        "SELECT document_id, position, net_left FROM billed_span WHERE account_id = :id"
        " AND net_left > 0 ORDER BY net_left DESC, position LIMIT 1", id=id,
    )  # fmt: skip
    for row in rows:
        net = max(CENT, (row.net_left * share).quantize(CENT))
        async with AsyncSession(books.owner) as session, session.begin():
            await credit(session, Wish(row.document_id, "So."), [Wanted(row.position, net)], NOW)


async def read(books: Books, id: UUID, until: date) -> tuple[Billable, list[Any]]:
    """Give the account as it stands, and what a run would issue to it."""
    async with AsyncSession(books.worker) as session:
        (billable,) = await billables(session, [id], NOW.date())
        drafts = billable.drafts(billable.settlement(until), NOW.date())
        return billable, [(one.kind, one.net, one.gross) for one in drafts]


async def issued(books: Books, id: UUID) -> list[Any]:
    rows = await books.asked("SELECT kind, net, gross FROM document WHERE account_id = :id", id=id)
    return sorted(tuple(row) for row in rows)


async def run(books: Books, id: UUID, until: date) -> int:
    async with AsyncSession(books.worker) as session, session.begin():
        done = await bill(session, Run(NOW, until), [id])
    return done.invoices + done.credit_notes


async def follow(books: Books, steps: list[tuple[Any, int]]) -> None:
    id, until = await books.customer(), FIRST
    await run(books, id, until)
    for change, days in steps:
        await changed(books, id, change)
        until += timedelta(days=days)
        billable, shown = await read(books, id, until)
        before = await issued(books, id)
        number = await run(books, id, until)
        after = await issued(books, id)
        assert number == len(shown) == len(after) - len(before)
        # What was shown is what was issued, and nothing is issued twice.
        assert sorted([*before, *shown]) == after
        assert await run(books, id, until) == 0
        sums = await books.asked(
            "SELECT coalesce(sum(CASE kind WHEN 'INVOICE' THEN net ELSE -net END), 0) AS net,"
            " (SELECT coalesce(sum(net_left), 0) FROM billed_span WHERE account_id = :id) AS kept,"
            " (SELECT coalesce(sum(net_waived), 0) FROM billed_span WHERE account_id = :id)"
            " AS waived FROM document WHERE account_id = :id", id=id,
        )  # fmt: skip
        ((net, kept, waived),) = sums
        assert net == kept
        # What is billed ahead is due, whatever the day of the run.
        due = sum((one.net for one in charges(billable.sources, until)), Decimal(0))
        assert net <= due if waived else net == due


async def test_what_is_billed_is_what_is_due(books: Books) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=EXAMPLES, database=None)
    @given(STEPS)
    def each(steps: list[tuple[Any, int]]) -> None:
        asyncio.run_coroutine_threadsafe(follow(books, steps), loop).result()

    await asyncio.to_thread(each)
    await chain_is_whole(books)
