"""What one request knows, and what every resolver receives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
import strawberry
from graphql import GraphQLResolveInfo
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from permissions.viewing import parameters_of, viewing_of
from portal.clock import UNMOVED
from portal.database.deadlock import until_done
from portal.database.engines import set_viewer
from portal.database.outage import is_read_only
from portal.errors import PortalError, Unavailable
from portal.installation import Installation
from portal.language.global_id import decode
from portal.login.throttle import Throttle, Throttled
from portal.mail.limit import MailLimit
from portal.models import Base
from portal.viewer import Viewer
from portal.writing.audit import Actor, Occasion
from portal.writing.transaction import Transaction
from resolvers.loaders import Loaders, Projection
from resolvers.pace import Pace
from resolvers.points import Meter
from resolvers.record import Record

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")


class Compiled(Protocol):
    """Reads for mutations, each time by one statement with a snapshot of its own."""

    async def row(self, info: GraphQLResolveInfo[Any], id: str) -> Any:
        """Give the row that answers a field; None where the standard lane has to."""

    async def account_of(self, context: "Context", type_name: str, id: UUID) -> UUID | None:
        """Give the account of a row that the viewer may see; None for any other row."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a request came, how far the portal's clock is moved from that, and its network."""

    at: datetime
    shift: timedelta = UNMOVED
    network: str = ""


