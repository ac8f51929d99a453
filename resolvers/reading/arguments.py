"""What the arguments of a request come to: the shape of the SQL, and the values of its parameters.

Requests whose arguments have the same shape share a statement. A request whose arguments are
refused goes to the standard lane, which says so.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy.orm import aliased
from strawberry.types.arguments import convert_arguments

from permissions.definition import definition_of
from permissions.guards import sent
from portal.errors import PortalError
from portal.language import global_id
from portal.models import Base
from portal.viewer import Viewer
from resolvers.context import Context
from resolvers.listing import Condition, Listing, Order
from resolvers.page import LARGEST_SIZE, Window, values_of_cursor, window
from resolvers.reading.fallback import Refused
from resolvers.reading.tree import Site
from resolvers.reading.variables import id_variable, is_short, variables_of
from resolvers.sources import ById, Listed, Relation

_MOST_SHAPES = 50
_MOST_KNOWN = 50
_PAGE = ("first", "after", "last", "before")


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows a page has at most, which way it is read, and which cursors bound it.

    The size is no parameter: PostgreSQL decides by it whether an index serves best.
    """

    size: int
    forward: bool
    after: bool
    before: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the SQL of a field follows from: its rows, a page of them, the types of ids.

    A field has one of them for all that are alike, so they are told apart by identity.
    """

    listing: Listing | None = None
    page: Page | None = None
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """The shape of a field's arguments and the values of its parameters."""

    shape: Shape
    values: Mapping[str, Any]
    types: list[str | None] | None = None


class Arguments:
    """The arguments of one field of an operation, for viewers of one kind."""

    def __init__(self, schema: GraphQLSchema, site: Site) -> None:
        self._schema: Any = schema
        self._site = site
        self._prefix = f"s{site.number}_"
        self._shapes: dict[Hashable, Shape] = {}
        self._known: dict[Hashable, Given] = {}
        self._id_variable = id_variable(site)
        self._variables = variables_of(site)

    def given(self, variables: VariableValues, viewer: Viewer) -> Given:
        """Give what a request's variables make of them; Refused where they are not right."""
        key = self._key(variables, viewer)
        found = self._known.get(key)
        if found is None:
            try:
                found = self._given(variables, viewer)
            except PortalError as error:
                raise Refused from error
            if key is not None:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[key] = found
        return found

    def _key(self, variables: VariableValues, viewer: Viewer) -> Hashable:
        """Give what the arguments follow from; None where that is much, or seldom the same."""
        # Who sees no account is like a viewer of any grant.
        is_nowhere = not viewer.grants
        if not self._variables:
            return viewer.language, is_nowhere
        coerced = variables.coerced
        if self._id_variable in coerced or self._site.details.fragment_variable_values:
            return None
        sent = tuple((name, coerced[name]) for name in self._variables if name in coerced)
        return (
            (viewer.language, is_nowhere, sent)
            if all(is_short(value) for _, value in sent)
            else None
        )

    def _given(self, variables: VariableValues, viewer: Viewer) -> Given:
        site = self._site
        if self._id_variable is not None and self._id_variable in variables.coerced:
            return self._by_id(site.source, {"id": variables.coerced[self._id_variable]})
        values = get_argument_values(
            site.definition, site.details.node, variables, site.details.fragment_variable_values
        )
        for _, access in sent(site.definition.args, values):
            if not access.is_held_by(viewer, None):
                raise Refused
        if isinstance(site.source, ById):
            return self._by_id(site.source, values)
        listing = self._listing(site.source, values, viewer)
        asked = None
        if "first" in site.definition.args:
            asked = window(*(values.get(name) for name in _PAGE))
        found = dict(self._of_page(listing, asked)) if asked else {}
        for number, condition in enumerate(listing.conditions):
            for index, value in enumerate(condition.values):
                found[f"{self._prefix}{number}_value_{index}"] = value
        return Given(self._shape(_bare(listing), _page(asked)), found)

    def _by_id(self, source: Any, values: Mapping[str, Any]) -> Given:
        ids = values["ids"] if source.several else [values["id"]]
        if len(ids) > LARGEST_SIZE:
            raise Refused
        decoded = [global_id.decode(id) for id in ids]
        for index, one in enumerate(decoded):
            if one and (one[0] not in Context.nodes or source.type_name not in {None, one[0]}):
                decoded[index] = None
        kinds = [one[0] if one else None for one in decoded]
        uuids = [one[1] if one else None for one in decoded]
        shape = self._shape(types=tuple(sorted({kind for kind in kinds if kind})))
        if not source.several:
            return Given(shape, {f"{self._prefix}id": uuids[0]}, kinds)
        found: dict[str, Any] = {f"{self._prefix}ids": uuids, f"{self._prefix}kinds": kinds}
        return Given(shape, found, kinds)

    def _shape(
        self,
        listing: Listing | None = None,
        page: Page | None = None,
        types: tuple[str, ...] = (),
    ) -> Shape:
        key = (listing, page, types)
        found = self._shapes.get(key)
        if found is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            found = self._shapes[key] = Shape(listing, page, types)
        return found

    def _listing(self, source: Any, values: Mapping[str, Any], viewer: Viewer) -> Listing:
        if isinstance(source, Relation) and source.criteria is None:
            return Listing(source.target, source.order)
        converted = self._converted(values)
        if isinstance(source, Listed):
            return source.listing(viewer.language, **converted)
        # What the viewer holds is the same in each account, or there would be no plan.
        listing: Listing = source.criteria.listing(source.order, viewer, None, converted)
        return listing

    def _converted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give the arguments as Python has them, but for those of a page."""
        values = {name: value for name, value in values.items() if name not in _PAGE}
        if not values:
            return {}
        schema = self._schema._strawberry_schema  # noqa: SLF001 -- no public name
        return convert_arguments(
            values,
            definition_of(self._site.definition).arguments,
            scalar_registry=schema.schema_converter.scalar_registry,
            config=schema.config,
        )

    def _of_page(self, listing: Listing, asked: Window) -> Any:
        kinds = _kinds(listing.target, listing.order)
        for name, text in (("after", asked.after), ("before", asked.before)):
            if text is not None:
                for index, value in enumerate(values_of_cursor(text, kinds, name)):
                    yield f"{self._prefix}{name}_{index}", value


def _bare(listing: Listing) -> Listing:
    """Leave the values out, so that what differs in them alone is equal."""
    if not listing.conditions:
        return listing
    conditions = tuple(
        Condition(condition.where, condition.constants, tuple(map(type, condition.values)))
        for condition in listing.conditions
    )
    return Listing(listing.target, listing.order, conditions)


def _page(asked: Window | None) -> Page | None:
    if asked is None:
        return None
    return Page(
        asked.size, asked.first is not None, asked.after is not None, asked.before is not None
    )


@cache
def _kinds(model: type[Base], order: Order) -> list[type]:
    return [key.type.python_type for key in order.keys(aliased(model))]
