"""GraphQL's executor, at the pace of its operation, and once for what is equal."""

from typing import Any

from graphql import GraphQLList, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor_throwing_on_incremental import ExecutorThrowingOnIncremental
from graphql.pyutils import AwaitableOrValue, Path
from typing_extensions import override

from resolvers.reading.merged import Merged


class PacedExecutor(ExecutorThrowingOnIncremental):
    """Leaves the objects for later that come after a stretch of work."""

    @override
    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """Complete a list, what is merged in it once and in each of its places."""
        completed = super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )
        if not isinstance(result, Merged) or len(result) == len(result.at):
            return completed
        return self._in_places(completed, result, path)

    async def _in_places(self, completed: Any, merged: Merged, path: Path) -> list[Any]:
        items = await completed if self.is_awaitable(completed) else completed
        errors = self.collected_errors.errors
        errors[:] = merged.errors_in_place(errors, path.as_list())
        return [items[number] for number in merged.at]

    @override
    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        """Complete an object now, or in its turn."""
        if not self.context_value.pace.is_over:
            return super().complete_object_value(
                return_type, field_details_list, info, path, result, position_context
            )
        return self._later(return_type, field_details_list, info, path, result, position_context)

    async def _later(self, *given: Any) -> Any:
        await self.context_value.pace.turn()
        completed = super().complete_object_value(*given)
        return await completed if self.is_awaitable(completed) else completed
