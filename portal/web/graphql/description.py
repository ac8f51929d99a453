"""Introspection sizes: how long the lists are in which a schema describes itself."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_abstract_type,
    is_wrapping_type,
)


@lru_cache(8)
def lengths_of(schema: GraphQLSchema) -> Mapping[tuple[str, str], float]:
    """Give the length of each list by type and field; of those of many things, the mean.

    So for the types that others are made from, which many have none of.
    """
    types = list(schema.type_map.values())
    composites = [
        one for one in types if isinstance(one, (GraphQLObjectType, GraphQLInterfaceType))
    ]
    fields = [field for one in composites for field in one.fields.values()]
    inputs = [one for one in types if isinstance(one, GraphQLInputObjectType)]
    enums = [one for one in types if isinstance(one, GraphQLEnumType)]
    possible = [schema.get_possible_types(one) for one in types if is_abstract_type(one)]
    directives = schema.directives
    made: list[Any] = [*fields, *(arg for field in fields for arg in field.args.values())]
    made += [field for one in inputs for field in one.fields.values()]
    layers = sum(_layers(one.type) for one in made)
    of_a_type = {
        "interfaces": sum(len(one.interfaces) for one in composites),
        "possibleTypes": sum(map(len, possible)),
        "enumValues": sum(len(one.values) for one in enums),
        "inputFields": sum(len(one.fields) for one in inputs),
    }
    return {
        ("__Schema", "types"): len(types),
        ("__Schema", "directives"): len(directives),
        ("__Directive", "args"): sum(len(one.args) for one in directives) / len(directives),
        # Of a type that has some: through them a description leads to others of that kind.
        ("__Type", "fields"): len(fields) / len(composites),
        ("__Type", "ofType"): layers / (layers + len(made)),
        ("__Field", "args"): sum(len(field.args) for field in fields) / len(fields),
        **{("__Type", name): total / len(types) for name, total in of_a_type.items()},
    }


def _layers(kind: Any) -> int:
    """Count what a type is wrapped in."""
    return 1 + _layers(kind.of_type) if is_wrapping_type(kind) else 0
