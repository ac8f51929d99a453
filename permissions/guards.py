"""Every field, argument and input field of the schema, guarded as it declares.

``guard(schema)`` wraps the resolvers once, when the server starts. What declares no access, and
what is guarded but could not be refused politely, stops the start.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    get_named_type,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import get_argument_values

from permissions.definition import definition_of
from permissions.fields import EVERYONE, Access, declared
from portal.errors import Forbidden, PortalError, refused
from portal.viewer import Viewer


class GuardedContext(Protocol):
    """What the guards need of the context of a request."""

    viewer: Viewer
    touched: set[UUID]
    refusals: dict[str, tuple[PortalError, ...]] | None

    async def account_of(self, global_id: str) -> UUID | None:
        """Find the account that a row the viewer may see belongs to."""


class UndeclaredAccess(Exception):
    """The schema holds something whose access nobody declared, or cannot be kept."""


def guard(schema: strawberry.Schema) -> None:
    """Wrap every resolver of a schema; refuse one that is not declared throughout."""
    core = schema._schema  # noqa: SLF001  (Strawberry gives no other way to graphql-core)
    faults = list(_faults(core))
    if faults:
        raise UndeclaredAccess("\n".join(faults))
    for type_name, field_name, field in _fields(core):
        access = access_of(field)
        if type_name == getattr(core.mutation_type, "name", None):
            _guard_mutation(field, field_name)
        else:
            _guard_field(field, f"{type_name}.{field_name}", access)


def access_of(element: GraphQLField | GraphQLArgument | GraphQLInputField) -> Access:
    """Give the declared access of an element of the schema."""
    definition = definition_of(element)
    access = declared(definition)
    if access is None:
        raise UndeclaredAccess(str(definition))
    return access


def sent(
    elements: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    values: Mapping[str, Any],
    path: tuple[str, ...] = (),
) -> Iterator[tuple[tuple[str, ...], Access]]:
    """Walk what a caller sent: each argument and input field with its path and its access."""
    for name, element in elements.items():
        key = element.out_name or name
        if key not in values:
            continue
        yield (*path, name), access_of(element)
        kind = get_named_type(element.type)
        if isinstance(kind, GraphQLInputObjectType):
            value = values[key]
            several = value if isinstance(value, list) else [value]
            for index, item in enumerate(several):
                here = (*path, name, str(index)) if isinstance(value, list) else (*path, name)
                if isinstance(item, Mapping):
                    yield from sent(kind.fields, item, here)


def _guard_field(field: GraphQLField, name: str, access: Access) -> None:
    resolve = field.resolve
    arguments = field.args
    if resolve is None:
        raise UndeclaredAccess(f"{name} has no resolver.")
    if access == EVERYONE and not any(map(_is_guarded, arguments.values())):
        return

    def guarded(source: Any, info: GraphQLResolveInfo[Any], **values: Any) -> Any:
        viewer: Viewer = info.context.viewer
        account_id = getattr(source, "account_id", None)
        if not access.allows(viewer, account_id):
            raise access.refusal(viewer, name)
        for path, wanted in sent(arguments, values):
            if not wanted.is_held_by(viewer, account_id):
                raise wanted.refusal(viewer, ".".join((name, *path)), path)
        if account_id is not None:
            info.context.touched.add(account_id)
        return resolve(source, info, **values)

    field.resolve = guarded


def _is_guarded(argument: GraphQLArgument) -> bool:
    """Say whether anything that can be sent in an argument is not for everyone."""
    kind = get_named_type(argument.type)
    return access_of(argument) != EVERYONE or isinstance(kind, GraphQLInputObjectType)


def _guard_mutation(field: GraphQLField, name: str) -> None:
    resolve = field.resolve
    if resolve is None:
        raise UndeclaredAccess(f"Mutation.{name} has no resolver.")

    async def guarded(source: Any, info: GraphQLResolveInfo[Any], **values: Any) -> Any:
        context: GuardedContext = info.context
        if context.refusals is None:
            context.refusals = await _check_operation(info, values)
        key = str(info.path.key)
        if key in context.refusals:
            return refused(*context.refusals[key])
        if context.refusals:
            other = next(iter(context.refusals))
            return refused(
                Forbidden("Nothing was changed, as this was refused: {other}.", other=other)
            )
        return await resolve(source, info, **values)

    field.resolve = guarded


async def _check_operation(
    info: GraphQLResolveInfo[Any], of_first: Mapping[str, Any]
) -> dict[str, tuple[PortalError, ...]]:
    """Check all guards of all mutation fields of an operation, before any of them runs.

    The arguments of the first, which is at hand, are known already.
    """
    context: GuardedContext = info.context
    fragments = {name: FragmentDetails(node) for name, node in info.fragments.items()}
    found = collect_fields(
        info.schema, fragments, info.variable_values, info.parent_type, info.operation
    )
    refusals = {}
    for key, details in found.grouped_field_set.items():
        name = details[0].node.name.value
        if name.startswith("__"):
            continue
        field = info.parent_type.fields[name]
        values = (
            of_first
            if key == info.path.key
            else get_argument_values(field, details[0].node, info.variable_values)
        )
        account_id = await _target(context, values)
        problems = tuple(_refused(field, name, values, context.viewer, account_id))
        if problems:
            refusals[key] = problems
    return refusals


async def _target(context: GuardedContext, values: Mapping[str, Any]) -> UUID | None:
    """Find the account that a mutation is about."""
    given = values.get("input")
    target = given.get("id") if isinstance(given, Mapping) else None
    return await context.account_of(target) if isinstance(target, str) else None


def _refused(
    field: GraphQLField,
    name: str,
    values: Mapping[str, Any],
    viewer: Viewer,
    account_id: UUID | None,
) -> Iterator[PortalError]:
    """Give what is refused; where no account is known, of members the roles alone are asked.

    Such a mutation goes on to answer NOT_FOUND, as for a row that does not exist. What staff hold,
    they hold everywhere.
    """

    def may(access: Access) -> bool:
        if account_id is None and not viewer.is_staff:
            return access.is_open_to(viewer.role)
        return access.allows(viewer, account_id)

    access = access_of(field)
    if not may(access):
        yield access.refusal(viewer, name)
        return
    for path, wanted in sent(field.args, values):
        if not may(wanted):
            yield wanted.refusal(viewer, path[-1], path)


def _fields(core: GraphQLSchema) -> Iterator[tuple[str, str, GraphQLField]]:
    for type_name, kind in core.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not type_name.startswith("__"):
            for field_name, field in kind.fields.items():
                yield type_name, field_name, field


def _faults(core: GraphQLSchema) -> Iterator[str]:
    """Name everything whose access is undeclared, or whose refusal would break the answer."""
    for type_name, field_name, field in _fields(core):
        name = f"{type_name}.{field_name}"
        is_mutation = core.mutation_type is not None and type_name == core.mutation_type.name
        yield from _faults_of(name, field, can_refuse=is_mutation or not _is_required(field))
        for argument_name, argument in field.args.items():
            yield from _faults_of(
                f"{name}({argument_name}:)", argument, can_refuse=not _is_required(argument)
            )
    for type_name, kind in core.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            for field_name, element in kind.fields.items():
                yield from _faults_of(
                    f"{type_name}.{field_name}", element, can_refuse=not _is_required(element)
                )


def _is_required(element: GraphQLField | GraphQLArgument | GraphQLInputField) -> bool:
    return isinstance(element.type, GraphQLNonNull)


def _faults_of(
    name: str, element: GraphQLField | GraphQLArgument | GraphQLInputField, *, can_refuse: bool
) -> Iterator[str]:
    definition = definition_of(element)
    access = None if definition is None else declared(definition)
    if access is None:
        yield f"{name} declares no access."
    elif access.roles and not can_refuse:
        yield f"{name} is guarded, so it must be nullable."
