"""Variables as their types have them."""

import pytest
from graphql import build_schema, parse

from resolvers.reading.fallback import Refused
from resolvers.reading.variables import coerced

SCHEMA = build_schema("type Query { a(id: ID, number: Int, is: Boolean): Int }")


def operation(text):
    return parse(text).definitions[0]


def test_true_and_one_are_told_apart():
    either = operation("query ($value: Int) { a(number: $value) }")
    assert coerced(SCHEMA, either, {"value": 1}).coerced == {"value": 1}
    with pytest.raises(Refused):
        coerced(SCHEMA, either, {"value": True})
    assert coerced(SCHEMA, either, {"value": None}).coerced == {"value": None}
    assert coerced(SCHEMA, either, {}).coerced == {}


def test_what_no_variable_asks_for_is_left_out():
    of_id = operation("query ($id: ID = 7) { a(id: $id) }")
    assert coerced(SCHEMA, of_id, {"other": "x"}).coerced == {"id": "7"}
    assert coerced(SCHEMA, operation("{ a }"), {"id": "x"}).coerced == {}
