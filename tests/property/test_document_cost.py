"""No document takes long to be accepted or refused: counted in calls, the same on any machine."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from graphql import get_introspection_query
from hypothesis import given, settings, target
from hypothesis import strategies as st

from portal.errors import PortalError
from portal.settings.limits import Limits
from portal.web.graphql.document import DocumentRefused, Documents
from schema.root import schema

# About 4,000 calls take a millisecond; 100 ms are allowed.
MOST_CALLS = 300_000
FRAGMENTS = 59
TYPES = ("Query", "Viewer", "Account", "Module", "Node", "Mutation", "Nothing")
PIECES = (
    "id",
    "f#",
    "a#: id",
    "nothing(a: [1 2 3], b: {c: $v})",
    "edges { node { id name } }",
    "node(id: 1) { id ...F# }",
    "... on Account { name }",
    "... { f# }",
    "...F#",
    "...F~",
    "...Missing#",
    "f# { ...F~ f { ...F# } }",
    "f @skip(if: $v#)",
    "updateAccount(input: {id: 1, a#: 2}) { __typename }",
    "modules(first: $v) { totalCount edges { cursor node { id key } } }",
    "__type(name: $v) { fields { name } }",
)


def calls_of(source: str) -> int:
    """Count the Python calls until the document is accepted or refused."""
    documents = Documents(schema._schema, Limits())  # noqa: SLF001 -- no public name
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        documents.operation(source, {}, None)
    except (DocumentRefused, PortalError):
        pass
    finally:
        sys.setprofile(before)
    return calls


def many(count: int, piece: str) -> str:
    return " ".join(piece.replace("#", str(n)) for n in range(count))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a document that is as large as the limits let it be, of few pieces many times over."""
    fragments = draw(st.sampled_from([0, 1, 4, 20, FRAGMENTS]))
    tokens = draw(st.sampled_from([200, 1_000, 1_900, 1_990]))
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3))
    nested = draw(st.integers(0, 150))
    kind = draw(st.sampled_from(TYPES))

    def body(number: int) -> str:
        length = tokens // ((fragments + 1) * 5)
        text = " ".join(pieces[n % len(pieces)].replace("#", str(n % 59)) for n in range(length))
        return text.replace("~", str(min(number + 1, fragments - 1))) or "id"

    head = draw(st.sampled_from(["{", "query ($v: Int) {", "mutation {", "query A { id } query {"]))
    opened = "... {" * nested if fragments < FRAGMENTS else ""
    main = f"{head} {opened} {body(-1)} {'}' * (1 + opened.count('{'))}"
    return main + "".join(f" fragment F{n} on {kind} {{ {body(n)} }}" for n in range(fragments))


@given(documents())
@settings(max_examples=60)
def test_no_document_takes_long(source: str):
    calls = calls_of(source)
    target(float(calls))
    assert calls < MOST_CALLS


LARGE: dict[str, Callable[[], str]] = {
    "valid fields": lambda: (
        "{ "
        + many(19, "a#: modules { totalCount " + "edges { cursor node { id key } } " * 9 + "}")
        + " }"
    ),
    "unknown fields": lambda: f"{{ viewer {{ {many(990, 'f#')} }} }}",
    "unknown arguments": lambda: f"{{ viewer({many(600, 'f#: 1')}) {{ name }} }}",
    "unknown input fields": lambda: (
        f"mutation {{ updateAccount(input: {{{many(600, 'f#: 1')}}}) {{ __typename }} }}"
    ),
    "unused variables": lambda: f"query ({many(480, '$v#: Int')}) {{ viewer {{ name }} }}",
    "fragments side by side": lambda: (
        f"{{ viewer {{ {many(58, '...F#')} }} }}"
        + "".join(f"fragment F{n} on Viewer {{ {many(15, f'a{n}b#')} }}" for n in range(58))
    ),
    "a chain of fragments": lambda: (
        "{ viewer { ...F0 } }"
        + "".join(f"fragment F{n} on Viewer {{ ...F{n + 1} f{n} }}" for n in range(58))
    ),
    "fragments in a circle": lambda: (
        "{ viewer { ...F0 } }"
        + "".join(
            f"fragment F{n} on Viewer {{ {' '.join(f'...F{(n + k) % 59}' for k in range(1, 13))} }}"
            for n in range(59)
        )
    ),
    "operations with variables": lambda: (
        many(10, f"query Q#({many(30, '$v#: Int')}) {{ viewer {{ ...F }} }}")
        + "fragment F on Viewer { name }"
    ),
    "introspection": get_introspection_query,
}


@pytest.mark.parametrize("name", LARGE)
def test_no_large_document_takes_long(name: str):
    calls = calls_of(LARGE[name]())
    assert 1_000 < calls < MOST_CALLS
