"""Introspection: each role is shown the schema that it may use."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import AwaitableOrValue, Path
from typing_extensions import override

from permissions.fields import allowed
from permissions.visible_schema import visible_schema
from portal.settings.settings import Introspection
from portal.viewer import Role, Viewer
from portal.web.graphql.row_executor import RowExecutor
from resolvers.points import DESCRIPTION

_ROOTS = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}
_LOGGED_IN = allowed(*(role for role in Role if role is not Role.ANONYMOUS))


def shown_schemas(
    whole: GraphQLSchema, introspection: Introspection
) -> Mapping[Role, GraphQLSchema]:
    """Give the schema that each role is shown; a role that is shown none is left out."""
    return {
        role: visible_schema(whole, role)
        for role in Role
        if introspection is Introspection.EVERYONE or role is not Role.ANONYMOUS
    }


def executor_showing(shown: Mapping[Role, GraphQLSchema]) -> type[RowExecutor]:
    """Give an executor whose introspection answers from these schemas alone."""

    class Executor(RowExecutor):
        """Runs operations on the whole schema, and describes the viewer's."""

        @override
        def execute_field(
            self,
            parent_type: GraphQLObjectType,
            source: Any,
            field_details_list: FieldDetailsList,
            path: Path,
            position_context: Any,
        ) -> AwaitableOrValue[Any]:
            """Refuse to describe the schema to a role that is shown none."""
            name = field_details_list[0].node.name.value
            viewer: Viewer = self.context_value.viewer
            if name in _ROOTS or parent_type.name.startswith("__"):
                self.context_value.meter.work += DESCRIPTION
            if name in _ROOTS and viewer.role not in shown:
                refusal = _LOGGED_IN.refusal(viewer, name)
                self.handle_field_error(refusal, _ROOTS[name].type, field_details_list, path)
                return None
            return super().execute_field(
                parent_type, source, field_details_list, path, position_context
            )

        @override
        def build_resolve_info(
            self,
            field_def: Any,
            field_nodes: list[FieldNode],
            parent_type: GraphQLObjectType,
            path: Path,
        ) -> GraphQLResolveInfo[Any]:
            """Let the fields of introspection see the viewer's schema."""
            info = super().build_resolve_info(field_def, field_nodes, parent_type, path)
            if info.field_name in _ROOTS or parent_type.name.startswith("__"):
                return info._replace(schema=shown[self.context_value.viewer.role])
            return info

    return Executor
