"""The one linear walk measures what a naive expansion of the document measures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from portal.settings.limits import Limits
from portal.web.graphql.measurement import measure
from portal.web.graphql.size import Name

BOUNDLESS = Limits(
    **dict.fromkeys(("depth", "aliases", "root_fields", "fields", "equal_names"), 10**6), cost=10**8
)
SCHEMA = build_schema(
    """
    type Query { id: ID  one: Query  many(first: Int, last: Int): [Query] }
    """
)
FRAGMENTS = ("A", "B", "C")


@dataclass(frozen=True)
class Size:
    """What an expansion counts."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0
    fields: int = 0
    paths: tuple[tuple[str, ...], ...] = ()

    def __add__(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.cost + other.cost,
            self.fields + other.fields,
            self.paths + other.paths,
        )


def expanded(selections: SelectionSetNode | None, document: DocumentNode) -> Size:
    """Expand every fragment where it is spread, each time anew."""
    size = Size()
    for node in selections.selections if selections else ():
        if isinstance(node, FieldNode):
            below = expanded(node.selection_set, document)
            sizes = [
                int(argument.value.value)
                for argument in node.arguments or ()
                if isinstance(argument.value, IntValueNode)
            ]
            page = max(1, *sizes) if sizes else (20 if node.name.value == "many" else 1)
            aliases = below.aliases + (node.alias is not None)
            name = (node.alias or node.name).value
            paths = ((name,), *((name, *path) for path in below.paths))
            size += Size(1 + below.depth, aliases, 1 + page * below.cost, 1 + below.fields, paths)
        elif isinstance(node, InlineFragmentNode):
            size += expanded(node.selection_set, document)
        else:
            size += next(
                expanded(one.selection_set, document)
                for one in document.definitions
                if isinstance(one, FragmentDefinitionNode) and one.name.value == node.name.value
            )
    return size


def selections(spreads: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Give the text of a selection set that spreads only these fragments."""
    leaves = st.sampled_from(["id", "a: id", *(f"...{name}" for name in spreads)])

    def within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        heads = st.sampled_from(
            [
                "one",
                "b: one",
                "many",
                "many(first: 3)",
                "many(last: 0)",
                "many(first: 2, last: 4)",
                "... on Query",
                "...",
            ]
        )
        block = st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: f"{{ {' '.join(parts)} }}"
        )
        return st.builds(lambda head, body: f"{head} {body}", heads, block)

    parts = st.recursive(leaves, within, max_leaves=6)
    return st.lists(parts, min_size=1, max_size=3).map(lambda parts: f"{{ {' '.join(parts)} }}")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document whose fragments spread only later ones: no cycle, much sharing."""
    fragments = (
        f"fragment {name} on Query {draw(selections(FRAGMENTS[index + 1 :]))}"
        for index, name in enumerate(FRAGMENTS)
    )
    return " ".join((draw(selections(FRAGMENTS)), *fragments))


def paths(names: Mapping[str, Name], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, int]]:
    """Give each path of response names with how many fields answer under it."""
    for name, selected in names.items():
        yield (*above, name), selected.count
        yield from paths(selected.below, (*above, name))


@given(documents())
def test_the_walk_measures_what_an_expansion_measures(source: str):
    document = parse(source)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    measured = measure(document, SCHEMA, {}, None, BOUNDLESS).size
    naive = expanded(operation.selection_set, document)
    assert (measured.depth, measured.aliases, measured.cost, measured.fields) == (
        naive.depth,
        naive.aliases,
        naive.cost,
        naive.fields,
    )
    assert dict(paths(measured.names)) == Counter(naive.paths)
