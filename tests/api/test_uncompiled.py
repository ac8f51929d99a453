"""The doctor names the operations that take the standard lane."""

import pytest

from portal.commands.uncompiled import uncompiled, uncompiled_in
from portal.database.engines import Database
from portal.viewer import Role
from resolvers.reading.run import Reading
from schema.root import schema


@pytest.fixture
def reading(addresses):
    return Reading(schema._schema, Database(addresses))  # noqa: SLF001 -- no public name


def test_every_example_is_compiled(addresses):
    assert list(uncompiled(addresses)) == []


READERS = [Role.CUSTOMER, Role.EMPLOYEE, Role.MANAGER, Role.PARTNER]


@pytest.mark.parametrize(
    ("operation", "name", "roles"),
    [
        ("query Q($id: ID!) { viewer { role } MORE account(id: $id) { name } }", "Q", list(Role)),
        ("query Q($id: ID!) { node(id: $id) { ...on Contract { id MORE } } }", "Q", list(Role)),
        ("query Q($id: ID!) { account(id: $id) { contract { id MORE } } }", "Q", READERS),
        (
            "mutation { updateContract(input: {}) { ...on Contract { id MORE } } }",
            "An operation",
            list(Role),
        ),
    ],
)
def test_what_has_no_statement_is_named(reading, operation, name, roles):
    assert list(uncompiled_in(operation.replace("MORE", ""), reading)) == []
    found = list(uncompiled_in(operation.replace("MORE", "__schema { description }"), reading))
    assert found == [f"{name} is not compiled for {role}: introspection." for role in roles]
