"""One linear measurement of a document, before validation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
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

from portal.settings.limits import Limits, too_large
from portal.web.graphql.description import lengths_of
from portal.web.graphql.page_size import Pages
from portal.web.graphql.size import Size
from portal.web.graphql.variables import check_literals
from resolvers.points import DESCRIPTION
from schema.fields import weight_of
from schema.verb import is_guarded, is_hashing

_INTROSPECTION_ROOTS = {"__schema": "__Schema", "__type": "__Type"}


@dataclass(frozen=True, slots=True)
class Measurement:
    """The size of the operation that would run.

    ``visited`` is the number of selections looked at in the document, each once however often it
    is spread; ``sized_by`` names the variables that had a part in it.
    """

    size: Size
    visited: int
    sized_by: frozenset[str]


def measure(
    document: DocumentNode,
    schema: GraphQLSchema,
    variables: Mapping[str, object],
    operation_name: str | None,
    limits: Limits,
) -> Measurement:
    """Measure a document and refuse it where it passes a limit.

    Validation reads the whole document, so all of it must keep the limits; the cost alone is of
    the operation that would run, or of each where none would. The walk keeps its own stack, so
    nesting cannot exhaust Python's.
    """
    definitions = document.definitions
    operations = [node for node in definitions if isinstance(node, OperationDefinitionNode)]
    written = [node for node in definitions if isinstance(node, FragmentDefinitionNode)]
    if len(operations) > limits.operations:
        raise too_large("operations", limits.operations)
    if len(written) > limits.fragments:
        raise too_large("fragments", limits.fragments)
    fragments = {node.name.value: node for node in written}
    chosen = get_operation_ast(document, operation_name)
    walk = _Walk(schema, fragments, Pages(chosen, variables, limits), limits)
    size = Size(limits)
    if chosen is not None:
        size = walk.size_of(chosen)
        size.check_cost()
    sized_by = walk.sized_by
    for operation in operations:
        if operation is not chosen:
            walk.size_of(operation)
    for name in fragments:
        walk.size_of_fragment(name)
    return Measurement(size, walk.visited, sized_by)


@dataclass(slots=True)
class _Frame:
    """A selection set under way; ``field`` is None for a fragment, else how its field counts."""

    selections: Iterator[SelectionNode]
    parent: GraphQLNamedType | None
    size: Size
    field: "_Field | None" = None
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    page: float
    weight: int
    introspective: bool


class _Walk:
    """One pass over a document; each fragment is measured once and its size reused."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        pages: Pages,
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._described = lengths_of(schema)
        self._fragments = fragments
        self._pages = pages
        self._limits = limits
        self._measured: dict[str, Size] = {}
        self._stack: list[_Frame] = []
        self.visited = 0

    @property
    def sized_by(self) -> frozenset[str]:
        """The variables that have decided a size so far."""
        return frozenset(self._pages.sized_by)

    def size_of(self, operation: OperationDefinitionNode) -> Size:
        """Measure an operation."""
        size = Size(self._limits)
        self._add_directives(operation.directives, size)
        for variable in operation.variable_definitions or ():
            self._add_directives(variable.directives, size)
            check_literals([variable.default_value] if variable.default_value else [], self._limits)
        root = self._schema.get_root_type(operation.operation)
        self._walk(_Frame(iter(operation.selection_set.selections), root, size))
        size.check_operation()
        return size

    def size_of_fragment(self, name: str) -> None:
        """Measure a fragment that no operation measured so far may have spread."""
        above = _Frame(iter(()), None, Size(self._limits))
        self._enter_fragment(name, above)
        if self._stack:
            self._stack.insert(0, above)
            self._walk()

    def _walk(self, *first: _Frame) -> None:
        self._stack += first
        while True:
            frame = self._stack[-1]
            selection = next(frame.selections, None)
            if selection is not None:
                self.visited += 1
                self._enter(selection, frame)
                continue
            self._stack.pop()
            if not self._stack:
                return
            self._leave(frame, self._stack[-1].size)

    def _enter(self, selection: SelectionNode, frame: _Frame) -> None:
        self._add_directives(selection.directives, frame.size)
        if isinstance(selection, FieldNode):
            self._enter_field(selection, frame)
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            inner = self._schema.get_type(condition.name.value) if condition else frame.parent
            # It selects at the same level, so it counts into the same size.
            self._stack.append(_Frame(iter(selection.selection_set.selections), inner, frame.size))
        elif isinstance(selection, FragmentSpreadNode):
            self._enter_fragment(selection.name.value, frame)

    def _enter_field(self, node: FieldNode, frame: _Frame) -> None:
        if node.alias:
            frame.size.add_alias()
        name = node.name.value
        check_literals((argument.value for argument in node.arguments or ()), self._limits)
        definition, inner = self._definition(name, frame.parent)
        introspective = name in _INTROSPECTION_ROOTS or _is_introspective(frame.parent)
        page: float = 1
        weight = 0
        if introspective:
            page, weight = (
                self._described.get((getattr(frame.parent, "name", ""), name), 1),
                DESCRIPTION,
            )
        elif definition is not None:
            page = self._pages.size_of(node, definition)
            weight = weight_of(definition)
            frame.size.guarded_mutations += is_guarded(definition)
            frame.size.hashing += is_hashing(definition)
        below = iter(node.selection_set.selections if node.selection_set else ())
        field = _Field((node.alias or node.name).value, page, weight, introspective)
        self._stack.append(_Frame(below, inner, Size(self._limits), field))

    def _enter_fragment(self, name: str, frame: _Frame) -> None:
        if (known := self._measured.get(name)) is not None:
            frame.size.include(known)
            return
        # Present while it is under way: a cycle adds nothing here, and validation refuses it.
        self._measured[name] = Size(self._limits)
        if (fragment := self._fragments.get(name)) is not None:
            size = Size(self._limits)
            self._add_directives(fragment.directives, size)
            inner = self._schema.get_type(fragment.type_condition.name.value)
            selections = iter(fragment.selection_set.selections)
            self._stack.append(_Frame(selections, inner, size, fragment=name))

    def _leave(self, frame: _Frame, above: Size) -> None:
        if frame.field is not None:
            field = frame.field
            above.add_field(
                field.name,
                frame.size,
                page=field.page,
                weight=field.weight,
                introspective=field.introspective,
            )
        elif frame.fragment is not None:
            self._measured[frame.fragment] = frame.size
            above.include(frame.size)

    def _definition(
        self, name: str, parent: GraphQLNamedType | None
    ) -> tuple[GraphQLField | None, GraphQLNamedType | None]:
        if name in _INTROSPECTION_ROOTS:
            return None, self._schema.get_type(_INTROSPECTION_ROOTS[name])
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return None, None
        definition = parent.fields.get(name)
        return definition, get_named_type(definition.type) if definition else None

    def _add_directives(self, directives: Iterable[DirectiveNode] | None, size: Size) -> None:
        for directive in directives or ():
            size.add_directives(1)
            check_literals((argument.value for argument in directive.arguments or ()), self._limits)


def _is_introspective(parent: GraphQLNamedType | None) -> bool:
    return parent is not None and parent.name.startswith("__")
