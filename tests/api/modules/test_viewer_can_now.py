"""What ``viewerCan`` says of a module in each of its states, its mutations say too."""

from typing import Any

import pytest

from tests.api.cancelling import CHANGE, GIVE, UNDO, WITHDRAW, Booked
from tests.world import Kind

CAN = """query ($id: ID!) { node(id: $id) { ... on ModuleSubscription {
    viewerCan { field mutation inputPath allowed reason howToRequest { kind } } } } }"""
ORDER, QUANTITY = "withdrawOrder", "changeQuantity"
ALL = {GIVE, CHANGE, WITHDRAW, UNDO, ORDER, QUANTITY}
BEGUN = (
    "An order can be withdrawn before its first day, which was 15 January 2024;"
    " give notice instead."
)
NO_NOTICE, NO_CHANGE = "No cancellation is pending.", "No change of tariff is pending."
ENDED = "This module has ended on 30 April 2025."
OF_MANAGERS = "Only a manager withdraws what the operator asked for."


async def told(booked: Booked, kind: Kind = Kind.OWNER) -> dict[str, dict[str, Any]]:
    """Ask what may be done with the module, by mutation; a deviating date is left out."""
    writer = booked.writer
    answer = await writer.api(CAN, writer.world.tokens[kind], id=booked.id)
    return {
        one["mutation"]: one
        for one in answer["data"]["node"]["viewerCan"]
        if one["mutation"] in ALL and one["field"] != "deviatingDate"
    }


async def check(booked: Booked, refused: dict[str, str], kind: Kind = Kind.OWNER) -> None:
    """See that these are refused with these words, by their mutations too, and no others."""
    found = await told(booked, kind)
    assert {name: one["reason"] for name, one in found.items() if not one["allowed"]} == refused
    before = await booked.writer.fingerprint()
    for mutation, words in refused.items():
        more = {"itemKey": "a", "quantity": 2} if mutation == QUANTITY else {}
        answer = await booked.send(mutation, kind, more, "__typename")
        assert [problem["message"] for problem in answer["problems"]] == [words], mutation
    assert await booked.writer.fingerprint() == before


async def test_before_the_first_day_the_order_can_be_withdrawn(hand, book):
    hand.set("2023-12-01")
    starts = "This module starts on 15 January 2024; until then withdraw the order."
    refused = {GIVE: starts, CHANGE: starts, WITHDRAW: NO_NOTICE, UNDO: NO_CHANGE}
    await check(await book(), refused)


async def test_while_it_runs_it_can_be_cancelled_and_changed(hand, book):
    await check(await book(), {WITHDRAW: NO_NOTICE, UNDO: NO_CHANGE, ORDER: BEGUN})


async def test_a_cancellation_stands_in_the_way_until_it_is_withdrawn_or_over(hand, book):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    pending = booked.pending("A cancellation", "for 30 April 2025")
    await check(booked, {GIVE: pending, CHANGE: pending, UNDO: NO_CHANGE, ORDER: BEGUN})
    hand.set("2025-05-01")
    refused = dict.fromkeys((GIVE, CHANGE, WITHDRAW, QUANTITY), ENDED)
    await check(booked, refused | {UNDO: NO_CHANGE, ORDER: BEGUN})


async def test_a_change_of_tariff_stands_in_the_way_until_it_is_withdrawn_or_made(hand, book):
    booked = await book()
    await booked.send(CHANGE, Kind.OWNER)
    pending = booked.pending("A change of tariff", "on 1 May 2025")
    await check(booked, {GIVE: pending, CHANGE: pending, WITHDRAW: NO_NOTICE, ORDER: BEGUN})
    hand.set("2025-05-01")
    await check(booked, {WITHDRAW: NO_NOTICE, UNDO: NO_CHANGE, ORDER: BEGUN})


async def test_what_the_operator_asked_for_is_for_managers_to_withdraw(hand, book):
    booked = await book()
    await booked.send(GIVE, Kind.MANAGER)
    pending = booked.pending("A cancellation", "for 30 April 2025").replace("customer", "operator")
    refused = {GIVE: pending, CHANGE: pending, UNDO: NO_CHANGE, ORDER: BEGUN}
    await check(booked, refused, Kind.MANAGER)
    await check(booked, refused | {WITHDRAW: OF_MANAGERS})


async def test_who_lacks_the_right_is_told_that_and_what_is_asked_for_waits_too(hand, book):
    booked = await book()
    await booked.send(GIVE, Kind.OWNER)
    words = {one["reason"] for one in (await told(booked, Kind.READER)).values()}
    assert words == {"This needs a right in the account: order and cancel."}
    writer = booked.writer
    answer = await writer.api(CAN, writer.world.tokens[Kind.OWNER], id=booked.id)
    dates = [one for one in answer["data"]["node"]["viewerCan"] if one["field"] == "deviatingDate"]
    assert {one["mutation"] for one in dates} == {GIVE, CHANGE}
    for one in dates:
        assert one["inputPath"] == ["input", "deviatingDate"]
        # A manager could not do it now either.
        assert (one["allowed"], one["howToRequest"]) == (False, None)


@pytest.mark.reads
async def test_the_way_to_the_field_of_the_input_is_told(api, world):
    answer = await api(
        "query ($ids: [ID!]!) { nodes(ids: $ids) {"
        " ... on Contract { viewerCan { field mutation inputPath } }"
        " ... on Account { viewerCan { field mutation inputPath } } } }",
        world.tokens[Kind.MANAGER],
        ids=[world.own.contract_id, world.own.id],
    )
    paths = {
        f"{one['mutation']} {one['field']}": one["inputPath"]
        for row in answer["data"]["nodes"]
        for one in row["viewerCan"]
    }
    assert paths["updateContract billingAddress"] == ["input", "billingAddress"]
    assert paths["changeContractPartner contractPartner"] == ["input", "contractPartner"]
    assert paths["setTestAccount isTest"] == ["input", "isTest"]
    assert paths["deleteAccount deletedAt"] is None


async def test_an_account_cannot_be_deleted_while_a_module_runs(hand, book, timed_writer):
    booked = await book()
    account = """query ($id: ID!) { account(id: $id) { viewerCan { mutation allowed reason }
        deletionPreview { runningModules { name { value } } } } }"""
    token = timed_writer.world.tokens[Kind.OWNER]
    answer = await timed_writer.api(account, token, id=timed_writer.world.own.id)
    found = answer["data"]["account"]
    (told,) = (one for one in found["viewerCan"] if one["mutation"] == "deleteAccount")
    assert booked.module.name in {
        one["name"]["value"] for one in found["deletionPreview"]["runningModules"]
    }
    first = found["deletionPreview"]["runningModules"][0]["name"]["value"]
    assert told["allowed"] is False
    assert told["reason"].startswith(first)
