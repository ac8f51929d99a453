"""Persisted queries and trusted documents over HTTP, and what is kept."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from portal.database.addresses import Addresses
from portal.errors import BadRequest, NotFound
from portal.settings.settings import Settings
from portal.web.graphql.persisted import PersistedQueries
from portal.web.graphql.request import GraphQLRequest
from tests.api.asking import own_client, without_cost

ROLE = "{ viewer { role } }"
ANSWER = {"data": {"viewer": {"role": "ANONYMOUS"}}}
UNKNOWN = {"errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "NOT_FOUND"}}]}


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def persisted(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashed(text)}}


async def post(client: AsyncClient, **parts: Any) -> Response:
    return await client.post("/graphql", json=parts)


async def test_a_text_that_was_accepted_is_found_by_its_hash(client: AsyncClient):
    document = f"{ROLE} # one of this test's own"
    extensions = persisted(document)
    assert (await post(client, extensions=extensions)).json() == UNKNOWN
    # Without its hash a text is run and not kept.
    assert without_cost((await post(client, query=document)).json()) == ANSWER
    assert (await post(client, extensions=extensions)).json() == UNKNOWN
    assert (
        without_cost((await post(client, query=document, extensions=extensions)).json()) == ANSWER
    )
    assert without_cost((await post(client, extensions=extensions)).json()) == ANSWER
    assert (
        without_cost((await post(client, documentId=f"sha256:{hashed(document)}")).json()) == ANSWER
    )
    got = await client.get("/graphql", params={"extensions": json.dumps(extensions)})
    assert (got.status_code, without_cost(got.json())) == (200, ANSWER)
    # A browser's address line asks too, where there is a page for people.
    typed = {"accept": "text/html,*/*;q=0.8"}
    got = await client.get("/graphql", params={"documentId": "sha256:1"}, headers=typed)
    assert got.json() == UNKNOWN
    newer = {"accept": "application/graphql-response+json"}
    got = await client.post("/graphql", json={"documentId": "sha256:1"}, headers=newer)
    assert (got.status_code, got.json()) == (400, UNKNOWN)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ nobodyKnowsThis }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer {", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { " + "role " * 3_000 + "} }", "QUERY_TOO_LARGE"),
    ],
)
async def test_a_text_that_was_refused_is_not_kept(client: AsyncClient, document: str, code: str):
    answer = (await post(client, query=document, extensions=persisted(document))).json()
    assert answer["errors"][0]["extensions"]["code"] == code
    assert (await post(client, extensions=persisted(document))).json() == UNKNOWN


async def test_another_texts_hash_is_refused_and_nothing_is_kept(client: AsyncClient):
    other = f"{ROLE} # another"
    answer = (await post(client, query=ROLE, extensions=persisted(other))).json()
    assert answer == {
        "errors": [
            {
                "message": "The hash is not that of the document.",
                "extensions": {"code": "BAD_REQUEST"},
            }
        ]
    }
    assert (await post(client, extensions=persisted(other))).json() == UNKNOWN


@pytest.mark.parametrize(
    "given",
    [
        {"version": 2, "sha256Hash": "1"},
        {"version": 1, "sha256Hash": 1},
        {"version": 1},
        "1",
        [],
    ],
)
async def test_a_persisted_query_of_another_shape_is_a_bad_request(client: AsyncClient, given: Any):
    answer = await post(client, extensions={"persistedQuery": given})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["message"] == "persistedQuery must have version 1 and a sha256Hash."
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["extensions"]["inputPath"] == ["extensions", "persistedQuery"]


def test_no_more_is_kept_than_fits():
    kept = PersistedQueries(most_characters=10)

    def send(text: str) -> None:
        asked = GraphQLRequest(text, sha256=hashed(text))
        kept.keep(asked, kept.text_of(asked))

    def find(text: str) -> str:
        return kept.text_of(GraphQLRequest(None, sha256=hashed(text)))

    for text in ("aaaa", "bbbb", "aaaa", "cccc"):
        send(text)
    assert (find("aaaa"), find("cccc")) == ("aaaa", "cccc")
    with pytest.raises(NotFound):
        find("bbbb")
    send("d" * 11)
    for text in ("aaaa", "cccc", "d" * 11):
        with pytest.raises(NotFound):
            find(text)
    send("eeee")
    assert find("eeee") == "eeee"
    with pytest.raises(BadRequest):
        kept.text_of(GraphQLRequest("ffff", sha256=hashed("eeee")))


@pytest.fixture
async def closed(addresses: Addresses, tmp_path: Path):
    """A portal that answers the documents of a manifest alone."""
    manifest = tmp_path / "persisted.json"
    documents = {
        "5c0ff1fd6d": ROLE,
        "sha256:named": "query Named { viewer { language } }",
        "wrong": "{ nobodyKnowsThis }",
    }
    manifest.write_text(json.dumps(documents))
    async with own_client(Settings(data=tmp_path, trusted_documents=manifest), addresses) as client:
        yield client


async def test_trusted_documents_are_found_by_id_by_hash_and_by_text(closed: AsyncClient):
    for parts in (
        {"documentId": "5c0ff1fd6d"},
        {"documentId": f"sha256:{hashed(ROLE)}"},
        {"extensions": persisted(ROLE)},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "5c0ff1fd6d"}}},
        {"query": ROLE},
        {"query": ROLE, "extensions": persisted(ROLE)},
    ):
        assert without_cost((await post(closed, **parts)).json()) == ANSWER, parts
    named = await closed.get("/graphql", params={"documentId": "sha256:named"})
    assert without_cost(named.json()) == {"data": {"viewer": {"language": "EN"}}}
    # An old client's document may fit the schema no more: it is told so.
    wrong = (await post(closed, documentId="wrong")).json()
    assert wrong["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_everything_else_is_refused_where_documents_are_trusted(closed: AsyncClient):
    other = "{ viewer { name } }"
    for parts in (
        {"query": other},
        {"query": f"{ROLE} "},
        {"query": "{ __typename }"},
        {"query": "{ __schema { queryType { name } } }"},
        {"query": other, "documentId": "5c0ff1fd6d"},
        {"query": other, "extensions": persisted(other)},
        {"extensions": persisted(other)},
        {"documentId": "unknown"},
        {"documentId": ""},
    ):
        assert (await post(closed, **parts)).json() == {
            "errors": [
                {
                    "message": "Only documents that the operator has approved are answered.",
                    "extensions": {"code": "FORBIDDEN"},
                }
            ]
        }, parts
