"""One linear measurement of an operation, before validation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
    get_operation_ast,
)

from portal.web.limits import Limits, too_large
from portal.web.page import CEILING, Pages

_INTROSPECTION_ROOTS = {"__schema": "__Schema", "__type": "__Type"}


@dataclass(slots=True)
class Measurement:
    """The size of a selection with its fragments expanded.

    ``visited`` is the number of selections looked at, each once however often it is spread;
    ``fixed`` says that no variable had a part in it.
    """

    depth: int = 0
    introspection_depth: int = 0
    aliases: int = 0
    cost: int = 0
    visited: int = 0
    fixed: bool = True

    def include(self, other: "Measurement") -> None:
        """Add what a fragment selects at this level."""
        self.depth = max(self.depth, other.depth)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.aliases = min(self.aliases + other.aliases, CEILING)
        self.cost = min(self.cost + other.cost, CEILING)

    def add_field(self, below: "Measurement", *, page: int, introspective: bool) -> None:
        """Add one field and what it selects, ``page`` times."""
        if introspective:
            level = 1 + below.introspection_depth
            self.introspection_depth = max(self.introspection_depth, level)
        else:
            self.depth = max(self.depth, 1 + below.depth)
            self.introspection_depth = max(self.introspection_depth, below.introspection_depth)
        self.aliases = min(self.aliases + below.aliases, CEILING)
        self.cost = min(self.cost + 1 + page * below.cost, CEILING)


def measure(
    document: DocumentNode,
    schema: GraphQLSchema,
    variables: Mapping[str, object],
    operation_name: str | None,
    limits: Limits,
) -> Measurement:
    """Measure the operation that would run and refuse it where it passes a limit.

    Where none would run (unknown or missing name), every operation is measured. The walk keeps
    its own stack, so nesting cannot exhaust Python's.
    """
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    chosen = get_operation_ast(document, operation_name)
    operations = [chosen] if chosen else _operations_of(document)
    largest = Measurement()
    for operation in operations:
        measurement = _Walk(schema, fragments, variables, operation, limits).result()
        for name in ("depth", "introspection_depth", "aliases", "cost"):
            if getattr(measurement, name) > getattr(limits, name):
                raise too_large(name, getattr(limits, name))
        largest.include(measurement)
        largest.visited += measurement.visited
        largest.fixed = largest.fixed and measurement.fixed
    return largest


def _operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


@dataclass(slots=True)
class _Frame:
    """A selection set under way: ``page`` is None for a fragment, else its field's page."""

    selections: Iterator[SelectionNode]
    parent: GraphQLNamedType | None
    page: int | None = None
    introspective: bool = False
    fragment: str | None = None
    measurement: Measurement = field(default_factory=Measurement)


class _Walk:
    """One pass over one operation; each fragment is measured once and its result reused."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
        operation: OperationDefinitionNode,
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._pages = Pages(operation, variables, limits)
        self._measured: dict[str, Measurement] = {}
        self._visited = 0
        root = schema.get_root_type(operation.operation)
        self._stack = [_Frame(iter(operation.selection_set.selections), root)]

    def result(self) -> Measurement:
        """Walk to the end."""
        while True:
            frame = self._stack[-1]
            selection = next(frame.selections, None)
            if selection is not None:
                self._visited += 1
                self._enter(selection, frame)
                continue
            self._stack.pop()
            if not self._stack:
                frame.measurement.visited = self._visited
                frame.measurement.fixed = self._pages.fixed
                return frame.measurement
            self._leave(frame, self._stack[-1].measurement)

    def _enter(self, selection: SelectionNode, frame: _Frame) -> None:
        if isinstance(selection, FieldNode):
            self._enter_field(selection, frame)
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else frame.parent
            self._stack.append(_Frame(iter(selection.selection_set.selections), inner))
        elif isinstance(selection, FragmentSpreadNode):
            self._enter_fragment(selection.name.value, frame)

    def _enter_field(self, node: FieldNode, frame: _Frame) -> None:
        if node.alias:
            frame.measurement.aliases += 1
        name = node.name.value
        definition, inner = self._definition(name, frame.parent)
        introspective = name in _INTROSPECTION_ROOTS or _is_introspective(frame.parent)
        page = (
            self._pages.size_of(node, definition, introspective=introspective) if definition else 1
        )
        below = iter(node.selection_set.selections if node.selection_set else ())
        self._stack.append(_Frame(below, inner, page=page, introspective=introspective))

    def _enter_fragment(self, name: str, frame: _Frame) -> None:
        if (known := self._measured.get(name)) is not None:
            frame.measurement.include(known)
            return
        # Present while it is under way: a cycle adds nothing here, and validation refuses it.
        self._measured[name] = Measurement()
        if (fragment := self._fragments.get(name)) is not None:
            inner = self._schema.get_type(fragment.type_condition.name.value)
            selections = iter(fragment.selection_set.selections)
            self._stack.append(_Frame(selections, inner, fragment=name))

    def _leave(self, frame: _Frame, above: Measurement) -> None:
        if frame.page is not None:
            above.add_field(frame.measurement, page=frame.page, introspective=frame.introspective)
            return
        if frame.fragment is not None:
            self._measured[frame.fragment] = frame.measurement
        above.include(frame.measurement)

    def _definition(
        self, name: str, parent: GraphQLNamedType | None
    ) -> tuple[GraphQLField | None, GraphQLNamedType | None]:
        if name in _INTROSPECTION_ROOTS:
            return None, self._schema.get_type(_INTROSPECTION_ROOTS[name])
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return None, None
        definition = parent.fields.get(name)
        return definition, get_named_type(definition.type) if definition else None


def _is_introspective(parent: GraphQLNamedType | None) -> bool:
    return parent is not None and parent.name.startswith("__")
