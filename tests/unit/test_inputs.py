"""What a mutation is given: the same that Strawberry makes of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    is_required_input_field,
)
from strawberry.types.arguments import convert_argument

from permissions.definition import definition_of
from schema.inputs import maker
from schema.root import schema

CORE = schema._schema  # noqa: SLF001 -- no public name
assert CORE.mutation_type
MUTATIONS = CORE.mutation_type.fields


def values(kind: Any) -> Iterator[Any]:
    """Give a few values of a type as graphql-core has checked them."""
    if not isinstance(kind, GraphQLNonNull):
        yield None
    kind = getattr(kind, "of_type", kind) if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(kind, GraphQLList):
        items = list(values(kind.of_type))
        yield from ([], items)
    elif isinstance(kind, GraphQLEnumType):
        yield next(iter(kind.values.values())).value
    elif isinstance(kind, GraphQLInputObjectType):
        yield from objects(kind)
    else:
        yield f"a {kind}"


def objects(kind: GraphQLInputObjectType) -> Iterator[dict[str, Any]]:
    """Give an input with nothing left out, in each way; and one with what is required."""
    several = {name: list(values(field.type)) for name, field in kind.fields.items()}
    for number in range(max(map(len, several.values()))):
        yield {name: found[number % len(found)] for name, found in several.items()}
    yield {
        name: several[name][-1]
        for name, field in kind.fields.items()
        if is_required_input_field(field)
    }


@pytest.mark.parametrize("name", MUTATIONS)
def test_an_input_is_made_as_strawberry_makes_it(name: str):
    field = MUTATIONS[name]
    (argument,) = definition_of(field).arguments
    make = maker(argument.type, schema.config.name_converter)
    assert make
    kind = field.args["input"].type
    seen = 0
    for value in values(kind):
        theirs = convert_argument(
            value,
            argument.type,
            schema.schema_converter.scalar_registry,
            schema.config,
        )
        assert repr(make(value)) == repr(theirs)
        seen += 1
    assert seen >= 2
