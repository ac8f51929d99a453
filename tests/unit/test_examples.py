"""The example operations that GraphiQL offers run on the schema, within the limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from portal.settings.limits import Limits
from portal.viewer import Role
from portal.web.graphiql.page import EXAMPLES
from portal.web.graphql.document import Documents
from schema.root import schema

FILES = sorted(EXAMPLES.iterdir())


def test_every_role_has_examples():
    assert {file.stem.partition("-")[0] for file in FILES} == {role.lower() for role in Role}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_examples_are_valid(file: Path):
    source = file.read_text("utf-8")
    operations = [
        node for node in parse(source).definitions if isinstance(node, OperationDefinitionNode)
    ]
    documents = Documents(schema._schema, Limits())  # noqa: SLF001 -- no public name
    for operation in operations:
        assert operation.name
        assert documents.operation(source, {}, operation.name.value)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_own_ids_has_a_leaf_for_each_variable_that_has_no_value(file: Path):
    source = file.read_text("utf-8")
    operations = {
        node.name.value: node
        for node in parse(source).definitions
        if isinstance(node, OperationDefinitionNode) and node.name
    }
    finder = operations.pop("OwnIds", None)
    found = set(_leaves(finder)) if finder else set()
    asked = {
        variable.variable.name.value
        for operation in operations.values()
        for variable in operation.variable_definitions or ()
        if variable.default_value is None
    }
    assert found == asked


def _leaves(node: OperationDefinitionNode | FieldNode) -> Iterator[str]:
    """Give the name under which each leaf is answered."""
    if node.selection_set is None:
        yield (node.alias or node.name).value
        return
    for field in node.selection_set.selections:
        yield from _leaves(field)
