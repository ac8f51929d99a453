"""What an account's owner lets apps do: authorise, narrow, revoke, and see the last use."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from portal.actions.partner.app_use import note_app_use
from portal.clock import now
from portal.database.engines import Database, set_viewer
from portal.language.global_id import decode, encode
from portal.viewer import Grant, Role, Scope, Viewer
from schema.scalars import print_instant
from tests import factories
from tests.world import Kind
from tests.writing import problem, refusal

REFUSAL = "... on Refusal { problems { code path message required { roles scope memberRoles } } }"
ROW = """... on AppAuthorization { id version app { key name } scopes grantedBy grantedAt expiresAt
  revokedAt lastUsedAt }"""
AUTHORIZE, NARROW, REVOKE = "authorizeApp", "narrowAppAuthorization", "revokeAppAuthorization"
LISTED = """query ($id: ID!) { account(id: $id) { appAuthorizations { totalCount edges { node {
  id app { key } scopes grantedBy expiresAt revokedAt lastUsedAt } } } } }"""
READ = "query ($id: ID!) { account(id: $id) { name contract { iban purchaseOrderNumber } } }"


@pytest.fixture
def send(api):
    """Send a mutation with somebody's token; give its own part of the answer."""

    async def send(mutation, token, **given):
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        response = await api(
            f"mutation ($input: {kind}!) {{ {mutation}(input: $input)"
            f" {{ __typename {ROW} {REFUSAL} }} }}",
            token,
            input=given,
        )
        assert set(response) == {"data"}, response
        return response["data"][mutation]

    return send


@pytest.fixture
async def new_app(write):
    """An app that nobody authorised, and a token of it."""
    app = factories.app()
    token, credential = factories.credential(Role.PARTNER, app)
    await write(app, credential)
    return app, token


@pytest.fixture
async def granted(world, write, new_app):
    """The global id of an authorisation of the new app for the account at hand."""
    app, _ = new_app
    scopes = [Scope.ACCOUNT_READ, Scope.FINANCIALS]
    row = factories.app_authorization(world.own.account_id, app, world.own.owner, scopes)
    await write(row)
    return encode("AppAuthorization", row.id)


def in_days(days):
    """Give the instant some days from now, as an input has it."""
    return print_instant(now() + timedelta(days=days))


@pytest.mark.parametrize(
    ("kind", "name", "role"),
    [(Kind.OWNER, "the owner", "CUSTOMER"), (Kind.MANAGER, "a manager", "MANAGER")],
)
async def test_an_app_sees_an_account_from_its_authorisation_on(
    api, send, writer, new_app, kind, name, role
):
    world, (app, token) = writer.world, new_app
    assert await api(READ, token, id=world.own.id) == {"data": {"account": None}}
    before, until = await writer.rows(), in_days(700)
    answer = await send(
        AUTHORIZE,
        world.tokens[kind],
        id=world.own.id,
        appId=encode("App", app.id),
        scopes=["FINANCIALS", "ACCOUNT_READ", "FINANCIALS"],
        expiresAt=until,
        reason="Nieuwe boekhouding.",
    )
    id, granted_at = answer.pop("id"), answer.pop("grantedAt")
    (entry,) = await writer.entries()
    assert answer == {
        "__typename": "AppAuthorization",
        "version": 1,
        "app": {"key": app.key, "name": app.name},
        "scopes": ["ACCOUNT_READ", "FINANCIALS"],
        "grantedBy": entry["actor_name"],
        "expiresAt": until,
        "revokedAt": None,
        "lastUsedAt": None,
    }, name
    written = await writer.written_since(before)
    assert written["app_authorization"] == {"added": 1}
    assert (entry["action"], entry["actor_role"], entry["reason"]) == (
        AUTHORIZE,
        role,
        "Nieuwe boekhouding.",
    )
    assert sorted(entry["values"], key=str) == sorted(
        (
            ["AppAuthorization.appId", None, str(app.id)],
            ["AppAuthorization.scopes", None, ["ACCOUNT_READ", "FINANCIALS"]],
            ["AppAuthorization.grantedBy", None, str(entry["actor_id"])],
            ["AppAuthorization.grantedAt", None, instant(granted_at)],
            ["AppAuthorization.expiresAt", None, instant(until)],
        ),
        key=str,
    )
    assert decode(id)[0] == "AppAuthorization"
    read = await api(READ, token, id=world.own.id)
    assert read["data"]["account"]["name"] == world.own.account.name


def instant(text):
    """Give an instant as the history writes it."""
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


