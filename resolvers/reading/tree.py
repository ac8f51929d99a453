"""The tree of what is asked for: a selection for each object, with its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from graphql.execution.collect_fields import FieldDetails

from permissions.definition import definition_of
from permissions.fields import Access
from portal.models import Account, Base, OfAccount
from resolvers.reading.fallback import NotCompiled
from resolvers.sources import ById, Entry, Listed, Relation, Source


class Place(Enum):
    """What an object of the response is."""

    ROOT = "root"
    VIEWER = "viewer"
    ROW = "row"
    COMPOSITE = "composite"
    PAGE = "page"
    EDGE = "edge"
    PAGE_INFO = "page info"


@dataclass(eq=False, slots=True)
class Site:
    """A field whose arguments say which rows; ``number`` tells its parameters from others."""

    number: int
    definition: GraphQLField
    details: FieldDetails
    source: Relation | Entry | Listed | ById


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
        name: str = definition_of(self.definition).python_name
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


def is_of_account(model: type[Base] | None) -> bool:
    """Say whether rows of a model belong to an account."""
    return model is not None and issubclass(model, (Account, OfAccount))


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
