"""The compiled lane: a query as one statement, whose bytes are the answer."""

import logging
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

from permissions.viewing import viewing_of
from portal.database.engines import Database
from portal.models import Base
from portal.viewer import Language, Viewer
from resolvers.context import Context
from resolvers.reading.fallback import FALLBACK, NotCompiled, Refused
from resolvers.reading.finish import Finish, Route
from resolvers.reading.holder import holder_for
from resolvers.reading.paced import PacedExecutor
from resolvers.reading.plan import Answered, Operation, Plan, Plans
from resolvers.reading.prepared import Preparations, Prepared, arguments_of
from resolvers.reading.variables import coerced
from resolvers.reading.writer import ANSWERED_ID


class Query(NamedTuple):
    """A valid operation as it was sent; ``switches`` names the variables that choose its fields."""

    document: DocumentNode
    definition: OperationDefinitionNode
    variables: dict[str, Any]
    switches: tuple[str, ...]

    def operation(self, variables: VariableValues, answered: Answered | None = None) -> Operation:
        """Give it with its variables as their types have them."""
        switches = tuple(variables.coerced.get(name) for name in self.switches)
        return Operation(self.document, self.definition, variables, switches, answered)


class Answer(NamedTuple):
    """The data of an answer as JSON, what went wrong in it, and whose accounts were looked at."""

    data: bytes
    errors: Sequence[GraphQLError] = ()
    touched: AbstractSet[UUID] = frozenset()


_log = logging.getLogger(__name__)
# Of each viewer, of whom there are thousands.
_MOST_ACCOUNTS_KNOWN = 20


class Reading:
    """Answers what compiles; of all else it says that the standard lane is needed."""

    def __init__(
        self, schema: GraphQLSchema, database: Database, language: Language = Language.NL
    ) -> None:
        """Read rows of a database whose operator writes in a language."""
        self._schema = schema
        self._own = {"operator_language": language.lower()}
        self._database = database
        self.plans = Plans(schema)
        self._preparations = Preparations(self.plans)

    async def answer(
        self, query: Query, viewer: Viewer, now: datetime, context: Callable[[], Context]
    ) -> Answer | None:
        """Give the answer to a query; None where the standard lane has to.

        ``context`` is called when Python has a part in the answer.
        """
        try:
            prepared = self.prepared(query, viewer, now)
            return await self.run(query, prepared, viewer, context)
        except FALLBACK as reason:
            self.note_fallback(query, reason)
            return None

    def note_fallback(self, query: Query, reason: Exception) -> None:
        """Note why the standard lane has to answer instead."""
        match reason:
            case NotCompiled():
                self.plans.note_standard(query.definition, str(reason))
            case Refused() | GraphQLError():
                _log.debug("The standard lane says what is wrong with a request.")
            case _:
                _log.warning("A compiled statement failed: %s", reason)

    async def run(
        self,
        query: Query,
        prepared: Prepared,
        viewer: Viewer,
        context: Callable[[], Context],
        route: Route = (),
    ) -> Answer:
        """Run a statement and finish its answer, which stands at a route of the whole."""
        pool = self._database.reading_for(viewer)
        data = await pool.fetch(prepared.statement.text, prepared.arguments)
        if prepared.plan.is_finished:
            return Answer(data)
        finish = Finish(data, viewer, prepared.types, route)
        return await self._finished(prepared.plan, query, finish, context)

    def prepared(self, query: Query, viewer: Viewer, now: datetime) -> Prepared:
        """Give the statement of a query and what it is run with.

        Raises ``NotCompiled`` where it has none, ``Refused`` where its arguments are wrong.
        """
        known = self._preparations.known(query, viewer, now)
        if known is not None:
            return known
        prepared = self.filled(self._operation(query), viewer, now)
        self._preparations.keep(query, viewer, prepared)
        return prepared

    def filled(
        self,
        operation: Operation,
        viewer: Viewer,
        now: datetime,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Prepared:
        """Give the statement of an operation whose variables are known, and what it is run with."""
        plan = self.plans.plan(operation, holder_for(viewer), viewer)
        before = plan.weight
        statement, values, types = plan.filled(operation.variables, viewer)
        if plan.weight != before:
            self.plans.weigh(plan.weight - before)
        values = {**self._own, **values, **more}
        return Prepared(plan, statement, arguments_of(statement, viewer, now, values), types)

    async def account_of(
        self, model: type[Base], id: UUID, viewer: Viewer, now: datetime
    ) -> UUID | None:
        """Give the account of a row; None where the viewer sees no such row.

        A row stays in its account, and whoever changes it sees whether it is still there.
        """
        known: dict[tuple[type[Base], UUID], UUID] = viewer.known.setdefault("account_of", {})
        if (model, id) in known:
            return known[model, id]
        asked = self.plans.account_of(model, viewing_of(viewer))
        arguments = arguments_of(asked, viewer, now, {**self._own, ANSWERED_ID: id})
        found = orjson.loads(await self._database.reading_for(viewer).fetch(asked.text, arguments))
        if not found:
            return None
        if len(known) >= _MOST_ACCOUNTS_KNOWN:
            known.clear()
        return known.setdefault((model, id), UUID(found))

    def _operation(self, query: Query) -> Operation:
        return query.operation(coerced(self._schema, query.definition, query.variables))

    async def _finished(
        self, plan: Plan, query: Query, finish: Finish, context: Callable[[], Context]
    ) -> Answer:
        finish.walk(plan.branch)
        if finish.waiting:
            name = query.definition.name
            executor = PacedExecutor.build(
                self._schema,
                query.document,
                context_value=context(),
                raw_variable_values=query.variables,
                operation_name=name.value if name else None,
                hide_suggestions=True,
            )
            if isinstance(executor, list):
                raise Refused
            await finish.ask(executor)
        return Answer(finish.written(), finish.errors, finish.touched)


def switches_of(document: DocumentNode) -> tuple[str, ...]:
    """Name the variables that decide which fields an operation has."""
    names: dict[str, None] = {}

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode):
                    names[argument.value.name.value] = None

    visit(document, Finder())
    return tuple(names)
