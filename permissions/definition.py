"""What Strawberry made an element of the built schema from."""

from typing import Any

from strawberry.schema.schema_converter import GraphQLCoreConverter

_BACKREF = GraphQLCoreConverter.DEFINITION_BACKREF


def definition_of(element: Any) -> Any:
    """Give the definition of a type, field, argument or value; None for GraphQL's own."""
    return element.extensions.get(_BACKREF)
