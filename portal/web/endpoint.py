"""The GraphQL endpoint (GraphQL over HTTP)."""

from uuid import UUID

from graphql import OperationType
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from portal.app_use import note_app_use
from portal.clock import now
from portal.database import Database
from portal.errors import PortalError
from portal.viewer import Role, Viewer
from portal.web.answer import failure_answer, graphql_answer, language_for
from portal.web.bearer import viewer_for
from portal.web.document import DocumentRefused
from portal.web.execution import Execution, refusal_of
from portal.web.failure import described
from portal.web.graphiql import Graphiql
from portal.web.media import GRAPHQL, HTML, JSON, is_json, preferred
from portal.web.request import GraphQLRequest, of_body, of_query_string
from portal.web.viewers import Viewers


class GraphQLEndpoint:
    """POST for every operation, GET for queries; a page to try them where there is one."""

    def __init__(
        self,
        execution: Execution,
        database: Database,
        viewers: Viewers,
        graphiql: Graphiql | None,
    ) -> None:
        self._execution = execution
        self._database = database
        self._viewers = viewers
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, whatever its method."""
        answer = await self._answer(Request(scope, receive))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "POST"}:
            raise HTTPException(405, "This method is not served.", {"Allow": "GET, POST"})
        if self._graphiql and _wants_page(request):
            return self._graphiql.page()
        media_type = preferred(request.headers.get("accept"), (JSON, GRAPHQL))
        if media_type is None:
            raise HTTPException(406, "The answer is JSON: the request must accept it.")
        try:
            asked = await _asked(request)
            viewer = await viewer_for(request, self._viewers, now())
        except PortalError as error:
            return failure_answer(
                error, language_for(request), request.scope["path"], media_type=media_type
            )
        touched: set[UUID] = set()
        answer = graphql_answer(await self._response(request, asked, viewer, touched), media_type)
        if viewer.role is Role.PARTNER and viewer.id and touched:
            answer.background = BackgroundTask(
                note_app_use, self._database, viewer.id, touched, now()
            )
        return answer

    async def _response(
        self, request: Request, asked: GraphQLRequest, viewer: Viewer, touched: set[UUID]
    ) -> dict[str, object]:
        try:
            operation = self._execution.prepare(asked)
        except DocumentRefused as refused:
            return refusal_of(refused, viewer)
        except PortalError as error:
            return {"errors": described(error, viewer.language)}
        is_query = operation.definition.operation is OperationType.QUERY
        if request.method == "GET" and not is_query:
            raise HTTPException(405, "Only queries may use GET.", {"Allow": "POST"})
        return await self._execution.perform(operation, viewer, now(), touched)


async def _asked(request: Request) -> GraphQLRequest:
    if request.method == "GET":
        return of_query_string(request.query_params)
    if not is_json(request.headers.get("content-type")):
        raise HTTPException(415, "The body must be application/json in UTF-8.")
    return of_body(await _body(request))


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
    if request.method != "GET" or "query" in request.query_params:
        return False
    return preferred(request.headers.get("accept"), (JSON, GRAPHQL, HTML)) == HTML
