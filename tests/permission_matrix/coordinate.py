"""Every field, argument and input field of the schema, what it declares, and the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_required_argument,
    is_required_input_field,
)

from permissions.definition import definition_of
from permissions.fields import Access
from permissions.guards import access_of
from portal.models.wall import ByAccount, ByPerson, Closed, StaffOnly
from portal.viewer import Role, Scope
from resolvers.reading.selection import source_of
from schema.verb import RUN_KEY
from tests.permission_matrix.structure import CORE, structure
from tests.world import MEMBERS, Kind

# The access table's first page, written down a second time: what each kind of viewer holds in
# the account of the test.
_ROLES = {
    Kind.ANONYMOUS: Role.ANONYMOUS,
    Kind.EMPLOYEE: Role.EMPLOYEE,
    Kind.EMPLOYEE_WITHOUT: Role.EMPLOYEE,
    Kind.MANAGER: Role.MANAGER,
    Kind.PARTNER: Role.PARTNER,
    Kind.PARTNER_READING: Role.PARTNER,
}
_SCOPES = {
    Kind.ANONYMOUS: set(),
    Kind.BILLING: {"ACCOUNT_READ", "CONTRACT_EDIT", "FINANCIALS", "FILES_READ", "HISTORY"},
    Kind.READER: {"ACCOUNT_READ", "FILES_READ"},
    Kind.EMPLOYEE_WITHOUT: set(),
    Kind.PARTNER_READING: {"ACCOUNT_READ"},
}
_REFUSED = "refused"
# Whose ids the mutations take that answer another type, or need none.
# Of what is deleted the answer is what it was a part of.
_TARGETS = {
    "authorizeApp": "Account",
    **dict.fromkeys(
        (
            *("assessVersion", "deleteDraft", "previewPublishVersion", "publishVersion"),
            "withdrawVersion",
        ),
        "TariffVersion",
    ),
}


def may(kind: Kind, access: Access) -> bool:
    """Say what a declaration promises to a kind of viewer, without the guards' own code."""
    if not access.roles:
        return True
    if _ROLES.get(kind, Role.CUSTOMER) not in access.roles:
        return False
    if access.scope and access.scope not in _SCOPES.get(kind, set(Scope)):
        return False
    return not access.member_roles or kind not in MEMBERS or MEMBERS[kind] in access.member_roles


