"""The variables of a request as their types have them, and what of them is worth remembering."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    VariableNode,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues, get_variable_values

from resolvers.reading.fallback import Refused
from resolvers.reading.tree import Site
from resolvers.sources import ById

NONE = VariableValues({}, {})
# As long as an id or a cursor; what is longer is not kept.
_LONGEST = 200


def coerced(
    schema: GraphQLSchema, definition: OperationDefinitionNode, given: Mapping[str, Any]
) -> VariableValues:
    """Give the variables of an operation; Refused where they do not fit."""
    if not definition.variable_definitions:
        return NONE
    found = get_variable_values(schema, definition.variable_definitions, dict(given), max_errors=1)
    if isinstance(found, list):
        raise Refused
    return found


def is_short(value: Any) -> bool:
    """Whether a value is worth keeping."""
    return (
        value is None
        or isinstance(value, (bool, int))
        or (isinstance(value, str) and len(value) <= _LONGEST)
    )


def id_variable(site: Site) -> str | None:
    """Name the variable that is the whole argument of a field, as most ids are."""
    match site:
        case Site(
            source=ById(several=False),
            details=FieldDetails(
                node=FieldNode(
                    arguments=[ArgumentNode(value=VariableNode(name=NameNode(value=name)))]
                ),
                fragment_variable_values=None,
            ),
        ):
            return str(name)
    return None


def variables_of(site: Site) -> tuple[str, ...]:
    """Name the variables in the arguments of a field."""
    names: dict[str, None] = {}
    waiting: list[Any] = [argument.value for argument in site.details.node.arguments or ()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, VariableNode):
            names[value.name.value] = None
        waiting += getattr(value, "values", ())
        waiting += [entry.value for entry in getattr(value, "fields", ())]
    return tuple(names)
