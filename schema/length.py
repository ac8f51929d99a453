"""How long something may be that is sent: in the SDL, from the declaration that refuses more."""

from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from permissions.definition import definition_of

LENGTH_KEY = "length"
"""Of the extensions of an input field: its ``Length``."""


@strawberry.schema_directive(
    locations=[Location.INPUT_FIELD_DEFINITION],
    description=(
        "How long it may be: the characters of a text once it is trimmed and composed (NFC), of"
        " each one where there are translations; or the entries of a list."
    ),
)
class Length:
    """The printed form of a ``Limit``."""

    max: int
    min: int | None = strawberry.UNSET


@dataclass(frozen=True, slots=True)
class Limit:
    """A length, and the sentence that says it where directives are not read."""

    length: Length
    sentence: str


def characters(most: Any, least: int | None = None) -> Limit:
    """Give how long a text may be: a number, or the attribute of a model that holds it."""
    longest = most if isinstance(most, int) else most.type.length
    if least is None:
        return Limit(Length(max=longest), f"{longest:,} characters at most.")
    return Limit(Length(max=longest, min=least), f"{least:,} to {longest:,} characters.")


def entries(most: Any) -> Limit:
    """Give how long a list may be: a number, or the column that holds it."""
    longest = most if isinstance(most, int) else most.info["most"]
    return Limit(Length(max=longest), f"{longest:,} entries at most.")


def part(composite: Any, name: str) -> Any:
    """Give the column of a part of an attribute that is made of several."""
    parts = composite.property.props
    return next(one for one in parts if one.key.endswith(f"_{name}")).columns[0]


def show_lengths(core: GraphQLSchema) -> None:
    """Let those find the lengths who have the schema alone."""
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            for field in kind.fields.values():
                for directive in definition_of(field).directives:
                    if isinstance(directive, Length):
                        field.extensions[LENGTH_KEY] = directive
