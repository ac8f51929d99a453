"""setContractStart: a day that a manager sets, or the oldest running module's again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.api.ordering import day, today
from tests.world import Kind
from tests.writing import problem, refusal

MUTATION = "setContractStart"
FIELDS = "version duration { startsOn basis }"


@pytest.mark.parametrize("set_to", ["1900-01-01", "2023-02-28", "2024-01-14"])
async def test_a_manager_sets_the_day(writer, set_to):
    before = await writer.rows()
    given = {"startsOn": set_to, "reason": "Volgens het oude contract."}
    assert await writer.change(MUTATION, Kind.MANAGER, given, FIELDS) == {
        "__typename": "Contract",
        "version": 2,
        "duration": {"startsOn": set_to, "basis": "SET"},
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {"version": 2, "starts_on_override": set_to},
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "MANAGER",
        "Volgens het oude contract.",
    )
    assert entry["values"] == [["Contract.startsOnOverride", "2024-01-15", set_to]]


async def test_without_a_day_the_oldest_running_module_gives_it(writer):
    answer = await writer.change(MUTATION, Kind.MANAGER, {"startsOn": None}, FIELDS)
    assert answer == {
        "__typename": "Contract",
        "version": 2,
        "duration": {"startsOn": "2024-01-15", "basis": "OLDEST_MODULE"},
    }
    (entry,) = await writer.entries()
    assert entry["values"] == [["Contract.startsOnOverride", "2024-01-15", None]]


@pytest.mark.parametrize("set_to", ["1899-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
@pytest.mark.reads
async def test_a_day_of_another_century_is_refused(writer, set_to):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, {"startsOn": set_to}) == refusal(
        problem(
            "INVALID_INPUT",
            "input.startsOn",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        )
    )
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("set_to", ["2024-01-16", "2199-12-31"])
@pytest.mark.reads
async def test_a_contract_starts_with_its_oldest_module_at_the_latest(writer, set_to):
    before = await writer.fingerprint()
    message = "A contract starts with its oldest module at the latest: on 15 January 2024."
    assert await writer.change(MUTATION, Kind.MANAGER, {"startsOn": set_to}) == refusal(
        problem("RULE_BROKEN", "input.startsOn", message)
    )
    assert await writer.fingerprint() == before


async def test_the_oldest_module_is_the_oldest_that_is_not_over(writer, superuser):
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("UPDATE module_subscription SET ends_on = :day WHERE account_id = :id"),
            {"id": writer.world.own.account_id, "day": today() - timedelta(days=1)},
        )
    answer = await writer.change(MUTATION, Kind.MANAGER, {"startsOn": day(1)}, FIELDS)
    assert answer["duration"] == {"startsOn": day(1), "basis": "SET"}


@pytest.mark.reads
async def test_a_day_left_out_is_not_a_day_emptied(writer):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, {}) == refusal(
        problem(
            "INVALID_INPUT",
            "input.startsOn",
            "Give a day, or none to derive it from the modules.",
        )
    )
    assert await writer.fingerprint() == before