@pytest.fixture
def mails(superuser):
    """Give the mails of an account that wait to be sent, with what its messages say of them."""

    async def mails(account_id):
        statement = sa.text(
            "SELECT m.kind, o.recipient, o.language, o.subject, o.text"
            " FROM message m JOIN outbox o ON o.message_id = m.id"
            " WHERE m.account_id = :account ORDER BY m.created_at"
        )
        async with superuser.connect() as connection:
            return [
                tuple(row) for row in await connection.execute(statement, {"account": account_id})
            ]

    return mails


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_the_owner_is_told_by_mail(send, world, new_app, mails, kind):
    app, _ = new_app
    own, token, year = world.own, world.tokens[kind], now().year + 1
    given = {
        "id": own.id,
        "appId": encode("App", app.id),
        "scopes": ["FINANCIALS"],
        # Midnight in Amsterdam: the day that begins then has nothing of it any more.
        "expiresAt": f"{year}-01-31T23:00:00Z",
    }
    answer = await send(AUTHORIZE, token, **given)
    await send(REVOKE, token, id=answer["id"])
    await send(REVOKE, token, id=answer["id"])
    authorized, revoked = await mails(own.account_id)
    to = (own.owner.email, "EN")
    assert authorized[:-1] == (
        "APP_AUTHORIZED",
        *to,
        f"{app.name} has access to {own.account.name}",
    )
    text = authorized[-1]
    assert f"Up to and including 31 January {year}, the app {app.name} may" in text
    assert [words in text for words in ("read financial figures", "read the account")] == [
        True,
        False,
    ]
    assert revoked[:3] == ("APP_REVOKED", *to)
    assert app.name in revoked[3]


async def test_a_refused_authorisation_sends_nothing(send, world, new_app, mails):
    app, _ = new_app
    given = {"appId": encode("App", app.id), "scopes": ["ORDER"], "expiresAt": in_days(1)}
    answer = await send(AUTHORIZE, world.tokens[Kind.OWNER], id=world.own.id, **given)
    assert answer["__typename"] == "Refusal"
    assert await mails(world.own.account_id) == []


async def test_customers_do_not_see_which_manager_authorised(api, send, world, new_app):
    app, _ = new_app
    given = {"appId": encode("App", app.id), "scopes": ["ACCOUNT_READ"], "expiresAt": in_days(1)}
    answer = await send(AUTHORIZE, world.tokens[Kind.MANAGER], id=world.own.id, **given)
    for kind, shown in ((Kind.OWNER, None), (Kind.MANAGER, answer["grantedBy"])):
        listed = await api(LISTED, world.tokens[kind], id=world.own.id)
        latest = listed["data"]["account"]["appAuthorizations"]["edges"][0]["node"]
        assert (latest["id"], latest["grantedBy"]) == (answer["id"], shown)


async def test_all_apps_are_listed_for_whoever_is_logged_in(api, world, new_app):
    app, _ = new_app
    document = (
        "query ($after: String) { apps(first: 100, after: $after) { edges { cursor node {"
        " id key name } } pageInfo { hasNextPage } } }"
    )
    shown = {"id": encode("App", app.id), "key": app.key, "name": app.name}
    for kind in (Kind.READER, Kind.EMPLOYEE_WITHOUT, Kind.MANAGER, Kind.PARTNER):
        nodes, after, more = [], None, True
        while more:
            answer = await api(document, world.tokens[kind], after=after)
            edges = answer["data"]["apps"]["edges"]
            nodes += [edge["node"] for edge in edges]
            after, more = edges[-1]["cursor"], answer["data"]["apps"]["pageInfo"]["hasNextPage"]
        assert shown in nodes
        assert [node["name"] for node in nodes] == sorted(node["name"] for node in nodes)
    answer = await api(document)
    assert answer["data"] == {"apps": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"appId": "nothing"}, problem("NOT_FOUND", "input.appId", "There is no such app.")),
        (
            {"appId": encode("App", uuid7())},
            problem("NOT_FOUND", "input.appId", "There is no such app."),
        ),
        ({"scopes": []}, problem("INVALID_INPUT", "input.scopes", "Must not be empty.")),
        (
            {"scopes": ["ACCOUNT_READ", "ORDER", "MEMBERS"]},
            problem(
                "RULE_BROKEN",
                "input.scopes",
                "An app cannot have these rights: order and cancel, manage members.",
            ),
        ),
        (
            {"expiresAt": "2020-01-01T00:00:00Z"},
            problem("INVALID_INPUT", "input.expiresAt", "Must lie in the future."),
        ),
        (
            {"expiresAt": in_days(740)},
            problem("RULE_BROKEN", "input.expiresAt", "An authorisation lasts at most 2 years."),
        ),
    ],
)
async def test_what_cannot_be_authorised_is_told(send, writer, new_app, given, expected):
    app, _ = new_app
    good = {
        "id": writer.world.own.id,
        "appId": encode("App", app.id),
        "scopes": ["ACCOUNT_READ"],
        "expiresAt": in_days(1),
    }
    before = await writer.fingerprint()
    answer = await send(AUTHORIZE, writer.world.tokens[Kind.OWNER], **good | given)
    assert answer == refusal(expected)
    assert await writer.fingerprint() == before


