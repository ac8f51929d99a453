"""The example operations that GraphiQL offers run on the schema, within the limits."""

import pytest
from graphql import OperationDefinitionNode, parse

from portal.limits import Limits
from portal.viewer import Role
from portal.web.document import Documents
from portal.web.graphiql import EXAMPLES
from schema.root import schema


def test_every_role_has_examples():
    assert {file.stem for file in EXAMPLES.iterdir()} == {role.lower() for role in Role}


@pytest.mark.parametrize("role", list(Role))
def test_the_examples_are_valid(role: Role):
    source = (EXAMPLES / f"{role.lower()}.graphql").read_text("utf-8")
    operations = [
        node for node in parse(source).definitions if isinstance(node, OperationDefinitionNode)
    ]
    documents = Documents(schema._schema, Limits())  # noqa: SLF001 -- no public name
    for operation in operations:
        assert operation.name
        assert documents.operation(source, {}, operation.name.value)
