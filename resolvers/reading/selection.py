"""Which expressions of a row the operation asks for, seen from the field that leads to it."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from permissions.definition import definition_of
from resolvers.sources import KEY, Expression, InLanguage, Itself, Source

# What stands between a connection and its rows.
_FRAME = frozenset({"edges", "node"})


def source_of(field: Any) -> Source | None:
    """Give the declared source of a field of the schema."""
    metadata = getattr(definition_of(field), "metadata", {})
    source: Source | None = metadata.get(KEY)
    return source


def expressions(info: GraphQLResolveInfo[Any], type_name: str) -> tuple[Expression, ...]:
    """List the expressions of a type that the selection below a field asks for, each once."""
    found: dict[Expression, None] = {}
    seen: set[tuple[str, str]] = set()
    for node in info.field_nodes:
        if node.selection_set:
            kind = get_named_type(info.return_type)
            found.update(dict.fromkeys(_below(node.selection_set, kind, type_name, info, seen)))
    return tuple(found)


def _below(
    selections: SelectionSetNode,
    kind: GraphQLNamedType,
    type_name: str,
    info: GraphQLResolveInfo[Any],
    seen: set[tuple[str, str]],
) -> Iterator[Expression]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield from _of_field(node, kind, type_name, info, seen)
            continue
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if (name, kind.name) in seen:
                continue
            seen.add((name, kind.name))
            fragment: Any = info.fragments[name]
        elif isinstance(node, InlineFragmentNode):
            fragment = node
        condition = fragment.type_condition
        narrowed = info.schema.type_map[condition.name.value] if condition else kind
        if not isinstance(narrowed, GraphQLObjectType) or narrowed.name == kind.name:
            narrowed = kind
        elif isinstance(kind, GraphQLObjectType) or narrowed.name != type_name:
            continue
        yield from _below(fragment.selection_set, narrowed, type_name, info, seen)


def _of_field(
    node: FieldNode,
    kind: GraphQLNamedType,
    type_name: str,
    info: GraphQLResolveInfo[Any],
    seen: set[tuple[str, str]],
) -> Iterator[Expression]:
    field = kind.fields.get(node.name.value) if isinstance(kind, GraphQLObjectType) else None
    if field is None:
        return
    source = source_of(field)
    if isinstance(source, Expression):
        yield source
    elif isinstance(source, InLanguage):
        yield from source.parts
    elif node.selection_set and (isinstance(source, Itself) or node.name.value in _FRAME):
        below = get_named_type(field.type)
        yield from _below(node.selection_set, below, type_name, info, seen)
