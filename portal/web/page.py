"""How many times a field's selection counts: the size of the page it asks for."""

import math
from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    is_list_type,
)

from portal.limits import Limits, too_large
from portal.web.size import CEILING
from resolvers.page import DEFAULT_SIZE

_LONGEST_NUMBER = 9


class Pages:
    """The page sizes of one operation with its variables.

    ``sized_by`` names the variables that have decided one so far.
    """

    def __init__(
        self,
        operation: OperationDefinitionNode | None,
        variables: Mapping[str, object],
        limits: Limits,
    ) -> None:
        self._variables = variables
        self._defaults = {
            node.variable.name.value: node.default_value
            for node in (operation.variable_definitions if operation else None) or ()
        }
        self._limits = limits
        self.sized_by: set[str] = set()

    def size_of(self, node: FieldNode, definition: GraphQLField, *, introspective: bool) -> int:
        """Give 1 for a plain field, and what a connection or a list of ids asks for."""
        if introspective:
            return self._limits.introspection_page if _is_list(definition) else 1
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        if "ids" in definition.args:
            return self._length(given.get("ids"))
        if "first" in definition.args and "last" in definition.args:
            sizes = (self._number(given.get(name)) for name in ("first", "last"))
            asked = [size for size in sizes if size is not None]
            size = max(1, *asked) if asked else DEFAULT_SIZE
            if size > self._limits.page:
                raise too_large("page", self._limits.page)
            return size
        return 1

    def _number(self, node: ValueNode | None) -> int | None:
        value = self._value(node)
        if isinstance(value, IntValueNode):
            return int(value.value) if len(value.value) <= _LONGEST_NUMBER else CEILING
        # GraphQL takes 100.0 for an Int, so it must count like one.
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return int(min(value, CEILING)) if math.isfinite(value) else CEILING
        return None

    def _length(self, node: ValueNode | None) -> int:
        value = self._value(node)
        if isinstance(value, ListValueNode):
            return max(1, len(value.values))
        return max(1, len(value)) if isinstance(value, list) else 1

    def _value(self, node: ValueNode | None) -> object:
        """Give the literal, or what the request (or else the document) says of a variable."""
        if not isinstance(node, VariableNode):
            return node
        name = node.name.value
        self.sized_by.add(name)
        return self._variables[name] if name in self._variables else self._defaults.get(name)


def sizes(names: Iterable[str], variables: Mapping[str, object]) -> tuple[object, ...]:
    """Give what variables say of sizes: requests in which that is equal have equal sizes."""
    return tuple(_size(variables[name]) if name in variables else () for name in names)


def _size(value: object) -> object:
    if isinstance(value, list):
        return list, len(value)
    # True is 1 to a dictionary, and no size.
    return (type(value), value) if isinstance(value, (int, float)) else None


def _is_list(definition: GraphQLField) -> bool:
    inner = definition.type
    return is_list_type(inner.of_type if isinstance(inner, GraphQLNonNull) else inner)
