"""Plans: what is known of an operation before its variables come, kept while it is in use."""

import logging
from collections import Counter, OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from permissions.viewing import Viewing, viewing_of
from portal.models import Base
from portal.viewer import Viewer
from resolvers.reading.arguments import Arguments, Shape
from resolvers.reading.collect import Collection
from resolvers.reading.fallback import INTROSPECTION, NotCompiled
from resolvers.reading.finish import branch_of
from resolvers.reading.fragment import Fragments
from resolvers.reading.holder import Holder
from resolvers.reading.statement import Statement, account_statement, statement

# Characters of SQL; with its tree a plan takes about ten times as many bytes.
MOST_TEXT = 2_000_000
MOST_PLANS = 1_000
_MOST_STATEMENTS = 20
_MOST_NOTED = 100
_LONGEST_NAME = 60

_log = logging.getLogger(__name__)


class Operation(NamedTuple):
    """An operation that is to run, with its variables as their types have them.

    ``switches`` are the values of those that decide which fields it has.
    """

    document: DocumentNode
    definition: OperationDefinitionNode
    variables: VariableValues
    switches: tuple[Any, ...]
    answered: "Answered | None" = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A field of an operation, under its response key, that a row of a type answers."""

    key: str | int
    kind: GraphQLObjectType
    nodes: Sequence[FieldNode]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan under the identity of its operation, which must live as long."""

    definition: OperationDefinitionNode
    plan: "Plan | NotCompiled"


class Plan:
    """One operation for one kind of viewer, and a statement for each shape of its arguments.

    Of a mutation it is what one field answers.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        asked: Operation,
        holder: Holder,
        fragments: Fragments,
    ) -> None:
        details = {
            node.name.value: FragmentDetails(node)
            for node in asked.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        collection = Collection(schema, details, asked.definition, asked.variables, holder)
        answered = asked.answered
        root = collection.row(answered.kind, answered.nodes) if answered else collection.root()
        self._root = root
        self._fragments = fragments
        self._statements: OrderedDict[tuple[Shape, ...], Statement] = OrderedDict()
        self._arguments = [Arguments(schema, site) for site in collection.sites]
        self.branch = branch_of(root)
        self.is_finished = self.branch.is_empty
        self.weight = 0

    def filled(
        self, variables: VariableValues, viewer: Viewer
    ) -> tuple[Statement, Mapping[str, Any], Mapping[int, Any]]:
        """Give the statement for a request's variables, and the values of their parameters.

        The last part says what types the ids of a field stand for.
        """
        shapes: list[Shape] = []
        values: dict[str, Any] = {}
        types: dict[int, Any] = {}
        for number, arguments in enumerate(self._arguments):
            given = arguments.given(variables, viewer)
            shapes.append(given.shape)
            values.update(given.values)
            if given.types is not None:
                types[number] = given.types
        key = tuple(shapes)
        found = self._statements.get(key)
        if found is None:
            found = self._statements[key] = statement(self._root, shapes, self._fragments)
            self.weight += len(found.text)
            if len(self._statements) > _MOST_STATEMENTS:
                _, dropped = self._statements.popitem(last=False)
                self.weight -= len(dropped.text)
        elif len(self._statements) > 1:
            self._statements.move_to_end(key)
        return found, values, types


class Plans:
    """The plans that were used last, and how often one was there already.

    ``planned`` counts what was new: operations, and shapes of their arguments. ``standard`` counts
    the operations that had no plan, by their name and what was in the way.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._weight = 0
        self._fragments: dict[Viewing, Fragments] = {}
        self._accounts: dict[tuple[type[Base], Viewing], Statement] = {}
        self.hits = 0
        self.misses = 0
        self.planned = 0
        self.standard: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return len(self._kept)

    def note_standard(self, operation: OperationDefinitionNode, reason: str) -> None:
        """Count an operation that had to take the standard lane, by its name and the reason."""
        if reason == INTROSPECTION:
            return
        name = operation.name.value[:_LONGEST_NAME] if operation.name else "without a name"
        if (name, reason) not in self.standard:
            if len(self.standard) >= _MOST_NOTED:
                self.standard["others", "others"] += 1
                return
            _log.info("The operation %s takes the standard lane: %s.", name, reason)
        self.standard[name, reason] += 1

    def plan(self, asked: Operation, holder: Holder, viewer: Viewer) -> Plan:
        """Give the plan of an operation for a kind of viewer; NotCompiled where it has none."""
        answered = asked.answered
        field = (answered.key, answered.kind.name) if answered else None
        key = (id(asked.definition), field, holder, asked.switches)
        kept = self._kept.get(key)
        if kept is None:
            self.misses += 1
            kept = self._kept[key] = _Kept(asked.definition, self._made(asked, holder, viewer))
            self._trim()
        else:
            self.hits += 1
            self._kept.move_to_end(key)
        if isinstance(kept.plan, NotCompiled):
            raise kept.plan
        return kept.plan

    def account_of(self, model: type[Base], viewing: Viewing) -> Statement:
        """Give the statement that finds the account of a row."""
        found = self._accounts.get((model, viewing))
        if found is None:
            found = account_statement(model, self._fragments_for(viewing))
            self._accounts[model, viewing] = found
        return found

    def _fragments_for(self, viewing: Viewing) -> Fragments:
        return self._fragments.setdefault(viewing, Fragments(viewing))

    def weigh(self, more: int) -> None:
        """Take note of the text of a new statement."""
        self._weight += more
        self._trim()

    def _made(self, asked: Operation, holder: Holder, viewer: Viewer) -> Plan | NotCompiled:
        viewing = viewing_of(viewer)
        fragments = self._fragments_for(viewing)
        try:
            return Plan(self._schema, asked, holder, fragments)
        except NotCompiled as reason:
            return NotCompiled(*reason.args)

    def _trim(self) -> None:
        self.planned += 1
        while len(self._kept) > MOST_PLANS or (self._weight > MOST_TEXT and len(self._kept) > 1):
            _, dropped = self._kept.popitem(last=False)
            if isinstance(dropped.plan, Plan):
                self._weight -= dropped.plan.weight
