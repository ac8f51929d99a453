"""What an operation asks for, seen by one kind of viewer: its fields, merged and guarded.

The result is a tree of ``Selection`` and ``Field``. A field that is refused has no selection and
costs nothing; one that Python answers keeps the columns it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, cast

import sqlalchemy as sa
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNonNull,
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

from permissions.fields import EVERYONE, Access
from permissions.guards import access_of
from portal.models import Account, Base, OfAccount
from portal.viewer import Grant, Role
from resolvers.reading.selection import source_of
from resolvers.sources import (
    Asked,
    ById,
    Column,
    Entry,
    Expression,
    Function,
    Itself,
    OfViewer,
    OwnId,
    Part,
    Relation,
    Source,
)

_BACKREF = "strawberry-definition"


class Place(Enum):
    """What an object of the response is."""

    ROOT = "root"
    VIEWER = "viewer"
    ROW = "row"
    COMPOSITE = "composite"
    PAGE = "page"
    EDGE = "edge"
    PAGE_INFO = "page info"


# What the fields of each place can come from; None is an attribute of a composite.
_AT_HOME: Mapping[Place, tuple[type, ...]] = {
    Place.ROOT: (OfViewer, Entry, Asked, ById),
    Place.VIEWER: (OfViewer, Entry),
    Place.ROW: (Column, Expression, Function, Itself, OwnId, Relation),
    Place.COMPOSITE: (NoneType,),
    Place.PAGE: (Part,),
    Place.EDGE: (Part,),
    Place.PAGE_INFO: (Part,),
}
_PARTS = {Part.EDGES: Place.EDGE, Part.PAGE_INFO: Place.PAGE_INFO, Part.NODE: Place.ROW}


# An operation that reads no data; nothing is missing when it is not compiled.
INTROSPECTION = "introspection"


class Refused(Exception):
    """The arguments of a request are not what they may be."""


class NotCompiled(Exception):
    """The operation holds something that the standard lane alone can answer; the text says what."""


@dataclass(eq=False, slots=True)
class Site:
    """A field whose arguments say which rows; ``number`` tells its parameters from others."""

    number: int
    definition: GraphQLField
    details: FieldDetails
    source: Relation | Entry | Asked | ById


@dataclass(eq=False, slots=True)
class Field:
    """A response key and what stands behind it.

    ``source`` is None for ``__typename`` and for an attribute of a composite; ``refusal`` is the
    access that the viewer lacks.
    """

    key: str
    parent: GraphQLObjectType
    details: list[FieldDetails]
    definition: GraphQLField | None = None
    source: Source | None = None
    refusal: Access | None = None
    selection: "Selection | None" = None
    by_type: Mapping[str, "Selection"] = field(default_factory=dict)
    site: Site | None = None
    is_python: bool = False

    @property
    def name(self) -> str:
        """The name of the field, which its alias may hide."""
        return self.details[0].node.name.value

    @property
    def python_name(self) -> str:
        """The name that the field has in Python."""
        definition: Any = self.definition
        name: str = definition.extensions[_BACKREF].python_name
        return name

    @property
    def is_required(self) -> bool:
        """Whether null cannot stand here."""
        return self.definition is not None and isinstance(self.definition.type, GraphQLNonNull)


@dataclass(eq=False, slots=True)
class Selection:
    """The fields that are asked for of one type, in the order of the response.

    ``model`` is that of the row at hand; on a page, that of its rows. ``notes_account`` says that
    it has to be known of which account something was shown.
    """

    kind: GraphQLObjectType
    place: Place
    model: type[Base] | None
    fields: list[Field]
    notes_account: bool = False

    @property
    def is_inside(self) -> bool:
        """Whether the row belongs to an account."""
        return self.place is Place.ROW and is_of_account(self.model)


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """Whoever holds a role, one grant in every account of theirs, and one outside of accounts.

    Plans are looked up by it in every request, so it is told apart by identity: ``holder_of``.
    """

    role: Role
    in_account: Grant
    everywhere: Grant

    def may(self, access: Access, *, inside: bool) -> bool:
        """Say whether such a viewer may use something."""
        grant = self.in_account if inside else self.everywhere
        return access.is_open_to(self.role) and access.is_held(grant)


@lru_cache(maxsize=1000)
def holder_of(role: Role, in_account: Grant, everywhere: Grant) -> Holder:
    """Give the one holder of these."""
    return Holder(role, in_account, everywhere)


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
            found.source is None and definition.extensions[_BACKREF].base_resolver
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
        if isinstance(source, (Relation, Asked, Entry, ById)) and definition.args:
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
        case Part() as part:
            found = _PARTS[part], above.model
        case Relation(target=model, paged=paged):
            found = (Place.PAGE if paged else Place.ROW), model
        case Entry(target=model):
            found = Place.PAGE, model
        case Asked(paged=True):
            found = Place.PAGE, model_of(_node_of(target))
        case Asked() | ById():
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


def is_of_account(model: type[Base] | None) -> bool:
    """Say whether rows of a model belong to an account."""
    return model is not None and issubclass(model, (Account, OfAccount))


def model_of(kind: GraphQLObjectType) -> type[Base]:
    """Give the model behind a type."""
    model: type[Base] = kind.extensions[_BACKREF].origin.__portal_model__
    return model


def _node_of(page: GraphQLObjectType) -> GraphQLObjectType:
    edges: Any = get_named_type(page.fields["edges"].type)
    node: Any = get_named_type(edges.fields["node"].type)
    return cast("GraphQLObjectType", node)


def selected(field: Field) -> Selection:
    """Give what is asked for below a field."""
    if field.selection is None:
        raise NotCompiled(f"{field.parent.name}.{field.name}")
    return field.selection


def model_behind(selection: Selection) -> type[Base]:
    """Give the model of the row that a selection is about."""
    if selection.model is None:
        raise NotCompiled(selection.kind.name)
    return selection.model
