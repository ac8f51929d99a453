"""Opening and ending a session."""

import orjson
import pytest

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
    assert (await client.get("/login")).status_code == 405
    form = {"email": "a@b.example", "password": "x"}
    assert (await client.post("/login", data=form)).status_code == 415


async def test_logout_needs_a_token_and_takes_any(client):
    assert (await client.post("/logout")).status_code == 401
    headers = {"authorization": "Bearer unknown"}
    assert (await client.post("/logout", headers=headers)).status_code == 204
