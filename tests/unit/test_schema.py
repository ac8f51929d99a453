"""The schema as it is published: its SDL is reviewed, and everything in it is described."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLNamedType,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

from schema import root
from schema.reference import reference

CORE = root.schema._schema  # noqa: SLF001 -- no public name
SDL = Path(root.__file__).parent / "schema.graphql"
PAGE = SDL.parent.parent / "docs" / "schema.md"


@pytest.mark.check
def test_the_sdl_is_the_reviewed_one(compare: Callable[[Path, str], None]):
    compare(SDL, root.schema.as_str() + "\n")


@pytest.mark.check
def test_the_page_about_the_schema_is_up_to_date(compare: Callable[[Path, str], None]):
    compare(PAGE, reference(CORE))


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


def test_a_reason_says_at_its_input_who_reads_it():
    inputs = {
        name: kind.fields
        for name, kind in CORE.type_map.items()
        if isinstance(kind, GraphQLInputObjectType) and "reason" in kind.fields
    }
    assert len(inputs) > 20
    for name, fields in inputs.items():
        readers = r"(both sides|the customer|managers) reads? it"
        assert re.search(readers, fields["reason"].description), name
        if "internalNote" in fields:
            assert "staff alone read" in fields["internalNote"].description, name
        elif "printed" not in fields["reason"].description:
            # What only managers read needs no note beside it; what is printed is in no history.
            assert "managers read it" in fields["reason"].description, name


# Words that say nothing by themselves.
IDLE = frozenset(
    re.findall(
        r"\w+",
        "a all alone an and any are as at be been by can each every for from her his how i if in is"
        " it its may no not of on one only or so than that the their them then there they this to"
        " was were what when where which who whom will with you your yours",
    )
)


def stems(text: str) -> set[str]:
    """Give the words of a text or a name, without their endings."""
    words = re.findall(r"[a-z]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).lower())
    return {re.sub(r"(ies|es|s|ed|ing)$", "", word) for word in words if word not in IDLE}


def test_every_description_says_more_than_the_name():
    found = {name: stems(text or "") - stems(name) for name, text in described()}
    assert [name for name, more in found.items() if not more] == []


def test_a_description_that_repeats_the_name_is_found():
    assert stems("The app.") - stems("AppAuthorization.app") == set()
    assert stems("That a request was accepted.") - stems("MessageKind.REQUEST_ACCEPTED") == set()
    assert stems("The program that was let in.") - stems("AppAuthorization.app") != set()


def test_everything_is_described_in_sentences():
    found = dict(described())
    assert len(found) > 300
    assert [name for name, text in found.items() if not (text or "").endswith(".")] == []
