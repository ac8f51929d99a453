"""``/files/<id>``: a logo or a document of the operator, for everybody."""

import asyncio
from types import MappingProxyType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from portal.database.engines import set_viewer
from portal.errors import NotFound
from portal.installation import Installation
from portal.rules.file_kind import FileKind
from portal.rules.public_file import PATH
from portal.viewer import ANONYMOUS
from portal.web.door.limiter import Limiter
from portal.web.graphql.budget import Budgets, caller_of, network_of_request
from portal.web.graphql.entity_tag import unless_known
from resolvers.points import OPTION

ROUTE = f"{PATH}{{id}}"
_FIND = sa.text("SELECT kind, hash, content FROM public_file(:id)").bindparams(
    sa.bindparam("id", type_=sa.Uuid())
)
_TYPES = MappingProxyType(
    {
        FileKind.PDF: "application/pdf",
        FileKind.PNG: "image/png",
        FileKind.JPEG: "image/jpeg",
    }
)
_PATIENCE_SECONDS = 10
# What is uploaded never changes. Nothing in it runs or loads anything, whatever it is.
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


class Files:
    """The endpoint; each answer takes the place of an operation, and points of its network."""

    def __init__(self, installation: Installation, limiter: Limiter, budgets: Budgets) -> None:
        self._installation = installation
        self._limiter = limiter
        self._budgets = budgets

    async def answer(self, request: Request) -> Response:
        """Answer the file, or 304; one that is not for everybody is as one that does not exist."""
        place = self._limiter.place(network_of_request(request))
        async with place, asyncio.timeout(_PATIENCE_SECONDS):
            lease = self._budgets.lease_of(caller_of(ANONYMOUS, request))
            await self._budgets.take(lease, OPTION)
            found = await self._found(request.path_params["id"])
        if found is None:
            raise NotFound("There is no such file.")
        answer = Response(found.content, media_type=_TYPES[FileKind(found.kind)])
        answer = unless_known(answer, found.hash.hex(), request)
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer

    async def _found(self, given: str) -> sa.Row[tuple[str, bytes, bytes]] | None:
        try:
            id = UUID(given)
        except ValueError:
            return None
        async with AsyncSession(self._installation.database.app) as session, session.begin():
            await set_viewer(await session.connection(), ANONYMOUS)
            return (await session.execute(_FIND, {"id": id})).one_or_none()
