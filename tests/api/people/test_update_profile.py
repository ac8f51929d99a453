"""updateProfile: one's own name and language."""

import pytest

from portal.viewer import Role
from tests import factories
from tests.world import Kind
from tests.writing import problem, refusal

MUTATION = "updateProfile"
VIEWER = "{ viewer { name language } }"
DECEIVES = "Must not have characters that are invisible or turn the direction of reading."


@pytest.fixture
async def token(write):
    """A customer's token."""
    person = factories.person(name="Noor Vos", language="EN")
    token, credential = factories.credential(Role.CUSTOMER, person)
    await write(person, credential)
    return token


async def shown(people, token):
    return (await people.api(VIEWER, token))["data"]["viewer"]


async def test_name_and_language_are_ones_own(people, token):
    answer = await people.send(MUTATION, {"name": "  Noor de Vos ", "language": "NL"}, token)
    assert answer == {"__typename": "Profile", "name": "Noor de Vos", "language": "NL"}
    assert await shown(people, token) == {"name": "Noor de Vos", "language": "NL"}


@pytest.mark.parametrize(
    ("given", "name", "language"),
    [
        ({}, "Noor Vos", "EN"),
        ({"name": "N. Vos"}, "N. Vos", "EN"),
        ({"language": "DE"}, "Noor Vos", "DE"),
        ({"name": "می\u200cشود"}, "می\u200cشود", "EN"),
    ],
)
async def test_what_is_left_out_stays(people, token, given, name, language):
    answer = await people.send(MUTATION, given, token)
    assert answer == {"__typename": "Profile", "name": name, "language": language}
    assert await shown(people, token) == {"name": name, "language": language}


@pytest.mark.parametrize("kind", [Kind.READER, Kind.EMPLOYEE_WITHOUT, Kind.MANAGER])
async def test_everybody_with_a_name_may(people, world, kind):
    answer = await people.send(MUTATION, {"name": "Somebody"}, world.tokens[kind])
    assert answer["name"] == "Somebody"


async def test_a_member_shows_the_new_name(people, world):
    await people.send(MUTATION, {"name": "New Name"}, world.tokens[Kind.OWNER])
    answer = await people.api(
        "query ($id: ID!) { account(id: $id) { owner { name } } }",
        world.tokens[Kind.READER],
        id=world.own.id,
    )
    assert answer["data"] == {"account": {"owner": {"name": "New Name"}}}


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"name": None}, "input.name", "Must not be empty."),
        ({"name": "\u00a0"}, "input.name", "Must not be empty."),
        ({"name": "x" * 201}, "input.name", "May have at most 200 characters."),
        ({"name": "Vos\u202egnp.exe"}, "input.name", DECEIVES),
        ({"name": "Vo\u200bs"}, "input.name", DECEIVES),
        ({"name": "Vo\u200ds"}, "input.name", DECEIVES),
        ({"name": "\ufeffVos"}, "input.name", DECEIVES),
        ({"language": None}, "input.language", "Must not be empty."),
        (
            {"name": "Other", "idempotencyKey": ""},
            "input.idempotencyKey",
            "Must have from 1 to 100 printable characters.",
        ),
    ],
)
async def test_a_bad_value_changes_nothing(people, token, given, path, message):
    answer = await people.send(MUTATION, given, token)
    assert answer == refusal(problem("INVALID_INPUT", path, message))
    assert await shown(people, token) == {"name": "Noor Vos", "language": "EN"}


async def test_the_same_key_answers_the_same(people, token):
    given = {"name": "First", "language": "NL", "idempotencyKey": factories.word()}
    first = await people.send(MUTATION, given, token)
    await people.send(MUTATION, {"name": "Second"}, token)
    assert await people.send(MUTATION, given, token) == first
    assert await shown(people, token) == {"name": "Second", "language": "NL"}