async def test_an_app_is_authorised_once_at_a_time(send, writer, new_app, granted):
    app, _ = new_app
    token = writer.world.tokens[Kind.OWNER]
    given = {
        "id": writer.world.own.id,
        "appId": encode("App", app.id),
        "scopes": ["ACCOUNT_READ"],
        "expiresAt": in_days(1),
    }
    before = await writer.fingerprint()
    message = "This app is authorised already; revoke that authorisation first."
    assert await send(AUTHORIZE, token, **given) == refusal(
        problem("CONFLICT", "input.appId", message)
    )
    assert await writer.fingerprint() == before
    await send(REVOKE, token, id=granted)
    assert (await send(AUTHORIZE, token, **given))["__typename"] == "AppAuthorization"


async def test_narrowing_holds_at_once(api, send, writer, new_app, granted):
    world, (app, token) = writer.world, new_app
    seen = await api(READ, token, id=world.own.id)
    assert seen["data"]["account"]["name"] == world.own.account.name
    sooner = in_days(0.5)
    answer = await send(
        NARROW,
        world.tokens[Kind.OWNER],
        id=granted,
        scopes=["FINANCIALS"],
        expiresAt=sooner,
        expectedVersion=1,
    )
    assert (answer["version"], answer["scopes"], answer["expiresAt"], answer["app"]["key"]) == (
        2,
        ["FINANCIALS"],
        sooner,
        app.key,
    )
    answer = await api(READ, token, id=world.own.id)
    assert answer["data"]["account"] == {"name": None, "contract": None}
    (entry,) = await writer.entries()
    (first, second) = entry["values"]
    assert first == [
        "AppAuthorization.scopes",
        ["ACCOUNT_READ", "FINANCIALS"],
        ["FINANCIALS"],
    ]
    assert (second[0], second[2]) == ("AppAuthorization.expiresAt", instant(sooner))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, problem("INVALID_INPUT", "input", "Send fewer scopes, an earlier end, or both.")),
        ({"scopes": []}, problem("INVALID_INPUT", "input.scopes", "Must not be empty.")),
        (
            {"scopes": ["ACCOUNT_READ", "FILES_READ"]},
            problem(
                "RULE_BROKEN",
                "input.scopes",
                (
                    "An authorisation can only be narrowed,"
                    " and this one lacks these rights: read files."
                ),
            ),
        ),
        (
            {"expiresAt": in_days(2)},
            problem(
                "RULE_BROKEN",
                "input.expiresAt",
                "An authorisation can only be narrowed, and this one ends earlier.",
            ),
        ),
        (
            {"expiresAt": "2020-01-01T00:00:00Z"},
            problem("INVALID_INPUT", "input.expiresAt", "Must lie in the future."),
        ),
        (
            {"scopes": ["ACCOUNT_READ"], "expectedVersion": 9},
            problem(
                "CONFLICT",
                "input.expectedVersion",
                "Changed since version 9; it is version 1 now.",
            ),
        ),
    ],
)
async def test_what_is_not_narrower_is_told(send, writer, granted, given, expected):
    before = await writer.fingerprint()
    answer = await send(NARROW, writer.world.tokens[Kind.OWNER], id=granted, **given)
    assert answer == refusal(expected)
    assert await writer.fingerprint() == before


