"""What the mutation of a form takes: of each control its type, its values, its limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_required_input_field,
    type_from_ast,
)

# Under which extension an input field has its length.
_LENGTH = "length"


@dataclass
class MutationInput:
    """The input of a mutation; a control is named by the path of its field."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode

    @property
    def fields(self) -> Mapping[str, Any]:
        """Give the fields of the input itself."""
        fields: Mapping[str, Any] = self._type().fields
        return fields

    def kind(self, name: str) -> str:
        """Give the name of the type of what a control holds."""
        definition = self._definition(name)
        return str(get_named_type(definition.type).name) if definition else "String"

    def is_required(self, name: str) -> bool:
        """Whether something must be there."""
        definition = self._definition(name)
        return definition is not None and is_required_input_field(definition)

    def options(self, name: str) -> list[str]:
        """Give the values of an enum."""
        definition = self._definition(name)
        kind = definition and get_named_type(definition.type)
        return list(kind.values) if isinstance(kind, GraphQLEnumType) else []

    def length(self, name: str) -> Mapping[str, int]:
        """Give how long a text may be, as a control has it: ``minlength`` and ``maxlength``.

        What an object of texts may have holds for each of them.
        """
        for at in (name, name.rpartition(".")[0]):
            definition = self._definition(at)
            found = definition and definition.extensions.get(_LENGTH)
            if found and not isinstance(get_nullable_type(definition.type), GraphQLList):
                limits = {"minlength": found.min, "maxlength": found.max}
                return {key: one for key, one in limits.items() if isinstance(one, int)}
        return {}

    def has(self, name: str) -> bool:
        """Whether the mutation takes such a control."""
        return self._definition(name) is not None

    def _type(self) -> GraphQLInputObjectType:
        (variable,) = self.operation.variable_definitions or ()
        wanted: Any = get_named_type(type_from_ast(self.schema, variable.type))
        return wanted  # type: ignore[no-any-return]

    def _definition(self, name: str) -> Any:
        """Find the input field that a control is named after."""
        wanted: Any = self._type()
        found: Any = None
        for key in name.split(".")[1:]:
            if key.isdecimal():
                continue
            found = wanted.fields.get(key) if isinstance(wanted, GraphQLInputObjectType) else None
            if found is None:
                return None
            wanted = get_named_type(found.type)
        return found
