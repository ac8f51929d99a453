"""Apps and their tokens: made, named, disabled and revoked by managers."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.clock import now
from portal.language.global_id import decode, encode
from portal.login.credentials import hash_of
from portal.rules.key import NO_KEY
from tests import factories
from tests.saying import not_permitted
from tests.world import Kind
from tests.writing import problem, refusal

REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
ROWS = {
    "createAppToken": "... on AppTokenCreated { id token }",
    "revokeAppToken": "... on AppToken { id name revokedAt }",
}
APP = "... on App { id version key name disabledAt issuedTokens { id name revokedAt } }"
MANAGERS = {"roles": ["MANAGER"], "scope": None, "memberRoles": []}
SOON = (now() + timedelta(days=30)).isoformat()


@pytest.fixture
def send(api, world):
    """Send a mutation of a manager's; give its own part of the answer."""

    async def send(mutation, kind=Kind.MANAGER, **given):
        name = f"{mutation[0].upper()}{mutation[1:]}Input"
        answer = await api(
            f"mutation ($input: {name}!) {{ {mutation}(input: $input)"
            f" {{ __typename {ROWS.get(mutation, APP)} {REFUSAL} }} }}",
            world.tokens[kind],
            input=given,
        )
        assert set(answer) == {"data"}, answer
        return answer["data"][mutation]

    return send


@pytest.fixture
def role_of(client):
    """Say as what a token is let in."""

    async def role_of(token):
        headers = {"authorization": f"Bearer {token}"}
        answer = await client.post(
            "/graphql", json={"query": "{ viewer { role } }"}, headers=headers
        )
        body = answer.json()
        if "errors" in body:
            return body["errors"][0]["extensions"]["code"]
        return body["data"]["viewer"]["role"]

    return role_of


@pytest.fixture
async def made(send):
    """An app that a manager made."""
    return await send("createApp", key=factories.word(), name="Boekhouding")


async def test_a_manager_makes_an_app_and_names_it_anew(send, made, api, world):
    assert (made["name"], made["version"], made["disabledAt"], made["issuedTokens"]) == (
        *("Boekhouding", 1, None),
        [],
    )
    other = await send("updateApp", id=made["id"], expectedVersion=1, name="Boekhouding 2")
    assert (other["version"], other["key"], other["name"]) == (2, made["key"], "Boekhouding 2")
    stale = await send("updateApp", id=made["id"], expectedVersion=1, name="Boekhouding 3")
    assert stale["problems"][0]["code"] == "CONFLICT"
    told = await api(
        "query ($id: ID!) { operatorHistory(filter: { subject: $id }) { edges { node {"
        " action changes { field after } } } } }",
        world.tokens[Kind.MANAGER],
        id=made["id"],
    )
    assert [edge["node"] for edge in told["data"]["operatorHistory"]["edges"]] == [
        {"action": "updateApp", "changes": [{"field": "App.name", "after": "Boekhouding 2"}]},
        {
            "action": "createApp",
            "changes": [
                {"field": "App.key", "after": made["key"]},
                {"field": "App.name", "after": "Boekhouding"},
            ],
        },
    ]


async def test_no_two_apps_have_one_key(send, made):
    again = await send("createApp", key=made["key"].upper(), name="Another")
    assert again == refusal(problem("CONFLICT", "input.key", "Another app has this key."))


async def test_a_key_has_its_form(send):
    answer = await send("createApp", key="book keeping", name="Another")
    assert answer == refusal(problem("INVALID_INPUT", "input.key", NO_KEY))


async def test_a_token_is_shown_once_and_lets_the_app_in(send, made, role_of, superuser):
    given = {
        "appId": made["id"],
        "name": "Server 1",
        "expiresAt": SOON,
        "idempotencyKey": factories.word(),
    }
    issued = await send("createAppToken", **given)
    assert await role_of(issued["token"]) == "PARTNER"
    again = await send("createAppToken", **given)
    assert again == issued | {"token": None}
    # Nothing keeps it: neither the answer of the key, nor the history.
    kept = sa.text(
        "SELECT (SELECT count(*) FROM idempotency_key k WHERE k.outcome::text LIKE :it)"
        " + (SELECT count(*) FROM operator_history h WHERE h.changes::text LIKE :it)"
    )
    async with superuser.connect() as connection:
        assert await connection.scalar(kept, {"it": f"%{issued['token']}%"}) == 0
        stored = await connection.scalar(
            sa.text("SELECT token_hash FROM credential WHERE id = :id"),
            {"id": decode(issued["id"])[1]},
        )
    assert stored == hash_of(issued["token"])
    app = await send("updateApp", id=made["id"], name="Boekhouding")
    assert app["issuedTokens"] == [{"id": issued["id"], "name": "Server 1", "revokedAt": None}]


