"""The GraphQL endpoint (GraphQL over HTTP)."""

from uuid import UUID

from graphql import OperationType
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from portal.actions.partner.app_use import note_app_use
from portal.errors import PortalError, Unavailable
from portal.viewer import Role
from portal.web.answer import failure_answer, graphql_answer, http_failure, language_for
from portal.web.bearer import caller_for
from portal.web.door.compression import WORTH_COMPRESSING, compressed
from portal.web.door.headers import header
from portal.web.door.negotiation import GRAPHQL, HTML, JSON, is_json, preferred
from portal.web.door.shaper import Shaper
from portal.web.failure import described
from portal.web.graphiql.page import Graphiql
from portal.web.graphql.budget import network_of_request
from portal.web.graphql.document import DocumentRefused
from portal.web.graphql.entity_tag import tagged
from portal.web.graphql.execution import refusal_of
from portal.web.graphql.operations import Caller, Operations
from portal.web.graphql.request import of_query_string
from portal.web.graphql.request_cache import CachedRequest
from portal.web.viewers import Viewers

_METHODS = {"GET", "POST"}


class GraphQLEndpoint:
    """POST for every operation, GET for queries; a page to try them where there is one."""

    def __init__(
        self,
        operations: Operations,
        viewers: Viewers,
        shaper: Shaper,
        graphiql: Graphiql | None,
    ) -> None:
        self._operations = operations
        self._installation = viewers.installation
        self._viewers = viewers
        self._shaper = shaper
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whatever its method."""
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except HTTPException as error:
            await self._shaper.turn(scope)
            answer = await http_failure(request, error)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        method = request.scope["method"]
        if method not in _METHODS:
            raise HTTPException(405, "This method is not served.", {"Allow": "GET, POST"})
        if self._graphiql and method == "GET" and _wants_page(request):
            await self._shaper.turn(request.scope)
            return self._graphiql.page()
        media_type = preferred(header(request.scope, b"accept"), (JSON, GRAPHQL))
        if media_type is None:
            raise HTTPException(406, "The answer is JSON: the request must accept it.")
        try:
            asked = await self._asked(request)
            # Whoever sends a body slowly takes nobody's place meanwhile.
            async with self._operations.limiter.place(network_of_request(request)):
                answer = await self._served(request, asked, media_type)
        except PortalError as error:
            if not isinstance(error, Unavailable):
                # Nobody has paid for it.
                await self._shaper.turn(request.scope)
            return failure_answer(
                error, language_for(request), request.scope["path"], media_type=media_type
            )
        if len(answer.body) < WORTH_COMPRESSING:
            return answer
        return await compressed(answer, header(request.scope, b"accept-encoding"))

    async def _asked(self, request: Request) -> CachedRequest:
        if request.scope["method"] == "GET":
            return CachedRequest(of_query_string(request.query_params))
        if not is_json(header(request.scope, b"content-type")):
            raise HTTPException(415, "The body must be application/json in UTF-8.")
        return self._operations.requested(await _body(request))

    async def _served(self, request: Request, asked: CachedRequest, media_type: str) -> Response:
        viewer, shift = await caller_for(request, self._viewers)
        touched: set[UUID] = set()
        try:
            operation = self._operations.prepare(asked)
        except DocumentRefused as refused:
            response = refusal_of(refused, viewer)
        except PortalError as error:
            response = {"errors": described(error, viewer.language)}
        else:
            is_query = operation.query.definition.operation is OperationType.QUERY
            if request.scope["method"] == "GET" and not is_query:
                raise HTTPException(405, "Only queries may use GET.", {"Allow": "POST"})
            caller = Caller(viewer, shift, network_of_request(request))
            response = await self._operations.perform(operation, caller, touched)
        answer = graphql_answer(response, media_type)
        if request.scope["method"] == "GET" and "data" in response and "errors" not in response:
            answer = tagged(answer, response["data"], request, viewer)
        if viewer.role is Role.PARTNER and viewer.id and touched:
            answer.background = BackgroundTask(
                note_app_use,
                self._installation.database,
                viewer.id,
                touched,
                self._installation.now() + shift,
            )
        return answer


async def _body(request: Request) -> bytes:
    """Read the body; most come in one piece."""
    body: bytes = b""
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


def _wants_page(request: Request) -> bool:
    if {"query", "documentId", "extensions"} & set(request.query_params):
        return False
    return preferred(header(request.scope, b"accept"), (JSON, GRAPHQL, HTML)) == HTML
