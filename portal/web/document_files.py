"""``/documents``: files of documents and contracts, by links that are soon over.

They ask for the right again.
What the link says is no part of the path, which the log may tell.
"""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from permissions.scopes import viewer_of
from portal.actions.billing.document_file import file_of
from portal.actions.contract.contract_copy import file_of_copy
from portal.actions.contract.contract_paper import contract_paper
from portal.actions.printed_file import File
from portal.database.engines import set_viewer
from portal.errors import NotFound
from portal.installation import Installation
from portal.login.credentials import of_hashes
from portal.models import ContractCopy, Document
from portal.rules.billing.file_kind import DocumentFileKind
from portal.viewer import Viewer
from portal.web.bearer import shift_in
from portal.web.door.limiter import Limiter
from portal.web.graphql.budget import Budgets, caller_of, network_of_request
from portal.web.graphql.entity_tag import unless_known
from resolvers.points import OPTION
from resolvers.queries.billing.document_file import LINK_LIFE, PATH
from schema.access import FINANCIAL_READERS, PARTIES

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
        answer = Response(file.content, media_type=file.media_type)
        answer = unless_known(answer, file.sha256.hex(), request)
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _link(self, key: str) -> dict[str, Any] | None:
        if len(key) > _LONGEST_KEY:
            return None
        link: dict[str, Any] | None = self._installation.seal.found(key, LINK_LIFE.seconds)
        return link if link and link.get("is") in _FILES else None

    async def _viewer(self, link: dict[str, Any]) -> Viewer | None:
        """Give who asked for the link, with what they may now; None once their session is over."""
        installation = self._installation
        session = bytes.fromhex(link["session"])
        (found,) = await of_hashes(installation.database, [session], installation.now())
        return viewer_of(found) if found else None

    async def _file(self, viewer: Viewer, link: dict[str, Any]) -> File:
        """Give the file, as the viewer reads the database."""
        installation = self._installation
        engine = installation.database.engine_for(viewer)
        now = installation.now() + await shift_in(installation)
        async with AsyncSession(engine) as session, session.begin():
            await set_viewer(await session.connection(), viewer)
            file = await _FILES[link["is"]](session, viewer, link, now)
        if file is None:
            raise _missing()
        return file


async def _of_document(
    session: AsyncSession, viewer: Viewer, link: dict[str, Any], now: datetime
) -> File | None:
    document = await session.scalar(sa.select(Document).where(Document.id == UUID(link["id"])))
    if document is None or not FINANCIAL_READERS.allows(viewer, document.account_id):
        return None
    return await file_of(session, document, DocumentFileKind(link["kind"]), now)


async def _of_contract(
    session: AsyncSession, viewer: Viewer, link: dict[str, Any], now: datetime
) -> File | None:
    account_id = UUID(link["id"])
    if not PARTIES.allows(viewer, account_id):
        return None
    return await contract_paper(session, account_id, now)


async def _of_copy(
    session: AsyncSession, viewer: Viewer, link: dict[str, Any], _now: datetime
) -> File | None:
    copy = await session.scalar(sa.select(ContractCopy).where(ContractCopy.id == UUID(link["id"])))
    if copy is None or not PARTIES.allows(viewer, copy.account_id):
        return None
    return await file_of_copy(session, copy)


_FILES = {"document": _of_document, "contract": _of_contract, "copy": _of_copy}


def _missing() -> NotFound:
    return NotFound("There is no such file, or its link is over: ask for it again.")