async def test_a_token_ends_at_once(send, made, role_of):
    tokens = [
        await send("createAppToken", appId=made["id"], name=name, expiresAt=SOON)
        for name in ("first", "second")
    ]
    assert [await role_of(one["token"]) for one in tokens] == ["PARTNER", "PARTNER"]
    revoked = await send("revokeAppToken", id=tokens[0]["id"], reason="Lost.")
    assert revoked["revokedAt"] is not None
    assert [await role_of(one["token"]) for one in tokens] == ["UNAUTHENTICATED", "PARTNER"]
    again = await send("revokeAppToken", id=tokens[0]["id"])
    assert again == refusal(problem("CONFLICT", "input.id", "This token is revoked already."))


async def test_a_disabled_app_is_let_in_nowhere(send, made, role_of, world, write, api):
    token = (await send("createAppToken", appId=made["id"], name="x", expiresAt=SOON))["token"]
    assert await role_of(token) == "PARTNER"
    disabled = await send("disableApp", id=made["id"], expectedVersion=1)
    assert disabled["disabledAt"] is not None
    assert [one["revokedAt"] is not None for one in disabled["issuedTokens"]] == [True]
    assert await role_of(token) == "UNAUTHENTICATED"
    assert await send("disableApp", id=made["id"]) == disabled
    refused = await send("createAppToken", appId=made["id"], name="y", expiresAt=SOON)
    assert refused == refusal(problem("RULE_BROKEN", "input.appId", "This app is disabled."))
    answer = await api(
        "mutation ($input: AuthorizeAppInput!) { authorizeApp(input: $input) { __typename"
        f" {REFUSAL} }} }}",
        world.tokens[Kind.OWNER],
        input={
            "id": world.own.id,
            "appId": made["id"],
            "scopes": ["ACCOUNT_READ"],
            "expiresAt": SOON,
        },
    )
    (told,) = answer["data"]["authorizeApp"]["problems"]
    assert (told["code"], told["path"]) == ("RULE_BROKEN", ["input", "appId"])


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": " "}, "INVALID_INPUT", "name"),
        ({"name": "x" * 101}, "INVALID_INPUT", "name"),
        ({"expiresAt": now().isoformat()}, "INVALID_INPUT", "expiresAt"),
        ({"expiresAt": (now() + timedelta(days=732)).isoformat()}, "RULE_BROKEN", "expiresAt"),
        ({"appId": encode("App", UUID(int=0))}, "NOT_FOUND", "appId"),
        ({"appId": "nothing"}, "NOT_FOUND", "appId"),
    ],
)
async def test_no_token_comes_of_what_is_wrong(send, made, superuser, given, code, path):
    counted = sa.text("SELECT count(*) FROM credential WHERE app_id = :app")
    whole = {"appId": made["id"], "name": "x", "expiresAt": SOON} | given
    answer = await send("createAppToken", **whole)
    (told,) = answer["problems"]
    assert (told["code"], told["path"]) == (code, ["input", path])
    async with superuser.connect() as connection:
        assert await connection.scalar(counted, {"app": decode(made["id"])[1]}) == 0


async def test_nobody_but_managers_touches_an_app(send, made, api, world):
    titles = {
        "createApp": ("add an app", {"key": factories.word(), "name": "x"}),
        "updateApp": ("change an app", {"id": made["id"], "name": "x"}),
        "disableApp": ("disable an app", {"id": made["id"]}),
        "createAppToken": (
            "give an app a token",
            {"appId": made["id"], "name": "x", "expiresAt": SOON},
        ),
        "revokeAppToken": ("revoke the token of an app", {"id": made["id"]}),
    }
    for mutation, (title, given) in titles.items():
        for kind in (Kind.OWNER, Kind.EMPLOYEE, Kind.PARTNER):
            assert await send(mutation, kind, **given) == refusal(
                problem("FORBIDDEN", "", not_permitted(title), MANAGERS)
            )
    assert await send("updateApp", id=made["id"], expectedVersion=1, name=made["name"]) == made


async def test_an_employee_cannot_issue_a_token_past_the_portal(database, world, made, write):
    """The function asks itself whether whoever calls it is a manager."""
    app_id = decode(made["id"])[1]
    row = factories.app_token(factories.app(id=app_id), revoked_at=None)
    await write(row)
    async with database.staff.begin() as connection:
        for viewer in (world.own.owner.id, None):
            given = {"viewer": str(viewer or "00000000-0000-0000-0000-000000000000")}
            await connection.execute(
                sa.text("SELECT set_config('portal.viewer', :viewer, true)"), given
            )
            issue = sa.text("SELECT issue_app_token(:id, :hash, :at)")
            await connection.execute(issue, {"id": row.id, "hash": bytes(32), "at": now()})
    async with database.login.connect() as connection:
        found = sa.text("SELECT find_credential(:hash, :at)")
        assert await connection.scalar(found, {"hash": bytes(32), "at": now()}) is None
