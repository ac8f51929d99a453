"""Variables that are sent again are coerced once."""

import pytest
from graphql import build_schema, parse

from resolvers.reading import variables as module
from resolvers.reading.leaving import Refused
from resolvers.reading.variables import Variables

SCHEMA = build_schema("type Query { a(id: ID, number: Int, is: Boolean): Int }")


def operation(text):
    return parse(text).definitions[0]


def test_what_is_sent_again_is_not_coerced_again():
    of_id = operation("query ($id: ID!) { a(id: $id) }")
    variables = Variables(SCHEMA)
    first = variables.coerced(of_id, {"id": "x"})
    assert first.coerced == {"id": "x"}
    assert variables.coerced(of_id, {"id": "x"}) is first
    assert variables.coerced(of_id, {"id": "y"}).coerced == {"id": "y"}
    alike = operation("query ($id: ID!) { a(id: $id) }")
    assert variables.coerced(alike, {"id": "x"}) is not first


def test_true_and_one_are_told_apart():
    either = operation("query ($value: Int) { a(number: $value) }")
    variables = Variables(SCHEMA)
    assert variables.coerced(either, {"value": 1}).coerced == {"value": 1}
    with pytest.raises(Refused):
        variables.coerced(either, {"value": True})
    assert variables.coerced(either, {"value": None}).coerced == {"value": None}
    assert variables.coerced(either, {}).coerced == {}


def test_nothing_large_is_kept_and_not_many():
    of_id = operation("query ($id: ID!) { a(id: $id) }")
    variables = Variables(SCHEMA)
    long = {"id": "x" * 201}
    assert variables.coerced(of_id, long) is not variables.coerced(of_id, long)
    many = {"id": "x", **{f"v{index}": index for index in range(20)}}
    assert variables.coerced(of_id, many) is not variables.coerced(of_id, many)
    first = variables.coerced(of_id, {"id": "first"})
    for index in range(module._MOST_KEPT):  # noqa: SLF001
        variables.coerced(of_id, {"id": str(index)})
    assert variables.coerced(of_id, {"id": "first"}) is not first
