"""How the transaction of a mutation ends: in any statement, by any failure, after any wait."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from uuid_utils.compat import uuid7

from portal.database.addresses import Addresses
from portal.database.engines import Database
from portal.errors import NotFound
from portal.models import Account
from portal.writing.transaction import Transaction
from tests.api.changing import change, context_in, contract_in, told
from tests.api.test_lost_connection import LOCK_ACCOUNT, terminate, waiting
from tests.world import Kind
from tests.writing import Writer

END = "COMMIT or ROLLBACK"
STATEMENTS = ["PREPARE", "BEGIN", "lock of the row", "UPDATE and history", END]
BUSY = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = 'portal_app' AND state <> 'idle'"
)
VIEWER = sa.text("SELECT coalesce(current_setting('portal.viewer', true), '')")
PID = sa.text("SELECT pg_backend_pid()")


@pytest.fixture
async def single(addresses: Addresses) -> AsyncIterator[Database]:
    """One connection, so that what is said of it is said of all that went before."""
    database = Database(addresses, size=1)
    yield database
    await database.close()


async def pid_in(database: Database) -> int:
    """Give the back end of the one connection, on which nobody is asking."""
    async with database.app.connect() as connection:
        assert await connection.scalar(VIEWER) == ""
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # A session in AUTOCOMMIT was the transaction's, and not the connection's.
        assert driver.is_in_transaction()
        pid: int = await connection.scalar(PID)
        return pid


@pytest.mark.parametrize("number", range(len(STATEMENTS)), ids=STATEMENTS)
@pytest.mark.parametrize("kept", [True, False])
async def test_a_change_cancelled_in_any_statement_leaves_a_clean_connection(
    writer: Writer, single: Database, monkeypatch: pytest.MonkeyPatch, number: int, kept: bool
):
    context = await context_in(writer, single)
    send, count = Transaction._sent, iter(range(100))  # noqa: SLF001 -- the way of each statement

    async def sent(transaction: Transaction, way: Any, text: str, *arguments: Any) -> Any:
        if next(count) == number:
            # Once it is on its way.
            asyncio.get_running_loop().call_soon(changing.cancel)
        return await send(transaction, way, text, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "_sent", sent)
        given = {"purchase_order_number": "cancelled"}
        changing = asyncio.create_task(change(writer, context, kept=kept, **given))
        with pytest.raises(asyncio.CancelledError):
            await changing
    # What ends it goes on without whoever was cancelled.
    async with asyncio.timeout(5), writer.superuser.connect() as connection:
        while await connection.scalar(BUSY):
            await connection.rollback()
    assert next(count) == number + 1
    # PostgreSQL may have committed before it was told that nobody waits for that.
    written = await told(writer)
    assert written == [] or (STATEMENTS[number], kept, written) == (END, True, ["cancelled"])
    await pid_in(single)
    await change(writer, context, purchase_order_number="after")
    assert await told(writer) == [*written, "after"]


async def test_a_refusal_is_told_although_its_connection_was_lost(writer: Writer, single: Database):
    context = await context_in(writer, single)

    async def refuse() -> None:
        async with context.transaction("test") as transaction:
            await contract_in(transaction, context, writer)
            await terminate(writer, [await transaction.session.scalar(PID)])
            raise NotFound("There is no such row.")

    with pytest.raises(NotFound):
        await refuse()
    await change(writer, context, purchase_order_number="after")
    assert await told(writer) == ["after"]


async def test_who_waits_for_the_lock_changes_the_row_as_it_is_then(writer: Writer):
    own = writer.world.own
    async with writer.superuser.connect() as connection:
        await connection.execute(sa.text(LOCK_ACCOUNT), {"account": own.account_id})
        asking = [
            asyncio.create_task(writer.change("updateContract", Kind.OWNER, given))
            for given in (
                {"purchaseOrderNumber": "mine"},
                {"purchaseOrderNumber": "stale", "expectedVersion": 1},
            )
        ]
        await waiting(writer, count=2)
        await connection.execute(
            sa.text(
                "UPDATE contract SET purchase_order_number = 'theirs', version = 2 WHERE id = :id"
            ),
            {"id": own.contract.id},
        )
        await connection.commit()
    changed, refused = await asyncio.gather(*asking)
    assert changed["version"] == 3
    assert refused["problems"][0]["code"] == "CONFLICT"
    (entry,) = await writer.entries()
    assert entry["values"] == [["Contract.purchaseOrderNumber", "theirs", "mine"]]


async def test_a_commit_that_fails_writes_nothing(writer: Writer, single: Database):
    context = await context_in(writer, single)
    before, pid = await writer.fingerprint(), await pid_in(single)
    # That the owner is a member is checked at the end.
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await change(writer, context, Account, owner_id=uuid7(), name="Nobody's")
    assert await writer.fingerprint() == before
    assert await pid_in(single) == pid
    await change(writer, context, Account, name="Still ours")
    assert await told(writer) == ["Still ours"]


@pytest.mark.parametrize("with_session", [False, True])
async def test_a_refused_change_writes_nothing_and_keeps_its_connection(
    writer: Writer, single: Database, with_session: bool
):
    context = await context_in(writer, single)
    before, pid = await writer.fingerprint(), await pid_in(single)

    async def refuse() -> None:
        async with context.transaction("test") as transaction:
            contract = await contract_in(transaction, context, writer)
            if with_session:
                assert contract in transaction.session
            contract.purchase_order_number = "refused"
            await transaction.flush()
            raise NotFound("There is no such row.")

    with pytest.raises(NotFound):
        await refuse()
    assert await writer.fingerprint() == before
    assert await pid_in(single) == pid


async def test_what_is_only_tried_writes_nothing(writer: Writer, single: Database):
    context = await context_in(writer, single)
    before, pid = await writer.fingerprint(), await pid_in(single)
    async with context.transaction("test", kept=False) as transaction:
        contract = await contract_in(transaction, context, writer)
        contract.purchase_order_number = "tried"
        await transaction.flush()
    assert await writer.fingerprint() == before
    assert await pid_in(single) == pid


async def test_a_connection_that_was_lost_while_idle_is_made_anew(writer: Writer, single: Database):
    context = await context_in(writer, single)
    pid = await pid_in(single)
    connection = await single.app.connect()
    driver = (await connection.get_raw_connection()).driver_connection
    await connection.close()
    await terminate(writer, [pid])
    # The loop reads what came for an idle connection.
    async with asyncio.timeout(5):
        while not driver.is_closed():
            await asyncio.sleep(0)
    await change(writer, context, purchase_order_number="after")
    assert await told(writer) == ["after"]
    assert await pid_in(single) != pid
