"""Expected failures: one exception for each code of the closed list. Anything else is a bug.

A message is an English sentence with ``{placeholders}``; it is translated where it leaves. The
catalogues find it as the literal first argument of an exception, or of ``translatable``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from portal.viewer import MemberRole, Role, Scope


class Code(StrEnum):
    """Every code that an answer may carry."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    RULE_BROKEN = "RULE_BROKEN"
    CONFLICT = "CONFLICT"
    PREVIEW_STALE = "PREVIEW_STALE"
    KEY_REUSED = "KEY_REUSED"
    RATE_LIMITED = "RATE_LIMITED"
    QUERY_TOO_LARGE = "QUERY_TOO_LARGE"
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


def translatable(message: str) -> str:
    """Mark a sentence that stands somewhere else than where it is raised or translated."""
    return message


class OperatorFault(Exception):
    """What only the operator can mend; the message is a sentence with the next step."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a caller would need: one of the roles and, where named, the scope in the account."""

    roles: tuple[Role, ...]
    scope: Scope | None = None
    member_roles: tuple[MemberRole, ...] = ()


class PortalError(Exception):
    """A failure that a caller may see.

    ``path`` leads from the mutation's arguments to the fault; ``values`` fill the message's
    placeholders and travel as ``extensions`` where the answer has room for them.
    """

    code: ClassVar[Code]

    def __init__(
        self,
        message: str,
        *,
        path: Iterable[str] = (),
        required: Requirement | None = None,
        **values: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)
        self.required = required
        self.values = values

    @property
    def problems(self) -> tuple["PortalError", ...]:
        """The single faults in this failure."""
        return (self,)


class Unauthenticated(PortalError):
    """Nobody is logged in, or the token is not good any more."""

    code = Code.UNAUTHENTICATED


class Forbidden(PortalError):
    """The viewer lacks a role or a scope; ``required`` says which."""

    code = Code.FORBIDDEN


class NotFound(PortalError):
    """There is no such row, or the viewer may not see it."""

    code = Code.NOT_FOUND


class InvalidInput(PortalError):
    """A value cannot be what was asked for."""

    code = Code.INVALID_INPUT


class RuleBroken(PortalError):
    """The values are well formed, and a rule of the business forbids them."""

    code = Code.RULE_BROKEN


class Conflict(PortalError):
    """Somebody else was there first."""

    code = Code.CONFLICT


class PreviewStale(PortalError):
    """What a preview showed is not what would happen now."""

    code = Code.PREVIEW_STALE


class KeyReused(PortalError):
    """An idempotency key came back with other arguments."""

    code = Code.KEY_REUSED


class RateLimited(PortalError):
    """Too many attempts; ``values`` give how many ``seconds`` to wait."""

    code = Code.RATE_LIMITED


class QueryTooLarge(PortalError):
    """A limit on documents; ``values`` name it (``limit``) and give it (``maximum``)."""

    code = Code.QUERY_TOO_LARGE


class BadRequest(PortalError):
    """The HTTP request is not one that GraphQL over HTTP describes."""

    code = Code.BAD_REQUEST


class TimedOut(PortalError):
    """An operation took longer than it may."""

    code = Code.TIMEOUT


class Unavailable(PortalError):
    """A part that an answer needs is out of reach for now."""

    code = Code.UNAVAILABLE


class Several(PortalError):
    """More than one fault in one request: a form with three faults shows three."""

    code = Code.INVALID_INPUT

    def __init__(self, problems: Iterable[PortalError]) -> None:
        super().__init__("Several faults.")
        self._problems = tuple(problems)

    @property
    @override
    def problems(self) -> tuple[PortalError, ...]:
        """The single faults, in the order they were found."""
        return self._problems


@contextmanager
def faults_below(*path: str) -> Iterator[None]:
    """Put the faults of a rule below the argument that they are about."""
    try:
        yield
    except PortalError as error:
        for problem in error.problems:
            problem.path = (*path, *problem.path)
        raise


@contextmanager
def gathered(faults: list[PortalError]) -> Iterator[None]:
    """Keep the faults of one step, so that the next one is tried too."""
    try:
        yield
    except PortalError as error:
        faults += error.problems


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as data, to be told and not raised."""

    code: Code
    path: tuple[str, ...]
    message: str
    required: Requirement | None
    values: Mapping[str, object]


def check_all(*checks: Callable[[], None]) -> None:
    """Run every check, and raise the faults of all of them together."""
    faults: list[PortalError] = []
    for check in checks:
        with gathered(faults):
            check()
    if faults:
        raise Several(faults)


@dataclass(frozen=True, slots=True)
class Refused:
    """What a mutation answers instead of its row; nothing was written."""

    problems: tuple[Problem, ...]


def refused(*errors: PortalError) -> Refused:
    """Turn failures into an answer."""
    return Refused(
        tuple(
            Problem(fault.code, fault.path, fault.message, fault.required, fault.values)
            for error in errors
            for fault in error.problems
        )
    )
