"""Failures as a caller may see them: a code of the closed list and no internals."""

import logging
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from secrets import token_hex

from graphql import FieldNode, GraphQLError

from portal.database.outage import is_outage
from portal.errors import Code, PortalError, Requirement
from portal.language.messages import translate
from portal.viewer import Language

_log = logging.getLogger("portal.web")
_LONGEST_MESSAGE = 500


def described(failure: PortalError, language: Language) -> list[dict[str, object]]:
    """Give each fault of a failure as an entry of ``errors``."""
    return [
        {
            "message": translate(problem.message, language, **problem.values),
            "extensions": _extensions(problem),
        }
        for problem in failure.problems
    ]


def unavailable(language: Language) -> dict[str, object]:
    """Give the entry for a part that is out of reach."""
    message = translate("The portal cannot answer at the moment. Try again later.", language)
    return {"message": message, "extensions": {"code": Code.UNAVAILABLE}}


def unexpected(error: BaseException, language: Language, where: object) -> dict[str, object]:
    """Log a failure that is ours and give the entry that names only its reference."""
    reference = token_hex(6)
    _log.error(
        "%s: unexpected failure at %s",
        reference,
        where,
        exc_info=error,
        extra={"reference": reference},
    )
    message = translate(
        "Something went wrong here. It is noted as {reference}.", language, reference=reference
    )
    return {
        "message": message,
        "extensions": {"code": Code.INTERNAL, "reference": reference},
    }


def any_failure(error: Exception, language: Language, where: object) -> list[dict[str, object]]:
    """Give the entries for whatever was raised."""
    if isinstance(error, PortalError):
        return described(error, language)
    if is_outage(error):
        _log.warning("out of reach at %s: %s", where, type(error).__name__)
        return [unavailable(language)]
    return [unexpected(error, language, where)]


def of_document(errors: Iterable[GraphQLError], code: Code, language: Language) -> list[object]:
    """Give the entries for errors that GraphQL found before anything ran.

    A value that a scalar of ours refuses keeps our own code.
    """
    entries: list[object] = []
    for error in errors:
        cause = _cause(error)
        if isinstance(cause, PortalError):
            entries += [_placed(entry, error) for entry in described(cause, language)]
        else:
            entries.append(_by_graphql(error, code))
    return entries


class Collected:
    """The field errors of one operation: at most so many of each code, the rest counted."""

    def __init__(self, language: Language, most: int) -> None:
        self._language = language
        self._most = most
        self._counts: dict[object, int] = {}
        self.entries: list[object] = []
        self.omitted = 0

    def add(self, error: GraphQLError) -> None:
        """List one error, or count it."""
        cause = _cause(error)
        code = _code(cause, error)
        count = self._counts[code] = self._counts.get(code, 0) + 1
        if count > self._most:
            self.omitted += 1
        elif isinstance(cause, GraphQLError) and code is not Code.INTERNAL:
            self.entries.append(_by_graphql(error, code))
        else:
            where = ".".join(map(str, error.path or ()))
            found = any_failure(cause, self._language, where)
            self.entries += [_placed(entry, error) for entry in found]


def _cause(error: GraphQLError) -> Exception:
    """Give what was raised first: GraphQL wraps it once for each layer it passes."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _code(cause: Exception, error: GraphQLError) -> Code:
    if isinstance(cause, PortalError):
        return cause.code
    if is_outage(cause):
        return Code.UNAVAILABLE
    # GraphQL blames an argument's node for what the caller sent, and the field's node for a
    # value of ours that it cannot give out.
    nodes = error.nodes or ()
    if isinstance(cause, GraphQLError) and not any(isinstance(node, FieldNode) for node in nodes):
        return Code.GRAPHQL_VALIDATION_FAILED
    return Code.INTERNAL


def _by_graphql(error: GraphQLError, code: Code) -> dict[str, object]:
    entry = {"message": error.message[:_LONGEST_MESSAGE], "extensions": {"code": code}}
    return _placed(entry, error)


def _placed(entry: Mapping[str, object], error: GraphQLError) -> dict[str, object]:
    formatted = error.formatted
    place = {key: formatted[key] for key in ("locations", "path") if formatted.get(key)}
    return {"message": entry["message"], **place, "extensions": entry["extensions"]}


def _extensions(problem: PortalError) -> dict[str, object]:
    extensions: dict[str, object] = {"code": problem.code}
    if problem.path:
        extensions["inputPath"] = list(problem.path)
    if problem.required is not None:
        extensions["required"] = _required(problem.required)
    values = {name: _plain(value) for name, value in problem.values.items()}
    return {**values, **extensions}


def _required(required: Requirement) -> dict[str, object]:
    return {
        "roles": list(required.roles),
        "scope": required.scope,
        "memberRoles": list(required.member_roles),
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
