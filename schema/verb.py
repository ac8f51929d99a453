"""Make a field of the schema out of a mutation."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_type_hints

import strawberry
from graphql import GraphQLField, GraphQLResolveInfo
from strawberry.schema.name_converter import NameConverter

from permissions.definition import definition_of
from permissions.explain import When
from permissions.fields import EVERYONE, Access
from portal.actions.requestable import Requestable
from portal.errors import Code, PortalError, Refused, faults_below, refused
from resolvers.changing.preview import PreviewOf
from resolvers.changing.run import Mutation
from resolvers.points import HASHING, PREVIEW
from schema.fields import REQUESTABLE_KEY, WEIGHT_KEY, weight_of
from schema.inputs import maker

RUN_KEY = "portal.mutation"
EDITS_KEY = "portal.edits"
WHEN_KEY = "portal.when"
REQUESTS_KEY = "portal.requests"
GUARDED_KEY = "portal.guarded"
HASHES_KEY = "portal.hashes"
_INPUT = "input"

Resolver = Callable[..., Awaitable[Any]]


def mutation(
    run: Mutation | PreviewOf,
    access: Access,
    *,
    edits: tuple[str, ...] = (),
    when: When | None = None,
    requestable: Requestable | None = None,
    requests: bool = False,
    guarded: bool = False,
    hashes: bool = False,
    **options: Any,
) -> Any:
    """Declare a mutation; ``edits`` names the fields it changes where its input does not.

    ``when`` raises what the state of its row has against it: the same that the verb does.

    Its one argument is ``input``, of the type that the verb takes. Who may not use it can ask for
    it by a request that is ``requestable``, through the one mutation that ``requests``. One
    that is ``guarded`` (it tries a password or a code, sends one, or pays) runs once in a request;
    one that ``hashes`` a password takes a place among those that do.
    """
    given: Any = Annotated[
        get_type_hints(run.verb)["given"],
        strawberry.argument(description="What to change, and on which row.", **EVERYONE.options()),
    ]

    async def resolve(input: Any) -> Any:
        """Say what there is to send; ``resolver_of`` takes it in."""

    resolve.__annotations__["input"] = given
    declared = access.options()
    declared["metadata"] = {**declared["metadata"], RUN_KEY: run, EDITS_KEY: edits}
    declared["metadata"] |= {
        WHEN_KEY: when,
        REQUESTABLE_KEY: requestable and requestable.kind,
        REQUESTS_KEY: requests,
        GUARDED_KEY: guarded,
        HASHES_KEY: hashes,
        WEIGHT_KEY: PREVIEW if isinstance(run, PreviewOf) else HASHING if hashes else 0,
    }
    return strawberry.field(resolver=resolve, **declared, **options)


def resolver_of(field: GraphQLField, names: NameConverter) -> Resolver:
    """Give what runs a mutation, its input made by a plan."""
    definition = definition_of(field)
    run: Mutation | PreviewOf = definition.metadata[RUN_KEY]
    (argument,) = definition.arguments
    make = maker(argument.type, names)
    weight = weight_of(field)
    if make is None:
        raise TypeError(f"{definition.python_name} takes no input.")

    async def resolve(_source: Any, info: GraphQLResolveInfo[Any], input: Any) -> Any:
        try:
            with faults_below(_INPUT):
                given = make(input)
        except PortalError as error:
            return refused(error)
        answer = await run.run(info, given)
        if weight and not _is_held_up(answer):
            info.context.meter.work += weight
        return answer

    return resolve


def _is_held_up(answer: Any) -> bool:
    """Whether nothing was tried, because it was too early for that."""
    return isinstance(answer, Refused) and any(
        problem.code is Code.RATE_LIMITED for problem in answer.problems
    )


def is_guarded(field: GraphQLField) -> bool:
    """Whether a field is a mutation that may run once in a request."""
    return _declares(field, GUARDED_KEY)


def is_hashing(field: GraphQLField) -> bool:
    """Whether a field is a mutation that hashes a password."""
    return _declares(field, HASHES_KEY)


def _declares(field: GraphQLField, key: str) -> bool:
    definition = definition_of(field)
    return definition is not None and bool(definition.metadata.get(key))
