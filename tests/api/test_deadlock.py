"""Transactions that stand in each other's way: one is rolled back, and done again as a whole."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from portal.database.deadlock import MOST_TRIES, until_done
from portal.errors import Unavailable
from portal.writing.transaction import Transaction
from tests.world import Kind


def in_the_way(state="40P01"):
    """Give what the driver raises for a transaction that was rolled back."""
    return asyncpg.PostgresError.new({"C": state, "M": "in the way", "S": "ERROR"})


def wrapped(error):
    """Give it as SQLAlchemy does."""
    adapted = Exception("adapted")
    adapted.__cause__ = error
    return DBAPIError("SELECT", {}, adapted)


def failing(times, error):
    """Give work that fails so often; it counts its tries."""
    tries = []

    async def work():
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return work


@pytest.mark.parametrize(
    "error", [in_the_way(), in_the_way("40001"), wrapped(in_the_way())], ids=type
)
async def test_work_is_begun_again(error):
    assert await until_done(failing(MOST_TRIES - 1, error)) == MOST_TRIES
    work = failing(MOST_TRIES, error)
    with pytest.raises(Unavailable):
        await until_done(work)
    # It was not tried once more.
    assert await work() == MOST_TRIES + 1


async def test_what_is_wrong_otherwise_is_not_tried_again():
    work = failing(1, in_the_way("23505"))
    with pytest.raises(asyncpg.PostgresError):
        await until_done(work)
    assert await work() == 2


@pytest.fixture
def commits(monkeypatch):
    """Let the next commits fail as if they stood in another's way; gives how many still will."""
    left, commit = [0], Transaction.commit

    async def failing_commit(transaction):
        await transaction.flush()
        if left[0]:
            left[0] -= 1
            raise in_the_way("40001")
        await commit(transaction)

    monkeypatch.setattr(Transaction, "commit", failing_commit)
    return left


async def test_a_change_that_was_in_the_way_is_made_once(writer, world, commits):
    commits[0] = 2
    answer = await writer.change("updateContract", Kind.OWNER, {"purchaseOrderNumber": "PO 40P01"})
    assert commits == [0]
    assert answer["version"] == 2
    (entry,) = await writer.entries()
    assert entry["action"] == "updateContract"
