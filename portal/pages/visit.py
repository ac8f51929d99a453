"""A visit: one request for a page, who makes it, and what the API answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLSchema
from starlette.requests import Request

from portal.pages.failed import failed
from portal.pages.page import Page, answers_nothing
from portal.pages.posted import Posted
from portal.pages.variables import Variables
from portal.viewer import Language
from portal.web.graphql.operations import Caller, Operations
from portal.web.graphql.request import GraphQLRequest
from portal.web.graphql.request_cache import CachedRequest


@dataclass
class Visit:
    """One request for a page, and the errors of the fields that were left out of it."""

    request: Request
    page: Page
    caller: Caller
    operations: Operations
    is_logged_in: bool
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def language(self) -> Language:
        """In which language the page is."""
        return self.caller.viewer.language

    async def ask(self, name: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """Run one of the operations of the page, as ``POST /graphql`` does."""
        asked = GraphQLRequest(self.page.source, dict(variables), name)
        async with self.operations.limiter.place(self.caller.network):
            operation = self.operations.prepare(CachedRequest(asked))
            response = await self.operations.perform(operation, self.caller)
        errors: Any = response.get("errors", [])
        if response.get("data") is None:
            raise failed(errors, self.language)
        self.errors += errors
        data: dict[str, Any] = orjson.loads(orjson.dumps(response["data"]))
        if name == "Show" and answers_nothing(self.page, data):
            raise failed(self.errors, self.language)
        return data

    async def show(self, schema: GraphQLSchema) -> dict[str, Any]:
        """Read what the page shows: by the parts of its path, what the address asks, who looks."""
        pairs = [
            *self.request.query_params.multi_items(),
            *self.request.path_params.items(),
            ("isStaff", str(self.caller.viewer.is_staff).lower()),
        ]
        asked = Posted.of(pairs, self.language)
        variables = Variables(schema, asked).of(self.page.show)
        given = {name: value for name, value in variables.items() if value is not None}
        return await self.ask("Show", given)

    def refused(self, *path: str) -> str | None:
        """Say why a field was left out; None for one that was answered."""
        for error in self.errors:
            steps = [step for step in error.get("path", ()) if isinstance(step, str)]
            if tuple(steps[-len(path) :]) == path:
                return str(error["message"])
        return None
