"""What the fields of the schema cost: lists by their sizes, and what Python does by its weight."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInt,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    parse,
)

from portal.settings.limits import Limits
from portal.web.graphql.measurement import measure
from resolvers.points import DESCRIPTION, HASHING, OPTION, PREVIEW
from resolvers.sources import Function
from schema.fields import KEY, usual_length, weight_of
from schema.root import schema

WHOLE = schema._schema  # noqa: SLF001 -- no public name
UNLIMITED = Limits(cost=10**9)


def fields() -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    """Give every field that is answered."""
    for kind in WHOLE.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                yield kind, name, field


def sized() -> list[Any]:
    """Give the fields that say by an argument how much they answer, each with its arguments."""
    return [
        pytest.param(kind, field_name, name, id=f"{kind.name}.{field_name}({name})")
        for kind, field_name, field in fields()
        for name, argument in field.args.items()
        if get_nullable_type(argument.type) is GraphQLInt
    ]


def cost_of(source: str, **variables: Any) -> int:
    return measure(parse(source), WHOLE, variables, None, UNLIMITED).size.cost


def cost_on(kind: GraphQLObjectType, selection: str) -> int:
    """Give what a selection costs on a type, however it is reached."""
    return cost_of(f"{{ ...A }} fragment A on {kind.name} {{ {selection} }}")


def below(field: GraphQLField) -> str:
    """Select something below a field."""
    return "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"


@pytest.mark.parametrize(("kind", "name", "argument"), sized())
def test_a_list_costs_by_its_size_whatever_the_argument_is_called(kind, name, argument):
    inner = below(kind.fields[name])
    one, twelve = (cost_on(kind, f"{name}({argument}: {size}) {inner}") - 1 for size in (1, 12))
    assert twelve == 12 * one > 0
    query = (
        f"query ($n: Int) {{ ...A }} fragment A on {kind.name} {{ {name}({argument}: $n) {inner} }}"
    )
    assert cost_of(query, n=12) - 1 == 12 * one


def test_there_are_lists_of_every_kind():
    names = {f"{param.values[0].name}.{param.values[1]}" for param in sized()}
    assert {
        "ModuleSubscription.cancellationOptions",
        "ModuleSubscription.tariffChangeOptions",
        "Query.accounts",
        "Account.modules",
    } <= names


def test_a_list_without_a_size_counts_its_usual_length():
    for kind, name, field in fields():
        inner = below(field)
        if is_list_type(get_nullable_type(field.type)) and inner and not field.args:
            usual = usual_length(field) or 5
            weight = weight_of(field)
            assert cost_on(kind, f"{name} {inner}") == 1 + usual * (1 + weight), name


def test_what_python_answers_has_a_weight():
    declared = {
        f"{kind.name}.{name}": weight_of(field)
        for kind, name, field in fields()
        if isinstance(_source(field), Function)
    }
    assert len(declared) >= 8
    assert all(declared.values())
    assert declared["ModuleSubscription.cancellationOptions"] == OPTION
    mutations = {name: weight_of(field) for name, field in WHOLE.mutation_type.fields.items()}
    assert mutations["previewNotice"] == PREVIEW
    hashing = {"registerAccount", "resetPassword", "changePassword"}
    assert {name for name in mutations if mutations[name] == HASHING} >= hashing
    assert mutations["updateAccount"] == 0


def _source(field: GraphQLField) -> Any:
    definition = field.extensions.get("strawberry-definition")
    return definition and definition.metadata.get(KEY)


def test_the_standard_introspection_query_may_be_asked_and_is_paid():
    document = parse(get_introspection_query())
    size = measure(document, WHOLE, {}, None, Limits()).size
    assert size.cost > (1 + DESCRIPTION) * 9_000


def test_many_descriptions_cost_as_many_times_as_much():
    one = "{aliases}: __schema {{ types {{ name fields {{ name args {{ name }} }} }} }}"
    query = " ".join(one.format(aliases=f"a{number}") for number in range(19))
    single = cost_of("{ __schema { types { name fields { name args { name } } } } }")
    assert cost_of(f"{{ {query} }}") == 19 * single > 200_000
