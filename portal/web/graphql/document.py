"""Documents: parsed, measured and validated, and kept while they are in use."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from portal.errors import Code
from portal.settings.limits import Limits, too_large
from portal.web.graphql.measurement import measure
from portal.web.graphql.page_size import sizes
from portal.web.graphql.variables import check_variables
from resolvers.reading.run import Query, switches_of

_RULES = (*specified_rules, MaybeNullValidationRule)
_TOO_LARGE = {
    "tokens": "Syntax Error: Document contains more than {} tokens. Parsing aborted.",
    "comments": "Syntax Error: Document contains more than {} comments. Parsing aborted.",
    "depth": "Syntax Error: Document is nested too deeply. Parsing aborted.",
}
_MOST_ERRORS = 5
# The only rule that is not linear counts its comparisons. Ten times what a document within the
# limits was seen to need: a worse one is refused instead of compared to its end.
overlapping.MAX_COMPLEXITY_BUDGET = 50_000
# A token costs about a kilobyte once parsed, and some microseconds of each whole collection of
# garbage, amid a request: fifty megabytes and a sixth of a second at the very most.
_KEPT_TOKENS: Final = 50_000
_MOST_COSTS: Final = 100


class DocumentRefused(Exception):
    """A document that cannot run: GraphQL's own errors under one code."""

    def __init__(self, code: Code, errors: Sequence[GraphQLError]) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors


class Operation(NamedTuple):
    """One operation that may run, its cost, and whether it hashes a password."""

    query: Query
    cost: int
    is_hashing: bool


class _Cost(NamedTuple):
    """What is known of an operation with such variables."""

    cost: int
    is_hashing: bool


@dataclass(frozen=True, slots=True)
class _Costs:
    """What an operation costs, by the sizes that some of its variables give it."""

    sized_by: frozenset[str]
    known: dict[tuple[object, ...], _Cost] = field(default_factory=dict)

    def of(self, variables: Mapping[str, object]) -> _Cost | None:
        """Give the cost with such variables; None where it is not known."""
        return self.known.get(sizes(self.sized_by, variables))

    def keep(self, variables: Mapping[str, object], cost: _Cost) -> None:
        """Keep the cost with such variables."""
        if len(self.known) >= _MOST_COSTS:
            self.known.clear()
        self.known[sizes(self.sized_by, variables)] = cost


@dataclass(slots=True)
class _Kept:
    """A valid document, and the costs of its operations by their names."""

    document: DocumentNode
    switches: tuple[str, ...]
    costs: dict[str | None, _Costs] = field(default_factory=dict)


class Documents:
    """The documents of one schema; the valid ones used last are kept parsed."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._kept_tokens = 0

    def operation(
        self, source: str, variables: dict[str, object], operation_name: str | None
    ) -> Operation:
        """Give the operation to run; DocumentRefused or QueryTooLarge where there is none."""
        check_variables(variables, self._limits)
        kept = self._kept.get(source)
        entry = kept or self._entry(source)
        document = entry.document
        costs = entry.costs.get(operation_name)
        cost = costs.of(variables) if costs else None
        if cost is None:
            measurement = measure(document, self._schema, variables, operation_name, self._limits)
            size = measurement.size
            cost = _Cost(size.cost, size.hashing > 0)
            if get_operation_ast(document, operation_name):
                costs = entry.costs.setdefault(operation_name, _Costs(measurement.sized_by))
                costs.keep(variables, cost)
        if kept is None:
            self._validate(document)
            self._keep(source, entry)
        else:
            self._kept.move_to_end(source)
        definition = get_operation_ast(document, operation_name)
        if definition is None:
            message = (
                f"The document has no operation named '{operation_name}'."
                if operation_name
                else "The document has several operations: name the one to run."
            )
            raise DocumentRefused(Code.GRAPHQL_VALIDATION_FAILED, [GraphQLError(message)])
        return Operation(Query(document, definition, variables, entry.switches), *cost)

    def _entry(self, source: str) -> _Kept:
        document = self._parsed(source)
        return _Kept(document, switches_of(document))

    def _parsed(self, source: str) -> DocumentNode:
        limits = self._limits
        if len(source) > limits.source:
            raise too_large("source", limits.source)
        try:
            return parse(
                source,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.comments,
                allow_empty_selection_sets=False,
            )
        except GraphQLSyntaxError as error:
            # graphql-core tells these apart from mistakes by their text alone.
            for name, text in _TOO_LARGE.items():
                if error.message == text.format(getattr(limits, name)):
                    raise too_large(name, getattr(limits, name)) from None
            raise DocumentRefused(Code.GRAPHQL_PARSE_FAILED, [error]) from None

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema, document, _RULES, max_errors=_MOST_ERRORS, hide_suggestions=True
        )
        if errors:
            raise DocumentRefused(Code.GRAPHQL_VALIDATION_FAILED, errors)

    def _keep(self, source: str, entry: _Kept) -> None:
        _unchain(entry.document)
        self._kept[source] = entry
        self._kept_tokens += entry.document.token_count
        while self._kept_tokens > _KEPT_TOKENS:
            _, dropped = self._kept.popitem(last=False)
            self._kept_tokens -= dropped.document.token_count


def _unchain(document: DocumentNode) -> None:
    """Cut the tokens apart: in a circle, they would wait for a whole collection to be freed."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token = following
