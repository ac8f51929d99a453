"""What an operation asks for, seen by one kind of viewer: its fields, merged and guarded.

The result is a tree of ``Selection`` and ``Field``. A field that is refused has no selection and
costs nothing; one that Python answers keeps the columns it names.
"""

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any

import sqlalchemy as sa
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from permissions.definition import definition_of
from permissions.fields import EVERYONE
from permissions.guards import access_of
from portal.models import Base
from portal.viewer import Role
from resolvers.reading.fallback import INTROSPECTION, NotCompiled
from resolvers.reading.holder import Holder
from resolvers.reading.selection import source_of
from resolvers.reading.tree import Field, Place, Selection, Site
from resolvers.sources import (
    ById,
    Column,
    Entry,
    Expression,
    Function,
    InLanguage,
    Itself,
    Listed,
    OfViewer,
    OwnId,
    Part,
    Relation,
)

# What the fields of each place can come from; None is an attribute of a composite.
_AT_HOME: Mapping[Place, tuple[type, ...]] = {
    Place.ROOT: (OfViewer, Entry, Listed, ById),
    Place.VIEWER: (OfViewer, Entry),
    Place.ROW: (Column, Expression, Function, InLanguage, Itself, OwnId, Relation),
    Place.COMPOSITE: (NoneType,),
    Place.PAGE: (Part,),
    Place.EDGE: (Part,),
    Place.PAGE_INFO: (Part,),
}
_PARTS = {Part.EDGES: Place.EDGE, Part.PAGE_INFO: Place.PAGE_INFO, Part.NODE: Place.ROW}


class Collection:
    """One operation with the values of its directives, for viewers with one role and grant."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDetails],
        operation: OperationDefinitionNode,
        variables: VariableValues,
        holder: Holder,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._operation = operation
        self._variables = variables
        self._holder = holder
        self.sites: list[Site] = []

    def root(self) -> Selection:
        """Collect the whole operation; NotCompiled where there is something in the way."""
        kind: Any = self._schema.query_type
        grouped = collect_fields(
            self._schema, self._fragments, self._variables, kind, self._operation
        ).grouped_field_set
        return self._selection(kind, grouped, Place.ROOT, None)

    def row(self, kind: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Selection:
        """Collect what stands below the nodes of one field, for a row of a type."""
        details = [FieldDetails(node, None) for node in nodes]
        return self._below(kind, details, Place.ROW, model_of(kind))

    def _selection(
        self,
        kind: GraphQLObjectType,
        grouped: Mapping[str, list[FieldDetails]],
        place: Place,
        model: type[Base] | None,
    ) -> Selection:
        made = Selection(kind, place, model, [])
        made.fields += [self._field(made, key, details) for key, details in grouped.items()]
        if self._holder.role is Role.PARTNER and made.is_inside:
            made.notes_account = any(map(_is_guarded, made.fields))
        return made

    def _below(
        self,
        kind: GraphQLObjectType,
        details: list[FieldDetails],
        place: Place,
        model: type[Base] | None,
    ) -> Selection:
        grouped = collect_subfields(
            self._schema, self._fragments, self._variables, self._operation, kind, details
        ).grouped_field_set
        return self._selection(kind, grouped, place, model)

    def _field(self, above: Selection, key: str, details: list[FieldDetails]) -> Field:
        kind, name = above.kind, details[0].node.name.value
        found = Field(key, kind, details)
        if name == "__typename":
            return found
        definition = kind.fields.get(name)
        if definition is None:
            raise NotCompiled(INTROSPECTION)
        found.definition, found.source = definition, source_of(definition)
        access = access_of(definition)
        if not self._holder.may(access, inside=above.is_inside):
            found.refusal = access
        elif not isinstance(found.source, _AT_HOME[above.place]) or (
            found.source is None and definition_of(definition).base_resolver
        ):
            # Python can answer where it needs nothing of a row.
            if above.place not in {Place.ROOT, Place.VIEWER}:
                raise NotCompiled(f"{kind.name}.{name}")
            found.is_python = True
        elif isinstance(found.source, Function) or _names_day(found):
            found.is_python = True
        else:
            self._enter(found, definition, above)
        return found

    def _enter(self, found: Field, definition: GraphQLField, above: Selection) -> None:
        """Follow a field to its arguments, and to what is asked for below it."""
        source, target, details = found.source, get_named_type(definition.type), found.details
        if isinstance(source, Listed) or (
            isinstance(source, (Relation, Entry, ById)) and definition.args
        ):
            found.site = Site(len(self.sites), definition, details[0], source)
            self.sites.append(found.site)
        if is_abstract_type(target):
            found.by_type = {
                possible.name: self._below(possible, details, Place.ROW, model_of(possible))
                for possible in self._schema.get_possible_types(target)
            }
        elif isinstance(target, GraphQLObjectType):
            place, model = _leads_to(found, target, above)
            if place is None:
                found.is_python = True
            else:
                found.selection = self._below(target, details, place, model)


def _leads_to(
    field: Field, target: GraphQLObjectType, above: Selection
) -> tuple[Place | None, type[Base] | None]:
    """Give what the objects behind a field are; no place where they come from Python."""
    found: tuple[Place | None, type[Base] | None] = (None, None)
    match field.source:
        case OfViewer():
            found = Place.VIEWER, None
        case Itself():
            found = Place.ROW, above.model
        case InLanguage():
            found = Place.COMPOSITE, above.model
        case Part() as part:
            found = _PARTS[part], above.model
        case Relation(target=model, criteria=criteria):
            found = (Place.PAGE if criteria else Place.ROW), model
        case Entry(target=model):
            found = Place.PAGE, model
        case Listed() | ById():
            found = Place.ROW, model_of(target)
        case Column(attributes=attributes) if above.model is not None:
            composites = sa.inspect(above.model).composites
            if all(name in composites for name in attributes or (field.python_name,)):
                found = Place.COMPOSITE, above.model
    return found


def _names_day(field: Field) -> bool:
    """Say whether a field names a day, which has to be one of its row's own."""
    return isinstance(field.source, Relation) and bool(
        field.source.within and field.details[0].node.arguments
    )


def _is_guarded(field: Field) -> bool:
    """Say whether a field is shown to some alone."""
    return (
        field.definition is not None
        and field.refusal is None
        and access_of(field.definition) != EVERYONE
    )


def model_of(kind: GraphQLObjectType) -> type[Base]:
    """Give the model behind a type."""
    model: type[Base] = definition_of(kind).origin.__portal_model__
    return model