class Context:
    """The viewer, the instant, and one snapshot of the database to read from."""

    # Which model stands behind the type of a global id; filled by the schema.
    nodes: dict[str, type[Base]] = {}  # noqa: RUF012  (one schema, filled once)

    def __init__(self, installation: Installation, viewer: Viewer, arrival: Arrival) -> None:
        self.installation = installation
        self.viewer = viewer
        # The real time, for what a moved clock leaves alone.
        self.received_at = arrival.at
        self.now = arrival.at + arrival.shift
        self.throttle = Throttle(installation.seal, arrival.network)
        self.viewing = viewing_of(viewer)
        self.loaders = Loaders(self)
        # What reads for mutations in the compiled lane, where that is on.
        self.compiled: Compiled | None = None
        self.refusals: dict[str, tuple[PortalError, ...]] | None = None
        # The accounts of which a guarded field was answered.
        self.touched: set[UUID] = set()
        self.meter = Meter()
        self.pace = Pace()
        self._engine = installation.database.engine_for(viewer)
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._reads: set[asyncio.Task[Any] | None] = set()

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The values that every statement of this request may name."""
        return dict(parameters_of(self.viewer, self.now, self.installation.language))

    @property
    def mail_limit(self) -> MailLimit:
        """How much mail the viewer may cause to people who have not asked for it."""
        return MailLimit(self.throttle, self.viewer.id, self.installation.most_mails)

    async def read(self, statement: sa.Select[Any], **parameters: Any) -> Sequence[sa.Row[Any]]:
        """Give the rows of a statement, in the one snapshot that this request reads."""
        async with self._reading() as connection:
            result = await connection.execute(statement, self.parameters | parameters)
            rows: Sequence[sa.Row[Any]] = result.all()
            return rows

    async def read_rows(self, read: Callable[[AsyncSession], Awaitable[_Read]]) -> _Read:
        """Give what an action reads by statements of its own, in the same snapshot."""
        async with self._reading() as connection, AsyncSession(connection) as session:
            return await read(session)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection with the snapshot, to one at a time."""
        task = asyncio.current_task()
        self._reads.add(task)
        try:
            async with self._turn:
                if self._connection is None:
                    self._connection = await self._snapshot()
                yield self._connection
        finally:
            self._reads.discard(task)

    async def find(self, id: str, asked: Projection = Projection()) -> Record | None:  # noqa: B008
        """Find the row behind a global id; None when the viewer may not see one."""
        decoded = decode(id)
        if decoded is None or decoded[0] not in self.nodes:
            return None
        record: Record | None = await self.loaders.by_id(self.nodes[decoded[0]], asked).load(
            decoded[1]
        )
        return record

    async def account_of(self, id: str) -> UUID | None:
        """Find the account of a row that the viewer may see."""
        decoded = decode(id)
        if self.compiled is None or decoded is None or decoded[0] not in self.nodes:
            record = await self.find(id)
            return record.account_id if record else None
        return await self.compiled.account_of(self, *decoded)

    async def count_attempt(self, attempt: Throttled) -> None:
        """Count an attempt, whatever comes of it; RateLimited when it is too early for one."""
        await self.end_snapshot()
        await self.throttle.count(self.installation.database, attempt, self.received_at)

    async def take_back_attempt(self, attempt: Throttled) -> None:
        """Count an attempt of this request no more; those before it stay."""
        await self._afterwards(
            lambda connection: self.throttle.take_back(connection, attempt, self.received_at)
        )

    async def forget_attempt(self, attempt: Throttled) -> None:
        """Start counting anew, at once."""
        await self._afterwards(lambda connection: self.throttle.forget(connection, attempt))

    async def _afterwards(self, work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Do it in a transaction whose failure is only logged, as what was tried is done."""

        async def once() -> None:
            async with self.installation.database.login.begin() as connection:
                await work(connection)

        try:
            await until_done(once)
        except (Unavailable, SQLAlchemyError, OSError, TimeoutError):
            _log.warning("Attempts were not forgotten.", exc_info=True)

    @asynccontextmanager
    async def transaction(
        self,
        action: str,
        account_id: UUID | None = None,
        *,
        kept: bool = True,
        of_login: bool = False,
    ) -> AsyncIterator[Transaction]:
        """Open the one transaction of a mutation: history included, committed at its end.

        The account that it is about is locked first, so that changes inside one account never
        wait in a circle. Rolled back instead where nothing of it is to be ``kept``. What is
        ``of_login`` runs as the one role that may make a login.
        """
        await self.end_snapshot()
        actor = Actor(self.viewer.role, self.viewer.id, self.viewer.name)
        engine = self.installation.database.login if of_login else self._engine
        transaction = await Transaction.on(engine, Occasion(actor, action, self.now))
        is_committed, is_spoilt = False, False
        try:
            await transaction.begin(self.viewer, account_id, self.received_at)
            yield transaction
            if kept:
                await transaction.commit()
                is_committed = True
        except BaseException as error:
            is_spoilt = not isinstance(error, Exception) or is_read_only(error)
            raise
        finally:
            if not is_committed:
                # A second cancellation must not leave the connection behind.
                await asyncio.shield(transaction.abandon(is_spoilt=is_spoilt))
            if transaction.login_change.is_possible:
                self.installation.database.writes += 1

    async def end_snapshot(self) -> None:
        """Forget what was read; what is read next is read anew."""
        async with self._turn:
            self.loaders = Loaders(self)
            connection, self._connection = self._connection, None
            if connection is not None:
                await connection.close()

    async def close(self) -> None:
        """Stop what still reads for nobody, and give the connection back.

        A batch of a loader is a task of its own: it does not end with the request.
        """
        self.pace.give_up()
        if self._connection is not None or self._reads:
            # A second cancellation must not leave the connection behind.
            await asyncio.shield(self._stop())

    async def _stop(self) -> None:
        abandoned = [task for task in self._reads if task is not None]
        for task in abandoned:
            task.cancel()
        await asyncio.gather(*abandoned, return_exceptions=True)
        await self.end_snapshot()

    async def _snapshot(self) -> AsyncConnection:
        connection = await self._engine.connect()
        try:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            await set_viewer(connection, self.viewer)
        except BaseException:
            await connection.close()
            raise
        return connection


class Info(strawberry.Info[Context, None]):
    """What Strawberry hands to a resolver, with graphql-core's own info in it."""

    @property
    def raw(self) -> GraphQLResolveInfo[Any]:
        """The selection, the path and the schema of the field."""
        return self._raw_info
