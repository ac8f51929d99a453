"""What the same bytes asked for before is known."""

import json

import pytest
from graphql import build_schema

from portal.errors import BadRequest
from portal.settings.limits import Limits
from portal.web.graphql import request_cache as module
from portal.web.graphql.document import Documents
from portal.web.graphql.request_cache import RequestCache

SCHEMA = build_schema("type Query { a(number: Int): Int } type Mutation { a: Int }")


@pytest.fixture
def ask():
    """Ask for an operation as the endpoint does; gives what was known of it before."""
    requests, documents = RequestCache(), Documents(SCHEMA, Limits())

    def ask(query: str, **variables: object):
        found = requests.of_body(json.dumps({"query": query, "variables": variables}).encode())
        known = found.operation
        operation = documents.operation(query, found.request.variables, None)
        requests.note(found, known or operation)
        assert known is None or known.query == operation.query
        return known

    return ask


def test_the_same_bytes_are_the_same_operation(ask):
    query = "query ($n: Int) { a(number: $n) }"
    assert ask(query, n=1) is None
    known = ask(query, n=1)
    assert known.query.variables == {"n": 1}
    assert ask(query, n=1) is known
    assert ask(query, n=2) is None
    assert ask(query, n=2).query.variables == {"n": 2}
    assert ask(query, n=1) is known


def test_no_change_and_nothing_long_is_kept(ask):
    long = "{ a } #" + "x" * module._LONGEST  # noqa: SLF001
    for query in ("mutation { a }", long):
        assert ask(query) is None
        assert ask(query) is None


def test_what_was_asked_last_is_kept_within_bounds(ask, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 3)
    for number in (1, 2, 3, 1, 4):
        ask("{ a }" + " " * number)
    kept = [number for number in (1, 3, 4) if ask("{ a }" + " " * number)]
    assert kept == [1, 3, 4]
    assert ask("{ a }  ") is None
    # A document of five tokens, its ends included, is kept as long as there are no more than that.
    monkeypatch.setattr(module, "_MOST_TOKENS", 5)
    ask("{ a }")
    assert ask("{ a }") is not None
    assert ask("{ a } ") is None


def test_what_asks_for_nothing_is_refused_and_not_kept():
    requests = RequestCache()
    for _ in range(2):
        with pytest.raises(BadRequest):
            requests.of_body(b'{"query": 1}')
