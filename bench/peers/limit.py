"""The limit: a bare ASGI handler that sends one hand-written statement, and checks nothing.

No GraphQL, no login, no limits: headers say who asks. The viewer is set inside the statement, so
that row level security holds as it does for the portal. The answer of PostgreSQL is sent as it is.
"""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn

from bench.peers import change, statements
from portal.database.read_pool import MOST_READING

# As many as the portal has: for what it reads, and for what it changes.
READING = MOST_READING
CHANGING = 4
# The same that the portal asks of PostgreSQL.
_SETTINGS = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
_HEAD = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json")],
}


class Connections:
    """Connections with statements that are prepared once, and never reset between two requests."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._free: deque[Any] = deque()
        self._waiting: deque[asyncio.Future[Any]] = deque()

    async def open(self, address: str, texts: dict[str, str]) -> None:
        """Connect, and prepare the statements on each connection."""
        for _ in range(self._size):
            connection = await asyncpg.connect(address, server_settings=_SETTINGS)
            prepared = {name: await connection.prepare(text) for name, text in texts.items()}
            # Until the next one is done, the time of a statement counts from its preparation.
            await connection.execute("SELECT 1")
            self._free.append((connection, prepared))

    async def take(self) -> Any:
        """Give a connection and its statements, as soon as one is free."""
        if self._free:
            return self._free.pop()
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return await waiting

    def give_back(self, taken: Any) -> None:
        """Hand a connection to whoever waits longest."""
        if self._waiting:
            self._waiting.popleft().set_result(taken)
        else:
            self._free.append(taken)


class Limit:
    """The application."""

    def __init__(self) -> None:
        self.app, self.staff = Connections(READING), Connections(READING)
        self.changing = Connections(CHANGING)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request by the statement that its path names."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        headers = dict(scope["headers"])
        person = headers[b"x-person"].decode()
        accounts = headers[b"x-accounts"].decode()
        variables = orjson.loads(await _body(receive))["variables"]
        answer = await self._answers[scope["path"]](person, accounts, variables)
        await send(_HEAD)
        await send({"type": "http.response.body", "body": answer})

    @property
    def _answers(self) -> dict[str, Callable[..., Awaitable[bytes]]]:
        return {
            "/contract_page": self._contract_page,
            "/account_list": self._account_list,
            "/viewer": self._viewer,
            "/update_contract": self._update_contract,
        }

    async def _contract_page(self, person: str, accounts: str, variables: Any) -> bytes:
        id = UUID(variables["id"])
        return await _value(self.app, "contract_page", f"{{{accounts}}}", person, id)

    async def _account_list(self, person: str, accounts: str, variables: Any) -> bytes:
        return await _value(self.staff, "account_list", "{}", person, variables["first"])

    async def _viewer(self, person: str, accounts: str, variables: Any) -> bytes:
        return await _value(self.app, "viewer", f"{{{accounts}}}", person, [UUID(accounts)])

    async def _update_contract(self, person: str, accounts: str, variables: Any) -> bytes:
        taken = await self.changing.take()
        try:
            return await change.update_contract(taken, person, accounts, variables)
        finally:
            self.changing.give_back(taken)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        total = os.environ["BENCH_MONTHLY_TOTAL"] == "yes"
        await self.app.open(
            os.environ["BENCH_APP"],
            {
                "contract_page": statements.CONTRACT_PAGE,
                "viewer": statements.VIEWER,
            },
        )
        await self.changing.open(os.environ["BENCH_APP"], change.STATEMENTS)
        listed = {"account_list": statements.account_list(with_total=total)}
        await self.staff.open(os.environ["BENCH_STAFF"], listed)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


async def _value(connections: Connections, name: str, *arguments: Any) -> bytes:
    taken = await connections.take()
    try:
        found: str = await taken[1][name].fetchval(*arguments)
    finally:
        connections.give_back(taken)
    return found.encode()


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message.get("more_body"):
            return body


if __name__ == "__main__":
    uvicorn.run(
        Limit(),
        port=int(os.environ["BENCH_PORT"]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
    )
