"""Page sizes: how many times a field's selection counts, by the page it asks for."""

import math
from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLOutputType,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_list_type,
)

from portal.settings.limits import Limits, too_large
from portal.web.graphql.size import CEILING
from resolvers.page import DEFAULT_SIZE
from schema.fields import usual_length

_LONGEST_NUMBER = 9
# A list that cannot be asked for in part is short by nature.
_SHORT = 5


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

    def size_of(self, node: FieldNode, definition: GraphQLField) -> int:
        """Give how much a field answers: as much as its arguments ask for, or what is usual.

        Whatever they are called: numbers say how much, and a list asks for each of its items.
        """
        if not _answers_several(definition.type):
            return 1
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        sizes = []
        for name, argument in definition.args.items():
            if is_list_type(get_nullable_type(argument.type)):
                return self._length(given.get(name))
            if get_nullable_type(argument.type) is GraphQLInt:
                sizes.append(self._number(given.get(name)))
        asked = [size for size in sizes if size is not None]
        size = max(1, *asked) if asked else _usual_length(definition, is_sized=bool(sizes))
        if size > self._limits.page:
            raise too_large("page", self._limits.page)
        return size

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


def _usual_length(definition: GraphQLField, *, is_sized: bool) -> int:
    declared = usual_length(definition)
    if declared is not None:
        return declared
    if is_sized:
        return DEFAULT_SIZE
    return _SHORT


def _answers_several(kind: GraphQLOutputType) -> bool:
    """Whether a field answers a list, or a page of one."""
    bare = get_nullable_type(kind)
    return is_list_type(bare) or (isinstance(bare, GraphQLObjectType) and "edges" in bare.fields)
