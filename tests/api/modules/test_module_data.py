"""updateModuleData, and data that is too large, too deep, or not what the module asks for."""

import pytest

from portal.language.global_id import encode
from portal.language.messages import translate
from portal.viewer import Language
from tests.api.ordering import DATA, open_shop
from tests.world import Kind
from tests.writing import NOT_FOUND, problem, refusal

MUTATION = "updateModuleData"
TOO_LARGE = refusal(problem("INVALID_INPUT", "input.data", "May have 50,000 bytes at most."))
TOO_DEEP = refusal(problem("INVALID_INPUT", "input.data", "May be 10 levels deep at most."))
OTHER = {"greeting": "Bye.", "forwardTo": "0301234567"}


@pytest.fixture
async def ordered(writer, superuser, world):
    """A module that was ordered with data; gives its global id."""
    shop = await open_shop(superuser, world)
    answer = await writer.change("orderModule", Kind.OWNER, shop.given(), "id")
    return answer["id"]


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.ADMIN, Kind.EMPLOYEE, Kind.MANAGER])
async def test_who_may_replaces_the_data(writer, ordered, kind):
    before = await writer.rows()
    given = {"id": ordered, "expectedVersion": 1, "data": OTHER}
    assert await writer.change(MUTATION, kind, given, "version data") == {
        "__typename": "ModuleSubscription",
        "version": 2,
        "data": OTHER,
    }
    assert await writer.written_since(before) == {
        "account": {"history_length": 4},
        "module_subscription": {"version": 2, "data": OTHER},
    }
    (entry,) = await writer.entries(3)
    assert (entry["action"], entry["values"]) == (
        MUTATION,
        [["ModuleSubscription.data", DATA, OTHER]],
    )


async def test_each_fault_has_its_path_and_its_words(writer, superuser, ordered):
    before = await writer.fingerprint()
    data = {"forwardTo": "+31", "openingHours": {"mon": 8, "tue": "x"}, "fax": 1}
    faults = [
        ("fax", "Is not known here.", {}),
        ("forwardTo", "Must have the form that is asked for here.", {}),
        ("greeting", "Is required.", {}),
        ("openingHours.mon", "Must be text.", {}),
    ]
    for kind in (Kind.OWNER, Kind.MANAGER):
        given = {"id": ordered, "data": data}
        assert await writer.change(MUTATION, kind, given) == refusal(
            *(
                problem("INVALID_INPUT", f"input.data.{path}", message.format(**values))
                for path, message, values in faults
            )
        )
    assert await writer.fingerprint() == before
    await writer.api(
        "mutation { updateProfile(input: {language: NL}) { __typename } }",
        writer.world.tokens[Kind.OWNER],
    )
    told = await writer.change(MUTATION, Kind.OWNER, {"id": ordered, "data": data})
    assert [one["message"] for one in told["problems"]] == [
        translate(message, Language.NL, **values) for _, message, values in faults
    ]


async def test_what_is_too_large_is_refused_before_the_schema_is_asked(writer, client, ordered):
    before = await writer.fingerprint()
    # The pattern of the schema would have to read it all.
    given = {"id": ordered, "data": {"greeting": "x", "forwardTo": "1" * 69_000}}
    assert await writer.change(MUTATION, Kind.OWNER, given) == TOO_LARGE
    given["data"]["forwardTo"] = "1" * 1_050_000
    response = await client.post(
        "/graphql",
        json={"query": "mutation { __typename }", "variables": {"input": given}},
        headers={"authorization": f"Bearer {writer.world.tokens[Kind.OWNER]}"},
    )
    assert response.status_code == 413
    assert await writer.fingerprint() == before


def nested(levels):
    """Give data so many levels deep."""
    data = {}
    for _ in range(levels):
        data = {"a": data}
    return data


def literal(levels):
    """Write the same in GraphQL's own words."""
    return "{a: " * levels + "1" + "}" * levels


async def test_a_hundred_levels_are_refused(writer, ordered):
    before = await writer.fingerprint()
    for levels in (11, 15):
        given = {"id": ordered, "data": nested(levels)}
        assert await writer.change(MUTATION, Kind.OWNER, given) == TOO_DEEP
    response = await writer.send(MUTATION, Kind.OWNER, {"id": ordered, "data": nested(100)})
    (error,) = response["errors"]
    assert error["extensions"]["code"] == "QUERY_TOO_LARGE"
    for levels in (11, 100):
        response = await writer.api(
            f'mutation {{ {MUTATION}(input: {{id: "{ordered}", data: {literal(levels)}}})'
            " { __typename ... on Refusal"
            " { problems { code path message required { scope } } } } }",
            writer.world.tokens[Kind.OWNER],
        )
        assert response == {"data": {MUTATION: TOO_DEEP}}, levels
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("data", ["{}", 5, True, [], [{}], 1.5])
async def test_data_is_an_object(writer, ordered, data):
    before = await writer.fingerprint()
    answer = await writer.change(MUTATION, Kind.OWNER, {"id": ordered, "data": data})
    assert answer == refusal(problem("INVALID_INPUT", "input.data", "Must be an object."))
    assert await writer.fingerprint() == before


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"a\\u0000b"', "Must be text without control characters."),
        ("1" + "0" * 39, "Must be a number of 64 bits."),
        ("1e400", "Must be a number of 64 bits."),
        ("9223372036854775808", "Must be a number of 64 bits."),
    ],
)
async def test_what_no_database_keeps(writer, ordered, written, message):
    before = await writer.fingerprint()
    answer = await writer.api(
        f'mutation {{ {MUTATION}(input: {{id: "{ordered}", data: {{greeting: {written}}}}})'
        " { ... on Refusal { problems { path message } } } }",
        writer.world.tokens[Kind.OWNER],
    )
    fault = {"path": ["input", "data", "greeting"], "message": message}
    assert answer == {"data": {MUTATION: {"problems": [fault]}}}
    assert await writer.fingerprint() == before


@pytest.mark.reads
async def test_a_module_of_another_account_is_answered_like_none(writer):
    before = await writer.fingerprint()
    for id in (
        writer.world.foreign.ids["ModuleSubscription"][0],
        encode("Module", writer.world.own.account_id),
    ):
        given = {"id": id, "data": {}}
        assert await writer.change(MUTATION, Kind.OWNER, given) == NOT_FOUND
    assert await writer.fingerprint() == before
