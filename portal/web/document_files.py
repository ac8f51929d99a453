"""``/documents``: a file of a document, by a link that is over soon and asks for the right again.

What the link says is no part of the path, which the log may tell.
"""

import asyncio
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from permissions.scopes import viewer_of
from portal.actions.billing.document_file import File, file_of
from portal.database.engines import set_viewer
from portal.errors import NotFound
from portal.installation import Installation
from portal.login.credentials import of_hashes
from portal.models import Document
from portal.rules.billing.file_kind import DocumentFileKind
from portal.viewer import Viewer
from portal.web.door.limiter import Limiter
from portal.web.graphql.budget import Budgets, caller_of, network_of_request
from portal.web.graphql.entity_tag import unless_known
from resolvers.points import OPTION
from resolvers.queries.billing.document_file import LINK_LIFE, PATH
from schema.access import FINANCIAL_READERS

ROUTE = PATH
_LONGEST_KEY = 1_000
_PATIENCE_SECONDS = 10


class DocumentFiles:
    """The endpoint; each answer takes the place of an operation, and points of who asked."""

    def __init__(self, installation: Installation, limiter: Limiter, budgets: Budgets) -> None:
        self._installation = installation
        self._limiter = limiter
        self._budgets = budgets

    async def answer(self, request: Request) -> Response:
        """Answer the file; whatever is wrong with the link or the right is answered alike."""
        link = self._link(request.query_params.get("key", ""))
        place = self._limiter.place(network_of_request(request))
        async with place, asyncio.timeout(_PATIENCE_SECONDS):
            viewer = link and await self._viewer(link)
            if not link or not viewer:
                raise _missing()
            lease = self._budgets.lease_of(caller_of(viewer, request))
            await self._budgets.take(lease, OPTION)
            file = await self._file(viewer, link)
        is_pdf = file.kind is DocumentFileKind.PDF
        kind = "application/pdf" if is_pdf else "application/xml"
        answer = unless_known(Response(file.content, media_type=kind), file.sha256.hex(), request)
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _link(self, key: str) -> dict[str, Any] | None:
        if len(key) > _LONGEST_KEY:
            return None
        link: dict[str, Any] | None = self._installation.seal.found(key, LINK_LIFE.seconds)
        return link if link and link.get("is") == "document" else None

    async def _viewer(self, link: dict[str, Any]) -> Viewer | None:
        """Give who asked for the link, with what they may now; None once their session is over."""
        installation = self._installation
        session = bytes.fromhex(link["session"])
        (found,) = await of_hashes(installation.database, [session], installation.now())
        return viewer_of(found) if found else None

    async def _file(self, viewer: Viewer, link: dict[str, Any]) -> File:
        installation, id = self._installation, UUID(link["id"])
        engine = installation.database.engine_for(viewer)
        async with AsyncSession(engine) as session, session.begin():
            await set_viewer(await session.connection(), viewer)
            document = await session.scalar(sa.select(Document).where(Document.id == id))
            if document is None or not FINANCIAL_READERS.allows(viewer, document.account_id):
                raise _missing()
            kind = DocumentFileKind(link["kind"])
            file = await file_of(session, document, kind, installation.now())
        if file is None:
            raise _missing()
        return file


def _missing() -> NotFound:
    return NotFound("There is no such file, or its link is over: ask for it again.")