@pytest.mark.parametrize("kind", [Kind.OWNER, Kind.MANAGER])
async def test_a_token_that_worked_a_moment_before_is_worth_nothing(
    api, send, writer, new_app, granted, kind
):
    world, (_, token) = writer.world, new_app
    read = await api(READ, token, id=world.own.id)
    assert read["data"]["account"]["name"] == world.own.account.name
    answer = await send(REVOKE, world.tokens[kind], id=granted, reason="Klaar.")
    assert (answer["version"], answer["id"]) == (2, granted)
    assert answer["revokedAt"] is not None
    assert await api(READ, token, id=world.own.id) == {"data": {"account": None}}
    (entry,) = await writer.entries()
    assert (entry["action"], entry["reason"]) == (REVOKE, "Klaar.")
    assert entry["values"] == [["AppAuthorization.revokedAt", None, instant(answer["revokedAt"])]]

    before = await writer.fingerprint()
    again = await send(REVOKE, world.tokens[kind], id=granted)
    assert (again["version"], again["revokedAt"]) == (2, answer["revokedAt"])
    narrowed = await send(NARROW, world.tokens[kind], id=granted, scopes=["ACCOUNT_READ"])
    assert narrowed == refusal(problem("RULE_BROKEN", "input.id", "This authorisation is over."))
    assert await writer.fingerprint() == before


async def test_an_owner_reaches_no_foreign_authorisation(send, writer):
    world = writer.world
    before = await writer.fingerprint()
    nowhere = problem("NOT_FOUND", "input.id", "There is no such row, or you may not see it.")
    for id in world.foreign.ids["AppAuthorization"]:
        for mutation in (NARROW, REVOKE):
            answer = await send(mutation, world.tokens[Kind.OWNER], id=id)
            assert answer == refusal(nowhere)
    assert await writer.fingerprint() == before


async def last_use(api, world, id):
    """Give when an app last used an authorisation, as the owner sees it."""
    answer = await api(LISTED, world.tokens[Kind.OWNER], id=world.own.id)
    nodes = [edge["node"] for edge in answer["data"]["account"]["appAuthorizations"]["edges"]]
    (found,) = (node["lastUsedAt"] for node in nodes if node["id"] == id)
    return found


async def test_the_owner_sees_the_last_use_to_the_hour(
    api, world, new_app, granted, owner_engine, count_statements
):
    _, token = new_app
    began = now()
    await api("{ viewer { name } modules { totalCount } }", token)
    assert await last_use(api, world, granted) is None
    await api(READ, token, id=world.own.id)
    used = await last_use(api, world, granted)
    assert began < datetime.fromisoformat(used) < now()

    # Within the hour nothing is written, whatever the number of requests.
    async with owner_engine.connect() as connection:
        place = sa.text("SELECT xmin::text FROM app_authorization WHERE id = :id")
        parameters = {"id": decode(granted)[1]}
        before = await connection.scalar(place, parameters)
        await api(READ, token, id=world.own.id)
        assert await connection.scalar(place, parameters) == before
    async with owner_engine.begin() as connection:
        await connection.execute(
            sa.text(
                "UPDATE app_authorization SET last_used_at = last_used_at - interval '1 hour'"
                " WHERE id = :id"
            ),
            parameters,
        )
    with count_statements() as sent:
        await api(READ, token, id=world.own.id)
    assert [statement for statement in sent if "note_app_use" in statement] == sent[-1:]
    assert await last_use(api, world, granted) > used


async def test_a_row_that_is_locked_is_not_waited_for(api, world, new_app, granted, superuser):
    _, token = new_app
    async with superuser.begin() as connection:
        await connection.execute(
            sa.text("SELECT FROM app_authorization WHERE id = :id FOR UPDATE"),
            {"id": decode(granted)[1]},
        )
        read = await api(READ, token, id=world.own.id)
        assert read["data"]["account"]["name"] == world.own.account.name
    assert await last_use(api, world, granted) is None


async def test_a_use_that_cannot_be_kept_breaks_nothing(addresses, new_app, caplog):
    app, _ = new_app
    nowhere = Database(replace(addresses, app=addresses.app.set(database="gone")))
    await note_app_use(nowhere, app.id, [uuid7()], now())
    await nowhere.close()
    assert caplog.messages == [f"The last use of app {app.id} was not kept."]


async def test_an_app_cannot_authorise_itself_past_the_guards(database, world):
    """The second wall alone: a partner's connection sees its authorisation and keeps it."""
    (_, reading, *_) = [row for row in world.own.rows if row.__class__.__name__ == "App"]
    viewer = Viewer(Role.PARTNER, reading.id, grants={world.own.account_id: Grant()})

    async def update(change):
        async with database.app.begin() as connection:
            await set_viewer(connection, viewer)
            await connection.execute(sa.text(f"UPDATE app_authorization SET {change}"))  # noqa: S608  (from this file)

    with pytest.raises(DBAPIError, match="violates row-level security policy"):
        await update("scopes = '{ACCOUNT_READ,FINANCIALS}'")
    for change in ("granted_by = granted_by", "app_id = app_id", "last_used_at = now()"):
        with pytest.raises(DBAPIError, match="permission denied"):
            await update(change)
