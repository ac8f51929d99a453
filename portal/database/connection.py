"""The one way to PostgreSQL, for every pool and command: the first host that can be used.

asyncpg knows several hosts too, but one that swallows packets uses up the time of all of them, and
one that is starting up keeps it from the next.
"""

from typing import Any

import asyncpg
from sqlalchemy import URL, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from portal.database.address import hosts_of
from portal.database.outage import NotWritable, is_outage, is_read_only

CONNECT_SECONDS = 5.0

# Which host was taken last: whoever comes next need not wait for those before it again.
_taken: dict[tuple[tuple[str | None, int], ...], int] = {}


async def connect(address: URL, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect to the first host that answers as the address asks; each has its share of the time.

    ``options`` are those of asyncpg. Raises NotWritable, or what the last host failed with.
    """
    places = tuple(hosts_of(address))
    first = _taken.get(places, 0)
    login: dict[str, Any] = {
        "user": address.username,
        "password": address.password,
        "database": address.database,
    }
    login |= {name: value for name, value in address.query.items() if name not in {"host", "port"}}
    failure: Exception = LookupError(f"{address} names no host.")
    standby: NotWritable | None = None
    for number in [*range(first, len(places)), *range(first)]:
        host, port = places[number]
        try:
            connection = await asyncpg.connect(
                host=host, port=port, timeout=CONNECT_SECONDS / len(places), **login, **options
            )
        except asyncpg.TargetServerAttributeNotMatched:
            standby = NotWritable("No host can be written to.")
        except Exception as error:
            if not is_outage(error):
                raise
            failure = error
        else:
            _taken[places] = number
            return connection
    # A host that lives says more than one that is gone.
    raise standby or failure


def engine_at(address: URL, **options: Any) -> AsyncEngine:
    """Give SQLAlchemy's pool of such connections.

    One that was lost while nobody used it, or that turned out read-only, is made anew.
    """
    # It reads no hosts from it, and has no password to print.
    named = URL.create(address.drivername, address.username, database=address.database)
    engine = create_async_engine(named, **options)

    async def opened(**given: Any) -> Any:
        for name in ("host", "port", "user", "password", "database"):
            given.pop(name, None)
        return await connect(address, **given)

    def told(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
        parameters["async_creator_fn"] = opened

    event.listen(engine.sync_engine, "do_connect", told)
    event.listen(engine.sync_engine, "checkout", _leave_lost)
    event.listen(engine.sync_engine, "handle_error", _leave_read_only)
    return engine


def libpq_options(address: URL) -> dict[str, str]:
    """Give an address as libpq wants it: psycopg, pg_dump and their like."""
    places = hosts_of(address)
    hosts = [host or "" for host, _ in places]
    given = {
        "host": ",".join(hosts),
        "port": ",".join(str(port) for _, port in places),
        "user": address.username,
        "password": address.password,
        "dbname": address.database,
        "sslmode": address.query.get("ssl"),
        "target_session_attrs": address.query.get("target_session_attrs"),
        # Of each host.
        "connect_timeout": f"{CONNECT_SECONDS:.0f}",
    }
    return {name: str(value) for name, value in given.items() if value}


def _leave_lost(connection: Any, _record: Any, _proxy: Any) -> None:
    if connection.driver_connection.is_closed():
        raise DisconnectionError("PostgreSQL closed the connection.")


def _leave_read_only(context: ExceptionContext) -> None:
    """Let a pool open new connections where the old ones lead to what is no primary any more."""
    if is_read_only(context.original_exception):
        context.is_disconnect = True
