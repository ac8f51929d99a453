"""The schema as it is published: its SDL is reviewed, and everything in it is described."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

from schema import root

CORE = root.schema._schema  # noqa: SLF001 -- no public name
SDL = Path(root.__file__).parent / "schema.graphql"


@pytest.mark.check
def test_the_sdl_is_the_reviewed_one(compare: Callable[[Path, str], None]):
    compare(SDL, root.schema.as_str() + "\n")


def described() -> Iterator[tuple[str, str | None]]:
    """List everything that has a description, or should."""
    for name, kind in CORE.type_map.items():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            yield name, kind.description
            yield from parts(name, kind)
    for directive in CORE.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description


def parts(name: str, kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """List the values of an enum, or the fields of a type with their arguments."""
    below = kind.values if isinstance(kind, GraphQLEnumType) else getattr(kind, "fields", {})
    for part, definition in below.items():
        yield f"{name}.{part}", definition.description
        for argument, given in getattr(definition, "args", {}).items():
            yield f"{name}.{part}({argument}:)", given.description


def test_everything_is_described_in_sentences():
    found = dict(described())
    assert len(found) > 300
    assert [name for name, text in found.items() if not (text or "").endswith(".")] == []
