"""A GraphQL request as GraphQL over HTTP describes it, every part's type checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from starlette.datastructures import QueryParams

from portal.errors import BadRequest

_PARTS = ("query", "variables", "operationName", "extensions")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A document, the values of its variables and which of its operations to run."""

    query: str
    variables: dict[str, object] = field(default_factory=dict)
    operation_name: str | None = None


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
    query = parts.get("query")
    if not isinstance(query, str):
        raise BadRequest("{part} must be a string.", path=["query"], part="query")
    name = parts.get("operationName")
    if not isinstance(name, str | None):
        raise BadRequest("{part} must be a string.", path=["operationName"], part="operationName")
    _map(parts, "extensions")
    # Some clients send an empty name for "none".
    return GraphQLRequest(query, _map(parts, "variables"), name or None)


def _map(parts: Mapping[str, object], name: str) -> dict[str, object]:
    value = parts.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest("{part} must be a JSON object.", path=[name], part=name)
    return value
