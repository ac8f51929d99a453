"""Ways to ask an application, without a socket."""

from collections.abc import Awaitable, Callable
from typing import Any

from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette

from tests import factories

Api = Callable[..., Awaitable[dict[str, Any]]]


def transport_of(app: Starlette, address: str | None = None) -> ASGITransport:
    """Give the way to an application from an address, or from one in a network of its own."""
    return ASGITransport(app, client=(address or factories.network(), 1))


def api_of(client: AsyncClient) -> Api:
    """Give the way to ask over a client."""

    async def api(document: str, viewer: str | None = None, **variables: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {viewer}"} if viewer else {}
        asked = {"query": document, "variables": variables}
        response = await client.post("/graphql", json=asked, headers=headers)
        answer: dict[str, Any] = response.json()
        assert response.status_code == 200, answer
        return without_cost(answer)

    return api


def without_cost(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out what every answer says of its cost."""
    extensions = answer.get("extensions", {})
    extensions.pop("cost", None)
    if not extensions:
        answer.pop("extensions", None)
    return answer