@dataclass(frozen=True, order=True)
class Way:
    """How to reach a type: from rows of it (or Query, or refusals), through named fields."""

    start: str
    steps: tuple[tuple[str, str], ...] = ()

    def to(self, field: str, type_name: str) -> "Way":
        """Go one field further."""
        return Way(self.start, (*self.steps, (field, type_name)))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields on the way."""
        return tuple(field for field, _ in self.steps)

    def select(self, inner: str) -> str:
        """Write the selection that leads to the type and asks for something there."""
        for field, type_name in reversed(self.steps):
            inner = f"{field} {{ ... on {type_name} {{ {inner} }} }}"
        return inner

    def is_open(self, kind: Kind) -> bool:
        """Say whether the declarations let a kind of viewer come this far."""
        if not _shows_rows(self.start, _ROLES.get(kind, Role.CUSTOMER)):
            return False
        return all(may(kind, access) for access in _guards(self))


def _shows_rows(start: str, role: Role) -> bool:
    """Say what the wall of a type's rows promises to a role, without the conditions' own code."""
    node = CORE.type_map["Node"]
    if start not in {kind.name for kind in CORE.get_possible_types(node)}:
        return True
    match definition_of(CORE.type_map[start]).origin.__portal_model__.wall.seen:
        case ByAccount() | ByPerson():
            return role is not Role.ANONYMOUS
        case StaffOnly(roles):
            return role in roles
        case Closed():
            return False
    return True


def _guards(way: Way) -> Iterator[Access]:
    here = "Refusal" if way.start == _REFUSED else way.start
    for field, type_name in way.steps:
        yield access_of(_type(here).fields[field])
        here = type_name


@cache
def ways() -> dict[str, Way]:
    """Give the way to every output type that is open to most."""
    starts = {kind.name: Way(kind.name) for kind in CORE.get_possible_types(CORE.type_map["Node"])}
    starts |= {"Query": Way("Query"), "Refusal": Way(_REFUSED)}
    found: dict[str, Way] = {}
    waiting = sorted((1, name, way) for name, way in starts.items())
    while waiting:
        cost, name, way = heappop(waiting)
        if name in found:
            continue
        found[name] = way
        for field_name, field in _type(name).fields.items():
            if any(map(is_required_argument, field.args.values())):
                continue
            for below in _objects(field):
                further = cost + _closedness(access_of(field))
                onward = way.to(field_name, below)
                heappush(waiting, (further, below, onward))
    return dict(sorted(found.items()))


@cache
def answers() -> dict[str, list[str]]:
    """Give the types that nothing but mutations answers, and those below, with the mutations."""
    reached = {*ways(), "Mutation"}
    found: dict[str, list[str]] = {}
    for name, field in _type("Mutation").fields.items():
        waiting = _objects(field)
        while waiting:
            kind = waiting.pop()
            if kind not in reached and name not in found.setdefault(kind, []):
                found[kind].append(name)
                waiting += [one for below in _type(kind).fields.values() for one in _objects(below)]
    return found


def _closedness(access: Access) -> int:
    """Give a number that is larger the fewer may pass."""
    if not access.roles:
        return 1
    return 10 - len(access.roles) + bool(access.scope) + bool(access.member_roles)


def _objects(field: GraphQLField) -> list[str]:
    kind = get_named_type(field.type)
    if is_abstract_type(kind):
        return [possible.name for possible in CORE.get_possible_types(kind)]
    return [kind.name] if isinstance(kind, GraphQLObjectType) else []


def _type(name: str) -> Any:
    return CORE.type_map[name]


@dataclass(frozen=True)
class Sent:
    """Something a caller can send to a field: an argument, or an input field below one."""

    coordinate: str
    field: str
    path: tuple[str, ...]
    guards: tuple[Access, ...]


@cache
def everything_sent(type_name: str) -> list[Sent]:
    """List what can be sent to the fields of a type, each with the guards on its way.

    But for what is structure, which is for everybody.
    """
    return [sent for sent in _everything_sent(type_name) if sent.coordinate not in structure()]


def _everything_sent(type_name: str) -> Iterator[Sent]:
    for field_name, field in _type(type_name).fields.items():
        for name, argument in field.args.items():
            coordinate = f"{type_name}.{field_name}({name}:)"
            sent = Sent(coordinate, field_name, (name,), (_guard_of(field, name, argument),))
            yield sent
            yield from _below(sent, argument.type)


def _guard_of(field: GraphQLField, name: str, argument: GraphQLArgument) -> Access:
    """Give what guards an argument; an order, the field that its first value goes by."""
    if name != "orderBy":
        return access_of(argument)
    source: Any = source_of(field)
    return next(iter(source.criteria.orders.values())).access


def _below(sent: Sent, kind: Any) -> Iterator[Sent]:
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for name, element in named.fields.items():
            inner = Sent(
                f"{named.name}.{name}",
                sent.field,
                (*sent.path, name),
                (*sent.guards, access_of(element)),
            )
            yield inner
            yield from _below(inner, element.type)


def compatible(everything: list[Sent]) -> list[list[Sent]]:
    """Sort what can be sent to a mutation into what can be sent at once."""
    groups: list[tuple[dict[tuple[str, ...], str], list[Sent]]] = []
    for sent in everything:
        chosen = dict(_choices(sent))
        for choices, group in groups:
            if all(choices.get(place, name) == name for place, name in chosen.items()):
                choices.update(chosen)
                group.append(sent)
                break
        else:
            groups.append((chosen, [sent]))
    return [group for _, group in groups]


def _choices(sent: Sent) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give where one field alone is sent on the way to what is sent, and which."""
    elements: Any = CORE.type_map["Mutation"].fields[sent.field].args
    for length, name in enumerate(sent.path):
        kind = get_named_type(elements[name].type)
        elements = getattr(kind, "fields", {})
        if getattr(kind, "is_one_of", False) and length + 1 < len(sent.path):
            yield sent.path[: length + 1], sent.path[length + 1]


def required(elements: dict[str, Any]) -> list[str]:
    """Name what must be sent."""
    return [
        name
        for name, element in elements.items()
        if is_required_argument(element) or is_required_input_field(element)
    ]


def target_of(mutation: str) -> str:
    """Give the type of the rows that a mutation starts from; without any, of those it answers."""
    field = _type("Mutation").fields[mutation]
    model = definition_of(field).metadata[RUN_KEY].model
    if mutation in _TARGETS:
        return _TARGETS[mutation]
    if model is not None:
        return str(model.__name__)
    union = get_named_type(field.type)
    assert isinstance(union, GraphQLUnionType)
    (target,) = (kind.name for kind in union.types if kind.name != "Refusal")
    return target


def declarations() -> list[tuple[str, str, Access]]:
    """List every coordinate of the schema but structure, what is done with it, and who may."""
    found: list[tuple[str, str, Access]] = []
    for type_name, kind in CORE.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            verb = "call" if kind is CORE.mutation_type else "read"
            for name, field in kind.fields.items():
                found.append((f"{type_name}.{name}", verb, access_of(field)))
                found += [
                    (f"{type_name}.{name}({argument}:)", "send", access_of(element))
                    for argument, element in field.args.items()
                ]
        elif isinstance(kind, GraphQLInputObjectType):
            found += [
                (f"{type_name}.{name}", "send", access_of(element))
                for name, element in kind.fields.items()
            ]
    listed = (row for row in found if row[0] not in structure())
    return sorted(listed, key=lambda row: row[0])
