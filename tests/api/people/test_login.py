"""Opening and ending a session."""

import orjson
import pytest
import sqlalchemy as sa

from portal.login.hashing import hash_password
from portal.models import Password
from tests import factories
from tests.api.playing import PASSWORD

JSON = {"content-type": "application/json"}


async def post(client, path, content, **headers):
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return await client.post(path, content=body, headers={**JSON, **headers})


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b"[]", "BAD_REQUEST"),
        (b'"a"', "BAD_REQUEST"),
        (b"1", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        ({}, "INVALID_INPUT"),
        ({"email": "a@b.example"}, "INVALID_INPUT"),
        ({"email": 1, "password": "x"}, "INVALID_INPUT"),
        ({"email": ["a"], "password": "x"}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": None}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": {"x": 1}}, "INVALID_INPUT"),
        ({"email": "", "password": "x"}, "INVALID_INPUT"),
        ({"email": "a" * 1_017, "password": "x"}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": "x" * 10_000}, "INVALID_INPUT"),
        ({"email": "a\u0000@b.example", "password": "x"}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": "x", "as": "MANAGER"}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": "x", "as": "staff"}, "INVALID_INPUT"),
        ({"email": "a@b.example", "password": "x", "as": ["STAFF"]}, "INVALID_INPUT"),
    ],
)
async def test_a_malformed_login_is_400(client, body, code):
    response = await post(client, "/login", body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == code


async def test_an_unknown_address_is_401(client):
    response = await post(client, "/login", {"email": "no@body.example", "password": "x"})
    assert response.status_code == 401
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_login_is_json_by_post(client):
    text = {"content-type": "text/plain"}
    assert (await client.post("/login", content=b"{}", headers=text)).status_code == 415


async def test_logout_needs_a_token_and_takes_any(client):
    assert (await client.post("/logout")).status_code == 401
    headers = {"authorization": "Bearer unknown"}
    assert (await client.post("/logout", headers=headers)).status_code == 204


@pytest.fixture
async def both(write):
    """A manager who owns an account, and an owner who is no staff; with passwords."""
    manager, owner = factories.person(), factories.person()
    hashed = hash_password(PASSWORD)
    await write(
        manager,
        owner,
        factories.staff(manager),
        *factories.account(manager),
        *factories.account(owner),
        *(Password(person_id=one.id, hash=hashed) for one in (manager, owner)),
    )
    return manager, owner


@pytest.mark.parametrize(
    ("chosen", "role"),
    [({}, "MANAGER"), ({"as": "STAFF"}, "MANAGER"), ({"as": "CUSTOMER"}, "CUSTOMER")],
)
async def test_who_is_both_chooses_at_login(client, api, both, chosen, role):
    manager, _ = both
    sent = {"email": manager.email, "password": PASSWORD, **chosen}
    answer = (await post(client, "/login", sent)).json()
    assert answer["role"] == role
    document = "{ viewer { role accounts { totalCount } } }"
    viewer = (await api(document, answer["token"]))["data"]["viewer"]
    assert viewer["role"] == role
    assert (viewer["accounts"]["totalCount"] == 1) is (role == "CUSTOMER")


async def test_who_is_not_staff_does_not_log_in_as_staff(client, both, superuser):
    _, owner = both
    sent = {"email": owner.email, "password": PASSWORD, "as": "STAFF"}
    response = await post(client, "/login", sent)
    assert response.status_code == 403
    (error,) = response.json()["errors"]
    assert error["message"] == "You do not work for the operator."
    assert error["extensions"]["code"] == "FORBIDDEN"
    # Without the password nothing is told.
    response = await post(client, "/login", {**sent, "password": "wrong"})
    assert response.status_code == 401
    async with superuser.connect() as connection:
        sessions = sa.text("SELECT count(*) FROM credential WHERE person_id = :id")
        assert await connection.scalar(sessions, {"id": owner.id}) == 0
    for chosen in ({}, {"as": "CUSTOMER"}, {"as": None}):
        answer = (await post(client, "/login", {**sent, "as": None, **chosen})).json()
        assert answer["role"] == "CUSTOMER"
