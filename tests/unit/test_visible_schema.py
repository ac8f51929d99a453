"""What leads to nothing that a role may use is not shown to it either."""

from typing import Annotated

import strawberry
from graphql import print_schema

from permissions.fields import EVERYONE, allowed
from permissions.visible_schema import visible_schema
from portal.viewer import Role

MANAGERS = allowed(Role.MANAGER)
OPEN, CLOSED = EVERYONE.options(), MANAGERS.options()


def number() -> int | None:
    return 1


@strawberry.type
class Secret:
    number: int | None = strawberry.field(resolver=number, **CLOSED)


@strawberry.type
class Way:
    secret: Secret | None = strawberry.field(resolver=lambda: None, **OPEN)


@strawberry.input
class Wish:
    number: int | None = strawberry.field(**CLOSED)


@strawberry.type
class Plain:
    number: int | None = strawberry.field(resolver=number, **OPEN)


def answer(
    wish: Annotated[Wish | None, strawberry.argument(**OPEN)] = None,
    guarded: Annotated[int | None, strawberry.argument(**CLOSED)] = None,
    plain: Annotated[int | None, strawberry.argument(**OPEN)] = None,
) -> int | None:
    return 1


@strawberry.type
class Query:
    way: Way | None = strawberry.field(resolver=lambda: None, **OPEN)
    both: Annotated[Secret | Way, strawberry.union("Both")] | None = strawberry.field(
        resolver=lambda: None, **OPEN
    )
    either: Annotated[Secret | Plain, strawberry.union("Either")] | None = strawberry.field(
        resolver=lambda: None, **OPEN
    )
    answer: int | None = strawberry.field(resolver=answer, **OPEN)


@strawberry.type
class Mutation:
    change: int | None = strawberry.field(resolver=number, **CLOSED)


CORE = strawberry.Schema(Query, Mutation)._schema  # noqa: SLF001 -- no public name


SHOWN = """\
type Query {
  either: Either
  answer(plain: Int = null): Int
}

union Either = Plain

type Plain {
  number: Int
}"""


def test_dead_ends_are_closed_one_after_the_other():
    assert print_schema(visible_schema(CORE, Role.CUSTOMER)) == SHOWN


def test_who_may_use_everything_is_shown_everything():
    shown = visible_schema(CORE, Role.MANAGER)
    assert {name for name in CORE.type_map if not name.startswith("__")} - set(shown.type_map) == {
        "MemberRole",
        "Role",
        "Scope",
    }
    assert shown.mutation_type is not None
