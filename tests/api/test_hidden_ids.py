"""Wherever an id is sent, a row that the viewer may not see is answered as one that never was."""

from uuid import uuid4

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type

from portal.language.global_id import encode
from portal.models import Credential
from tests.permission_matrix.coordinate import CORE, required, target_of
from tests.world import Kind

# Which rows the fields that take an id lead to; `id` leads to what the mutation starts from.
TYPES = {
    "accountId": "Account",
    "accountIds": "Account",
    "appId": "App",
    # The one of an input in another one: of a tariff that is chosen.
    "id": "Tariff",
    "consentDocumentIds": "ConsentDocument",
    "documentIds": "ConsentDocument",
    "invitationId": "Invitation",
    "logoUploadId": "Upload",
    "memberId": "Member",
    "moduleId": "Module",
    "moduleSubscriptionId": "ModuleSubscription",
    "permissionProfileId": "PermissionProfile",
    "tariffId": "Tariff",
    "uploadId": "Upload",
}
# Whose ids a mutation takes that answers another type.
TARGETS = {"revokeSession": "Session"}
# Tried with a code from a mail: whatever is wrong with the two is answered alike.
PROVEN = {"confirmRegistration", "resetPassword"}
SAMPLES = {
    "Boolean": True,
    "Date": "2099-01-01",
    "DateTime": "2099-01-01T00:00:00Z",
    "Decimal": "1.50",
    "Int": 1,
    "JSON": {},
    "String": "a text",
}
PROBLEMS = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
MUTATIONS = CORE.type_map["Mutation"].fields


def inputs_of(field):
    """Give the type of a mutation's input."""
    return get_named_type(field.args["input"].type)


def places(kind, above=()):
    """Give the way to each field of an input that takes an id."""
    for name, element in kind.fields.items():
        named = get_named_type(element.type)
        if isinstance(named, GraphQLInputObjectType):
            yield from places(named, (*above, name))
        elif named.name == "ID":
            yield (*above, name)


ASKED = [
    (name, place)
    for name, field in MUTATIONS.items()
    if name not in PROVEN
    for place in places(inputs_of(field))
]


def document_of(mutation):
    """Give the document that sends a mutation."""
    return (
        f"mutation ($input: {inputs_of(MUTATIONS[mutation]).name}!)"
        f" {{ {mutation}(input: $input) {{ __typename {PROBLEMS} }} }}"
    )


def type_at(mutation, place):
    """Name the type of the rows that an id leads to."""
    if place == ("id",):
        return TARGETS.get(mutation) or target_of(mutation)
    return TYPES[place[-1]]


def given(mutation, place, id, ids):
    """Make an input of what is required and the id at its place; the other ids are the viewer's."""

    def value(kind, name, here):
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        if isinstance(kind, GraphQLList):
            return [value(kind.of_type, name, here)]
        named = get_named_type(kind)
        if isinstance(named, GraphQLInputObjectType):
            return fields(named, here)
        if named.name == "ID":
            if here == place:
                return id
            wanted = target_of(mutation) if here == ("id",) else TYPES[name]
            return ids.get(wanted, ids["Account"])[0]
        return next(iter(named.values)) if hasattr(named, "values") else SAMPLES[named.name]

    def fields(kind, above):
        names = required(kind.fields)
        if place[: len(above)] == above and len(place) > len(above):
            names.append(place[len(above)])
        elif kind.is_one_of:
            names.append(next(iter(kind.fields)))
        return {
            name: value(kind.fields[name].type, name, (*above, name))
            for name in dict.fromkeys(names)
        }

    return fields(inputs_of(MUTATIONS[mutation]), ())


@pytest.fixture
def ask(client):
    """Ask, and give the whole answer with its cost, but for what is left of the budget."""

    async def ask(document, token, **variables):
        headers = {"Authorization": f"Bearer {token}"}
        sent = {"query": document, "variables": variables}
        answer = (await client.post("/graphql", json=sent, headers=headers)).json()
        del answer["extensions"]["cost"]["budget"]
        return answer

    return ask


@pytest.fixture
def hidden_from(ask, world):
    """Find, for each type, a row of each account that a kind of viewer is not shown."""

    async def hidden(kind, name):
        if name == "Session":
            sessions = [row.id for row in world.foreign.rows if isinstance(row, Credential)]
            return [encode(name, sessions[0])]
        found = []
        for account in (world.own, world.foreign):
            ids = account.ids.get(name, [])
            answer = await ask(NODES, world.tokens[kind], ids=ids)
            rows = zip(ids, answer["data"]["nodes"], strict=True)
            found += [id for id, row in rows if row is None][:1]
        return found

    async def find(kind):
        return {name: await hidden(kind, name) for name in {type_at(*asked) for asked in ASKED}}

    return find


@pytest.mark.parametrize(("kind", "tried"), [(Kind.OWNER, 47), (Kind.EMPLOYEE, 6)])  # at least
async def test_a_mutation_answers_a_hidden_id_as_one_of_no_row(
    ask, hidden_from, world, kind, tried
):
    hidden = await hidden_from(kind)
    for mutation, place in ASKED:
        name = type_at(mutation, place)
        answers = []
        for id in (encode(name, uuid4()), *hidden[name]):
            sent = given(mutation, place, id, world.own.ids)
            answer = await ask(document_of(mutation), world.tokens[kind], input=sent)
            answers.append(str(answer).replace(id, "ID"))
        assert len(set(answers)) == 1, (mutation, place, answers)
    assert sum(len(hidden[type_at(*asked)]) for asked in ASKED) >= tried
