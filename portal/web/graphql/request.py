"""A GraphQL request as GraphQL over HTTP describes it, every part's type checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from starlette.datastructures import QueryParams

from portal.errors import BadRequest

# What GraphQL passes over between tokens (GraphQL, 2.1.7).
_IGNORED = " \t\r\n,\ufeff"
_PARTS = ("query", "documentId", "variables", "operationName", "extensions")
HASHED = "sha256:"


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A document, the values of its variables and which of its operations to run.

    Without its text (``query``) a document is named by the SHA-256 of it, in hexadecimal, or by
    the id that a manifest gave it.
    """

    query: str | None
    variables: dict[str, object] = field(default_factory=dict)
    operation_name: str | None = None
    document_id: str | None = None
    sha256: str | None = None


def json_object(body: bytes | str) -> dict[str, object]:
    """Read a JSON object; BadRequest for anything else."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest("The request is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BadRequest("The request must be a JSON object.")
    return value


def of_body(body: bytes) -> GraphQLRequest:
    """Read the body of a POST."""
    return _of_parts(json_object(body))


def of_query_string(parameters: QueryParams) -> GraphQLRequest:
    """Read the parameters of a GET, whose maps are JSON text."""
    parts: dict[str, object] = {}
    for name in _PARTS:
        given = parameters.getlist(name)
        if len(given) > 1:
            raise BadRequest("{part} may be given once only.", path=[name], part=name)
        if given:
            is_map = name in ("variables", "extensions")
            parts[name] = json_object(given[0]) if is_map else given[0]
    return _of_parts(parts)


def _of_parts(parts: Mapping[str, object]) -> GraphQLRequest:
    query, document_id = _text(parts, "query"), _text(parts, "documentId")
    sha256 = _persisted_query(_map(parts, "extensions"))
    if document_id is not None and document_id.startswith(HASHED):
        sha256 = document_id.removeprefix(HASHED)
        document_id = None
    if query is None and document_id is None and sha256 is None:
        raise BadRequest("{part} must be a string.", path=["query"], part="query")
    if query is not None and not query.strip(_IGNORED):
        # As little a request as one without it, whatever the answer is written in.
        raise BadRequest("The document is empty.", path=["query"])
    # Some clients send an empty name for "none".
    name = _text(parts, "operationName") or None
    return GraphQLRequest(query, _map(parts, "variables"), name, document_id, sha256)


def _persisted_query(extensions: Mapping[str, object]) -> str | None:
    """Give the hash of Apollo's automatic persisted queries."""
    match extensions.get("persistedQuery"):
        case None:
            return None
        case {"version": 1, "sha256Hash": str(sha256)}:
            return sha256
    path = ["extensions", "persistedQuery"]
    raise BadRequest("{part} must have version 1 and a sha256Hash.", path=path, part=path[1])


def _text(parts: Mapping[str, object], name: str) -> str | None:
    value = parts.get(name)
    if not isinstance(value, str | None):
        raise BadRequest("{part} must be a string.", path=[name], part=name)
    return value


def _map(parts: Mapping[str, object], name: str) -> dict[str, object]:
    value = parts.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest("{part} must be a JSON object.", path=[name], part=name)
    return value
