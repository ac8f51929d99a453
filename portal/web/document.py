"""Documents: parsed, measured and validated, and kept while they are in use."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from portal.errors import Code
from portal.web.limits import Limits, check_variables, too_large
from portal.web.measurement import measure
from resolvers.reading.run import switches_of

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
_NESTED_TOO_DEEPLY = "Syntax Error: Document is nested too deeply. Parsing aborted."
_MOST_ERRORS = 5
# A token costs about a kilobyte once parsed: some hundred megabytes at the very most.
_KEPT_TOKENS: Final = 100_000


class DocumentRefused(Exception):
    """A document that cannot run: GraphQL's own errors under one code."""

    def __init__(self, code: Code, errors: Sequence[GraphQLError]) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation that may run, the document around it and its variables.

    ``switches`` names the variables that decide which fields it has.
    """

    document: DocumentNode
    definition: OperationDefinitionNode
    variables: dict[str, object]
    switches: tuple[str, ...]


@dataclass(slots=True)
class _Kept:
    """A valid document, and the operations whose size no variable changes."""

    document: DocumentNode
    switches: tuple[str, ...]
    measured: set[str | None] = field(default_factory=set)


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
        if operation_name not in entry.measured:
            measurement = measure(document, self._schema, variables, operation_name, self._limits)
            if measurement.fixed and get_operation_ast(document, operation_name):
                entry.measured.add(operation_name)
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
        return Operation(document, definition, variables, entry.switches)

    def _entry(self, source: str) -> _Kept:
        document = self._parsed(source)
        return _Kept(document, switches_of(document))

    def _parsed(self, source: str) -> DocumentNode:
        limits = self._limits
        if len(source) > limits.source:
            raise too_large("source", limits.source)
        try:
            return parse(source, max_lexical_tokens=limits.tokens)
        except GraphQLSyntaxError as error:
            # graphql-core tells these apart from mistakes by their text alone.
            too_many = f"Syntax Error: Document contains more than {limits.tokens} tokens."
            if error.message == f"{too_many} Parsing aborted.":
                raise too_large("tokens", limits.tokens) from None
            if error.message == _NESTED_TOO_DEEPLY:
                raise too_large("depth", limits.depth) from None
            raise DocumentRefused(Code.GRAPHQL_PARSE_FAILED, [error]) from None

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema, document, _RULES, max_errors=_MOST_ERRORS, hide_suggestions=True
        )
        if errors:
            raise DocumentRefused(Code.GRAPHQL_VALIDATION_FAILED, errors)

    def _keep(self, source: str, entry: _Kept) -> None:
        self._kept[source] = entry
        self._kept_tokens += entry.document.token_count
        while self._kept_tokens > _KEPT_TOKENS:
            _, dropped = self._kept.popitem(last=False)
            self._kept_tokens -= dropped.document.token_count
