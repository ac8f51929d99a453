"""Managers make, change, arrange and retire modules."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from portal.language.global_id import decode, encode
from portal.models import Module
from portal.viewer import Role
from tests import factories
from tests.api.ordering import open_shop, today
from tests.saying import written
from tests.world import Kind

SHOWN = (
    "id key name { value language } isSingleBooking isOrderable dataSchema version position"
    " retiredFrom"
)
CREATE = "createModule"
SCHEMA = {
    "type": "object",
    "properties": {
        "greeting": {
            "type": "string",
            "x-text": {
                "nl": {"title": "Begroeting"},
                "en": {"title": "Greeting"},
                "de": {"title": "Begrüßung"},
            },
        }
    },
    "required": ["greeting"],
}


OWN = "A schema refers to parts of itself alone."


@pytest.fixture
async def shop(superuser, world):
    return await open_shop(superuser, world)


@pytest.fixture
async def manager(write):
    person = factories.person()
    token, credential = factories.credential(Role.MANAGER, person)
    await write(person, factories.staff(person), credential)
    return token


@pytest.fixture
def change(api, manager):
    async def change(mutation, fields=SHOWN, token=manager, **given):
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await api(
            f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ __typename"
            f" ... on Module {{ {fields} }}"
            " ... on Refusal { problems { code path message } } } }",
            token,
            input=given,
        )
        return answer["data"][mutation]

    return change


def new(**given):
    word = factories.word()
    return {
        "key": word,
        "name": {"value": f"Telefoon {word}", "en": f"Telephone {word}"},
        "description": {"value": "Wij nemen op."},
    } | given


def faults(answer):
    assert answer["__typename"] == "Refusal", answer
    return [(one["code"], ".".join(one["path"]), one["message"]) for one in answer["problems"]]


async def test_a_module_is_made_changed_and_told_in_the_history(api, manager, change):
    given = new(dataSchema=SCHEMA, reason="Asked for.")
    made = await change(CREATE, **given)
    id = made["id"]
    assert made == {
        "__typename": "Module",
        "id": id,
        "key": given["key"],
        "name": {"value": given["name"]["en"], "language": "EN"},
        "isSingleBooking": True,
        "isOrderable": False,
        "dataSchema": SCHEMA,
        "version": 1,
        "position": made["position"],
        "retiredFrom": None,
    }
    changed = await change(
        "updateModule",
        "name { value language } isSingleBooking dataSchema version",
        id=id,
        expectedVersion=1,
        name={"value": f"Post {given['key']}"},
        isSingleBooking=False,
        dataSchema={"type": "object"},
    )
    assert changed == {
        "__typename": "Module",
        "name": {"value": f"Post {given['key']}", "language": "NL"},
        "isSingleBooking": False,
        "dataSchema": {"type": "object"},
        "version": 2,
    }
    history = await api(
        "query ($id: ID!) { operatorHistory(filter: {subject: $id}, orderBy: {field: AT})"
        " { edges { node { action reason changes { field } } } } }",
        manager,
        id=id,
    )
    told = [edge["node"] for edge in history["data"]["operatorHistory"]["edges"]]
    assert [(one["action"], one["reason"]) for one in told] == [
        (CREATE, "Asked for."),
        ("updateModule", None),
    ]
    assert {one["field"] for one in told[1]["changes"]} == {
        "Module.name",
        "Module.nameTranslations",
        "Module.isSingleBooking",
        "Module.dataSchema",
    }
    stale = await change("updateModule", id=id, expectedVersion=1, isSingleBooking=True)
    assert faults(stale) == [
        ("CONFLICT", "input.expectedVersion", "Changed since version 1; it is version 2 now.")
    ]


async def test_nothing_is_asked_of_a_module_without_a_schema(change):
    made = await change(CREATE, **new())
    assert made["dataSchema"] == {"type": "object", "additionalProperties": False}


async def test_names_and_keys_are_unique_and_texts_have_their_form(change):
    given = new()
    await change(CREATE, **given)
    same = new(name={"value": given["name"]["value"].upper()})
    assert faults(await change(CREATE, **same)) == [
        ("CONFLICT", "input.name", "Another module has this name.")
    ]
    assert faults(await change(CREATE, **new(key=f" {given['key'].upper()}"))) == [
        ("CONFLICT", "input.key", "Another module has this key.")
    ]
    wrong = new(
        key="",
        name={"value": " ", "de": "x" * 201},
        description={"value": "x" * 5001},
        dataSchema=[],
    )
    assert faults(await change(CREATE, **wrong)) == [
        ("INVALID_INPUT", "input.key", "Must not be empty."),
        ("INVALID_INPUT", "input.name.value", "Must not be empty."),
        ("INVALID_INPUT", "input.name.de", "May have at most 200 characters."),
        ("INVALID_INPUT", "input.description.value", "May have at most 5,000 characters."),
        ("INVALID_INPUT", "input.dataSchema", "Must be an object."),
    ]
    for text in ("x", "", "{}"):
        answer = await change(CREATE, **new(dataSchema=text))
        assert faults(answer) == [("INVALID_INPUT", "input.dataSchema", "Must be an object.")]
    assert faults(await change("updateModule", id=encode("Module", uuid4()))) == [
        ("NOT_FOUND", "input.id", "There is no such row, or you may not see it.")
    ]


@pytest.mark.parametrize(
    ("schema", "path", "message"),
    [
        (
            {"$ref": "https://example.org/a.json"},
            "$ref",
            "A schema refers to parts of itself alone.",
        ),
        ({"properties": {"a": {"pattern": "(?=a)"}}}, "properties.a.pattern", None),
        ({"items": {"pattern": "^(a+)+$"}}, "items.pattern", None),
        ({"type": "nothing"}, "type", "This is no JSON Schema of draft 2020-12."),
        ({"x-text": {"nl": {"title": "A"}}}, "x-text", "Must have nl, en and de."),
        ({"description": "x" * (1 << 16)}, "", "May have 65,536 bytes at most."),
    ],
    ids=["web", "pattern", "exponential", "metaschema", "languages", "size"],
)
async def test_a_schema_is_checked_as_one(change, superuser, schema, path, message):
    module = await change(CREATE, **new(dataSchema=SCHEMA))
    at = f"input.dataSchema.{path}".rstrip(".")
    for mutation, given in ((CREATE, new()), ("updateModule", {"id": module["id"]})):
        ((code, where, said),) = faults(await change(mutation, dataSchema=schema, **given))
        assert (code, where) == ("INVALID_INPUT", at)
        assert message in {said, None}
    async with superuser.connect() as connection:
        kept = await connection.scalar(
            sa.select(Module.data_schema).where(Module.id == decode(module["id"])[1])
        )
    assert kept == SCHEMA


async def test_modules_are_arranged(api, change, manager, superuser):
    made = [await change(CREATE, **new()) for _ in range(3)]
    first = made[0]["position"]
    assert [one["position"] for one in made] == [first, first + 1, first + 2]
    moved = await change("updateModule", "position", id=made[2]["id"], position=first)
    assert moved["position"] == first
    put = await change(CREATE, "id position", **new(position=first + 1))
    ids = [one["id"] for one in (made[2], put, made[0], made[1])]
    shown = await api("{ modules(last: 4) { edges { node { id } } } }", manager)
    assert [edge["node"]["id"] for edge in shown["data"]["modules"]["edges"]] == ids
    # Others move without a change of theirs.
    async with superuser.connect() as connection:
        versions = await connection.scalars(
            sa.select(Module.version).where(Module.id.in_([decode(id)[1] for id in ids]))
        )
        assert sorted(versions) == [1, 1, 1, 2]
    for place in (0, -1, 10**6):
        ((code, path, _),) = faults(await change("updateModule", id=made[0]["id"], position=place))
        assert (code, path) == ("INVALID_INPUT", "input.position")


async def test_many_arrange_modules_at_once(change):
    made = [await change(CREATE, **new()) for _ in range(3)]
    first = made[0]["position"]
    answers = await asyncio.gather(
        *(change("updateModule", id=one["id"], position=first) for one in made)
    )
    assert {answer["__typename"] for answer in answers} == {"Module"}
    shown = [(await change("updateModule", "position", id=one["id"]))["position"] for one in made]
    assert sorted(shown) == [first, first + 1, first + 2]


async def test_orders_exclude_each_other_only_where_nobody_has_several(change, write):
    module = factories.module()
    owner = factories.person()
    account, owning = factories.account(owner)
    both = [factories.module_subscription(account.id, module) for _ in range(2)]
    await write(module, owner, account, owning, *both)
    id = encode("Module", module.id)
    assert faults(await change("updateModule", id=id, isSingleBooking=True)) == [
        (
            "RULE_BROKEN",
            "input.isSingleBooking",
            "Accounts that have it more than once on one day: 1.",
        )
    ]


async def test_a_retired_module_takes_no_orders_and_runs_on(writer, shop, change):
    id = encode("Module", shop.module.id)
    tomorrow = today() + timedelta(days=1)
    gone = await change(
        "retireModule", id=id, retiredFrom=(today() - timedelta(days=1)).isoformat()
    )
    assert faults(gone) == [("RULE_BROKEN", "input.retiredFrom", "This day is over.")]
    later = await change("retireModule", "isOrderable", id=id, retiredFrom=tomorrow.isoformat())
    assert later["isOrderable"] is True
    running = await writer.change("orderModule", Kind.OWNER, shop.given(), "id status")
    assert running["__typename"] == "ModuleSubscription"
    now = await change(
        "retireModule", "isOrderable retiredFrom", id=id, retiredFrom=today().isoformat()
    )
    assert (now["isOrderable"], now["retiredFrom"]) == (False, today().isoformat())
    before = await writer.fingerprint()
    for kind in (Kind.OWNER, Kind.MANAGER):
        for given in (shop.given(), shop.by_offer()):
            answer = await writer.change("orderModule", kind, given)
            assert (
                "RULE_BROKEN",
                "input.moduleId",
                f"No more orders of {shop.module.name} are taken since {written(today())}.",
            ) in faults(answer)
    assert await writer.fingerprint() == before
    again = await change("retireModule", "isOrderable", id=id, retiredFrom=None)
    assert again["isOrderable"] is True


async def test_a_schema_says_whose_data_it_does_not_allow(api, manager, change, write):
    module = factories.module(data_schema={"type": "object"})
    owner = factories.person()
    account, owning = factories.account(owner)
    over = today() - timedelta(days=1)
    subscriptions = [
        factories.module_subscription(account.id, module, data=data, **more)
        for data, more in (
            ({}, {}),
            ({"greeting": "Hallo."}, {}),
            ({"greeting": 1}, {}),
            ({}, {"ends_on": over}),
        )
    ]
    await write(module, owner, account, owning, *subscriptions)
    check = """query ($module: ID!, $schema: JSON, $after: ID) {
      node(id: $module) { ... on Module { dataCheck(dataSchema: $schema, after: $after) {
        checked unmet subscriptions { id accountId account problems { path message } } } } } }"""
    id = encode("Module", module.id)
    unmet = [
        {
            "id": encode("ModuleSubscription", subscriptions[at].id),
            "accountId": encode("Account", account.id),
            "account": account.name,
            "problems": [{"path": ["greeting"], "message": message}],
        }
        for at, message in ((0, "Greeting is required."), (2, "Greeting: Must be text."))
    ]
    tried = await api(check, manager, module=id, schema=SCHEMA)
    assert tried["data"]["node"]["dataCheck"] == {
        "checked": 3,
        "unmet": 2,
        "subscriptions": sorted(unmet, key=lambda one: decode(one["id"])[1]),
    }
    after = await api(check, manager, module=id, schema=SCHEMA, after=unmet[0]["id"])
    assert len(after["data"]["node"]["dataCheck"]["subscriptions"]) == 1
    # Nobody's data is changed by it; whoever edits theirs is told what is missing.
    await change("updateModule", id=id, dataSchema=SCHEMA)
    own = await api(check, manager, module=id)
    assert own["data"] == tried["data"]
    form = await api(
        "query ($id: ID!) { node(id: $id) { ... on ModuleSubscription"
        " { data dataProblems { path message } } } }",
        manager,
        id=unmet[0]["id"],
    )
    assert form["data"]["node"] == {"data": {}, "dataProblems": unmet[0]["problems"]}
    refused = await api(
        """mutation ($id: ID!) { updateModuleData(input: {id: $id, data: {}}) {
          ... on Refusal { problems { path message } } } }""",
        manager,
        id=unmet[0]["id"],
    )
    assert refused["data"]["updateModuleData"]["problems"] == [
        {"path": ["input", "data", "greeting"], "message": "Greeting is required."}
    ]
    for given, code, path in (
        ({"module": id, "schema": {"$ref": "http://a"}}, "INVALID_INPUT", ["dataSchema", "$ref"]),
        ({"module": id, "after": id}, "INVALID_INPUT", ["after"]),
    ):
        (error,) = (await api(check, manager, **given))["errors"]
        assert (error["extensions"]["code"], error["extensions"]["inputPath"]) == (code, path)
