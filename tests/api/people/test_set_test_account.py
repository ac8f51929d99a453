"""setTestAccount: whether an account is a test account, by managers."""

from tests.world import Kind
from tests.writing import NOT_FOUND

MUTATION = "setTestAccount"


async def test_a_manager_says_whether_it_is_one(writer):
    before = await writer.rows()
    given = {"isTest": False, "reason": "Is nu echt."}
    answer = await writer.change(MUTATION, Kind.MANAGER, given, "id version isTest")
    assert answer == {
        "__typename": "Account",
        "id": writer.world.own.id,
        "version": 2,
        "isTest": False,
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 3, "version": 2, "is_test": False}
    }
    (entry,) = await writer.entries()
    assert (entry["number"], entry["action"], entry["actor_role"], entry["reason"]) == (
        3,
        MUTATION,
        "MANAGER",
        "Is nu echt.",
    )
    assert entry["values"] == [["Account.isTest", True, False]]


async def test_saying_it_again_changes_nothing(writer):
    before = await writer.fingerprint()
    answer = await writer.change(MUTATION, Kind.MANAGER, {"isTest": True}, "version isTest")
    assert answer == {"__typename": "Account", "version": 1, "isTest": True}
    assert await writer.fingerprint() == before


async def test_a_contract_is_no_account(writer):
    given = {"id": writer.world.own.contract_id, "isTest": False}
    assert await writer.change(MUTATION, Kind.MANAGER, given) == NOT_FOUND
