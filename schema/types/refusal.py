"""Expected failures of a mutation, as part of its answer."""

from typing import Any

import strawberry

from permissions.fields import EVERYONE
from portal import errors
from portal.errors import Code, Refused, Requirement
from portal.language.messages import translate
from portal.viewer import MemberRole, Role, Scope
from resolvers.context import Info
from schema.fields import answered_by, value


def _message(root: strawberry.Parent[errors.Problem], info: Info) -> str:
    return translate(root.message, info.context.viewer.language, **root.values)


@strawberry.type(description="What a refused caller would need.")
class Requirements:
    """The printed form of a ``Requirement``."""

    roles: list[Role] = value(description="One of these roles; none means any.")
    scope: Scope | None = value(description="This scope, held in the account at hand.")
    member_roles: list[MemberRole] = value(
        description="For customers, one of these roles in the account; none means any."
    )

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, Requirement)


@strawberry.type(description="One fault in a request.")
class Problem:
    """A ``portal.errors.Problem``, as callers see it."""

    code: Code = value(description="What kind of fault it is.")
    path: list[str] = value(description="Which argument it is about, from the outside in.")
    message: str = answered_by(
        EVERYONE, _message, description="What is wrong, in the caller's language."
    )
    required: Requirements | None = value(description="What a refused caller would need.")


@strawberry.type(description="The request was understood and refused; nothing was written.")
class Refusal:
    """What a mutation answers instead of its row."""

    problems: list[Problem] = value(description="Every fault that was found.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, Refused)
