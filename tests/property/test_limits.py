"""The one linear walk measures what a naive expansion of the document measures."""

from dataclasses import dataclass

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

from portal.web.limits import Limits
from portal.web.measurement import measure

BOUNDLESS = Limits(depth=10**6, aliases=10**6, cost=10**8)
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

    def __add__(self, other: "Size") -> "Size":
        return Size(
            max(self.depth, other.depth), self.aliases + other.aliases, self.cost + other.cost
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
            size += Size(1 + below.depth, aliases, 1 + page * below.cost)
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


@given(documents())
def test_the_walk_measures_what_an_expansion_measures(source: str):
    document = parse(source)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    measured = measure(document, SCHEMA, {}, None, BOUNDLESS)
    assert Size(measured.depth, measured.aliases, measured.cost) == expanded(
        operation.selection_set, document
    )
