"""What cannot be guarded stops the start: a field without a resolver, and without an access."""

import pytest
import strawberry

from permissions.definition import definition_of
from permissions.fields import EVERYONE
from permissions.guards import UndeclaredAccess, access_of, guard


def small_schema():
    """Give a schema of one query and one mutation."""

    def answer() -> int | None:
        return 1

    def field():
        return strawberry.field(resolver=answer, **EVERYONE.options())

    query = strawberry.type(type("Query", (), {"answer": field(), "__annotations__": {}}))
    mutation = strawberry.type(type("Mutation", (), {"change": field(), "__annotations__": {}}))
    return strawberry.Schema(query, mutation)


@pytest.mark.parametrize(
    ("type_name", "field", "sentence"),
    [
        ("Query", "answer", "Query.answer has no resolver."),
        ("Mutation", "change", "Mutation.change has no resolver."),
    ],
)
def test_a_field_that_nothing_answers_stops_the_start(type_name, field, sentence):
    schema = small_schema()
    guard(schema)
    schema._schema.type_map[type_name].fields[field].resolve = None  # noqa: SLF001 -- no public name
    with pytest.raises(UndeclaredAccess) as refused:
        guard(schema)
    assert str(refused.value) == sentence


def test_the_access_of_what_declares_none_is_not_guessed():
    field = small_schema()._schema.query_type.fields["answer"]  # noqa: SLF001 -- no public name
    assert access_of(field) is EVERYONE
    definition_of(field).metadata = {}
    with pytest.raises(UndeclaredAccess):
        access_of(field)
