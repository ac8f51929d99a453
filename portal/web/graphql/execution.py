"""Executing one operation for one viewer."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from inspect import isawaitable
from uuid import UUID

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType, execute
from orjson import Fragment

from portal.errors import Code, TimedOut
from portal.installation import Installation
from portal.language.phrase import Seconds
from portal.settings.limits import Limits
from portal.viewer import Role, Viewer
from portal.web import failure
from portal.web.graphql.document import DocumentRefused, Documents, Operation
from portal.web.graphql.introspection import executor_showing
from portal.web.graphql.persisted import PersistedQueries, Sources
from portal.web.graphql.request import GraphQLRequest
from portal.web.graphql.variables import check_text
from resolvers.context import Arrival, Context
from resolvers.points import Meter
from resolvers.reading.mutation import MutationReading
from resolvers.reading.plan import Plans
from resolvers.reading.run import Query, Reading


class Execution:
    """One schema on one database: what may run, and the answer when it has."""

    def __init__(  # noqa: PLR0913  (how one installation differs from another, by name)
        self,
        schema: GraphQLSchema,
        installation: Installation,
        limits: Limits,
        *,
        sources: Sources | None = None,
        shown: Mapping[Role, GraphQLSchema] | None = None,
        compiled: bool = True,
    ) -> None:
        """Run operations on a schema; introspection shows each role the one in ``shown``."""
        self._reading = (
            Reading(schema, installation.database, installation.language) if compiled else None
        )
        self._sources = sources or PersistedQueries()
        self._schema = schema
        self._executor = executor_showing(shown or {})
        self._installation = installation
        self._limits = limits
        self._documents = Documents(schema, limits)

    @property
    def plans(self) -> Plans | None:
        """The plans of the compiled lane; None where it is off."""
        return self._reading.plans if self._reading else None

    def prepare(self, request: GraphQLRequest) -> Operation:
        """Find the text, measure, parse and validate; the one way in for every transport.

        DocumentRefused or a PortalError where it may not run.
        """
        for sent in (request.operation_name, request.document_id, request.sha256):
            check_text(sent, self._limits)
        text = self._sources.text_of(request)
        operation = self._documents.operation(text, request.variables, request.operation_name)
        self._sources.keep(request, text)
        return operation

    async def perform(
        self,
        operation: Operation,
        viewer: Viewer,
        arrival: Arrival,
        touched: set[UUID] | None = None,
        meter: Meter | None = None,
    ) -> dict[str, object]:
        """Give the response map; without ``data`` when the operation did not begin.

        ``touched`` takes in the accounts of which a guarded field was answered, ``meter`` the work
        of Python.

        Values of variables that do not fit their types are GRAPHQL_VALIDATION_FAILED, like
        literals that do not: a program can know both from the schema.
        """
        query = operation.query
        context: Context | None = None

        def opened() -> Context:
            nonlocal context
            if context is None:
                context = Context(self._installation, viewer, arrival)
                context.touched = context.touched if touched is None else touched
                context.meter = meter or context.meter
                if self._reading is not None:
                    context.compiled = MutationReading(self._reading, query)
            return context

        try:
            async with asyncio.timeout(self._limits.seconds):
                is_query = query.definition.operation is OperationType.QUERY
                if is_query and self._reading is not None:
                    answer = await self._reading.answer(
                        query, viewer, arrival.at + arrival.shift, opened
                    )
                    if answer is not None:
                        if touched is not None:
                            touched |= answer.touched
                        return self._answered(Fragment(answer.data), answer.errors, viewer)
                result = await self._result(query, opened())
        except TimeoutError:
            late = TimedOut(
                "The operation took longer than {seconds}.",
                seconds=Seconds(self._limits.seconds),
            )
            return {"errors": failure.described(late, viewer.language)}
        finally:
            if context is not None:
                await context.close()
        return self._response(result, viewer)

    async def _result(self, query: Query, context: Context) -> ExecutionResult:
        name = query.definition.name
        result = execute(
            self._schema,
            query.document,
            context_value=context,
            variable_values=query.variables,
            operation_name=name.value if name else None,
            executor_class=self._executor,
            hide_suggestions=True,
        )
        return await result if isawaitable(result) else result

    def _response(self, result: ExecutionResult, viewer: Viewer) -> dict[str, object]:
        errors = result.errors or []
        if result.data is None and not any(error.path for error in errors):
            code = Code.GRAPHQL_VALIDATION_FAILED
            return {"errors": failure.of_document(errors, code, viewer.language)}
        return self._answered(result.data, errors, viewer)

    def _answered(
        self, data: object, errors: Sequence[GraphQLError], viewer: Viewer
    ) -> dict[str, object]:
        response: dict[str, object] = {"data": data}
        if errors:
            response |= self._field_errors(errors, viewer)
        return response

    def _field_errors(self, errors: Iterable[GraphQLError], viewer: Viewer) -> dict[str, object]:
        collected = failure.Collected(viewer.language, self._limits.listed_errors)
        for error in errors:
            collected.add(error)
        listed: dict[str, object] = {"errors": collected.entries}
        if collected.omitted:
            listed["extensions"] = {"errorsOmitted": collected.omitted}
        return listed


def refusal_of(refused: DocumentRefused, viewer: Viewer) -> dict[str, object]:
    """Give the response map for a document that cannot run."""
    return {"errors": failure.of_document(refused.errors, refused.code, viewer.language)}
