"""setContractStart: a day that a manager sets, or the oldest running module's again."""

import pytest

from tests.world import Kind
from tests.writing import forbidden, problem, refusal, unauthenticated

MUTATION = "setContractStart"
FIELDS = "version duration { startsOn basis }"


@pytest.mark.parametrize("day", ["1900-01-01", "2023-02-28", "2199-12-31"])
async def test_a_manager_sets_the_day(writer, day):
    before = await writer.rows()
    given = {"startsOn": day, "reason": "Volgens het oude contract."}
    assert await writer.change(MUTATION, Kind.MANAGER, given, FIELDS) == {
        "__typename": "Contract",
        "version": 2,
        "duration": {"startsOn": day, "basis": "SET"},
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3},
        "contract": {"version": 2, "starts_on_override": day},
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "MANAGER",
        "Volgens het oude contract.",
    )
    assert entry["values"] == [["Contract.startsOnOverride", "2024-01-15", day]]


async def test_without_a_day_the_oldest_running_module_gives_it(writer):
    answer = await writer.change(MUTATION, Kind.MANAGER, {"startsOn": None}, FIELDS)
    assert answer == {
        "__typename": "Contract",
        "version": 2,
        "duration": {"startsOn": "2024-01-15", "basis": "OLDEST_MODULE"},
    }
    (entry,) = await writer.entries()
    assert entry["values"] == [["Contract.startsOnOverride", "2024-01-15", None]]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.ANONYMOUS, unauthenticated(MUTATION, "MANAGER")),
        *(
            (kind, forbidden(MUTATION, "", "MANAGER"))
            for kind in Kind
            if kind not in {Kind.ANONYMOUS, Kind.MANAGER}
        ),
    ],
)
async def test_nobody_else_does(writer, kind, answer):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, kind, {"startsOn": "2023-01-01"}) == answer
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("day", ["1899-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
async def test_a_day_of_another_century_is_refused(writer, day):
    before = await writer.fingerprint()
    assert await writer.change(MUTATION, Kind.MANAGER, {"startsOn": day}) == refusal(
        problem(
            "INVALID_INPUT",
            "input.startsOn",
            "Must be a day from 1 January 1900 to 31 December 2199.",
        )
    )
    assert await writer.fingerprint() == before


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
