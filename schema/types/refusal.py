"""Expected failures of a mutation, as part of its answer."""

from typing import Any

import strawberry

from permissions.enums import described
from permissions.fields import EVERYONE
from portal import errors
from portal.errors import Code, Refused, Requirement
from portal.language.messages import translate
from portal.viewer import MemberRole, Role, Scope
from resolvers.context import Info
from schema.fields import answered_by, value
from schema.types.problem_value import ProblemValue, named_values

described(
    Code,
    "Every code that a refusal or an error may carry.",
    name="ErrorCode",
    UNAUTHENTICATED="Nobody is logged in, or the token is not good any more.",
    FORBIDDEN=(
        "The caller lacks a role or a scope; `required` says which. Without `required`: the"
        " document is none of those that the operator has approved."
    ),
    NOT_FOUND=(
        "There is no such row, or the caller may not see it. PersistedQueryNotFound: send the text"
        " of the document with its hash."
    ),
    INVALID_INPUT="A value cannot be what was asked for.",
    RULE_BROKEN="The values are well formed, and a rule of the business forbids them.",
    CONFLICT="Somebody else was there first.",
    PREVIEW_STALE="What a preview showed is not what would happen now.",
    KEY_REUSED="An idempotency key came back with other arguments.",
    RATE_LIMITED="Too many requests in a short time.",
    QUERY_TOO_LARGE="The document is beyond a limit, which the error names.",
    BAD_REQUEST="The HTTP request is not one that GraphQL over HTTP describes.",
    GRAPHQL_PARSE_FAILED="The document is not GraphQL.",
    GRAPHQL_VALIDATION_FAILED="The document or its variables do not fit the schema.",
    TIMEOUT="The operation took longer than it may.",
    UNAVAILABLE="A part that the answer needs is out of reach for now.",
    INTERNAL="A fault of the portal; its log holds more under the reference.",
)


def message_of(root: strawberry.Parent[errors.Problem], info: Info) -> str:
    """Put a fault into words."""
    return translate(root.message, info.context.viewer.language, **root.values)


def _values_of(root: strawberry.Parent[errors.Problem], info: Info) -> list[ProblemValue]:
    return list(named_values(root.values, info.context.viewer.language))


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
        EVERYONE, message_of, description="What is wrong, in the caller's language."
    )
    values: list[ProblemValue] = answered_by(
        EVERYONE, _values_of, description="What the message speaks of, for programs."
    )
    required: Requirements | None = value(description="What a refused caller would need.")


@strawberry.type(description="The request was understood and refused; nothing was written.")
class Refusal:
    """What a mutation answers instead of its row."""

    problems: list[Problem] = value(description="Every fault that was found.")

    @classmethod
    def is_type_of(cls, given: Any, _: Any) -> bool:
        return isinstance(given, Refused)
