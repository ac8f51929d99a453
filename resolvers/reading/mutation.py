"""What mutations read in the compiled lane: of which account a row is, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from graphql import GraphQLError, GraphQLObjectType, GraphQLResolveInfo

from portal.language import global_id
from portal.models import Account, OfAccount
from resolvers.context import Context
from resolvers.reading.fallback import FALLBACK
from resolvers.reading.plan import Answered
from resolvers.reading.prepared import Prepared
from resolvers.reading.run import Query, Reading
from resolvers.reading.writer import ANSWERED_ID

_NONE = b"null"


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row that a mutation answers, with all that is asked of it as JSON."""

    data: bytes
    errors: Sequence[GraphQLError]


@dataclass(frozen=True, slots=True)
class MutationReading:
    """Reads for the mutations of one operation."""

    reading: Reading
    query: Query

    async def row(self, info: GraphQLResolveInfo[Any], id: str) -> AnsweredRow | None:
        """Give what a field of the operation asks of the row that answers it.

        None where the standard lane has to, also for a row that the viewer does not see.
        """
        context: Context = info.context
        type_name, row_id = global_id.decode(id) or ("", None)
        if row_id is None or type_name not in context.nodes:
            return None
        try:
            prepared = self.prepared(info, type_name, row_id)
            route = tuple(info.path.as_list())
            answer = await self.reading.run(
                self.query, prepared, context.viewer, lambda: context, route
            )
        except FALLBACK as reason:
            self.reading.note_fallback(self.query, reason)
            return None
        if answer.data == _NONE:
            return None
        context.touched |= answer.touched
        return AnsweredRow(answer.data, answer.errors)

    def prepared(self, info: GraphQLResolveInfo[Any], type_name: str, id: UUID) -> Prepared:
        """Give the statement that reads such a row; NotCompiled where it has none."""
        context: Context = info.context
        kind = cast("GraphQLObjectType", info.schema.type_map[type_name])
        field = Answered(info.path.key, kind, info.field_nodes)
        operation = self.query.operation(info.variable_values, field)
        return self.reading.filled(operation, context.viewer, context.now, {ANSWERED_ID: id})

    async def account_of(self, context: Context, type_name: str, id: UUID) -> UUID | None:
        """Give the account of a row that the viewer may see; None for any other row."""
        model = context.nodes[type_name]
        if not issubclass(model, (Account, OfAccount)):
            return None
        return await self.reading.account_of(model, id, context.viewer, context.now)
