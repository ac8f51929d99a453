"""GraphQL's executor, which takes a row that the compiled lane has read as it is."""

from typing import Any

from graphql import GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path
from orjson import Fragment
from typing_extensions import override

from resolvers.reading.mutation import AnsweredRow
from resolvers.reading.paced import PacedExecutor


class RowExecutor(PacedExecutor):
    """Puts the JSON of such a row in its place, and its errors beside all others."""

    @override
    def complete_abstract_value(
        self,
        return_type: Any,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: None,
    ) -> AwaitableOrValue[Any]:
        """Take the type of such a row from the row."""
        if isinstance(result, AnsweredRow):
            return self._completed(result)
        return super().complete_abstract_value(
            return_type, field_details_list, info, path, result, position_context
        )

    @override
    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: None,
    ) -> AwaitableOrValue[Any]:
        """Take everything below such a row as it was read."""
        if isinstance(result, AnsweredRow):
            return self._completed(result)
        return super().complete_object_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _completed(self, row: AnsweredRow) -> Fragment:
        self.collected_errors.errors.extend(row.errors)
        return Fragment(row.data)
