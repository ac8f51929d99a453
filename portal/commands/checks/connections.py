"""Whether PostgreSQL has a connection for everybody who may want one."""

from portal.app import connections_of
from portal.commands.checks.finding import Examined, Finding, well, wrong
from portal.database.connection import connect
from portal.jobs.worker import CONNECTIONS as OF_A_WORKER

_ASKED = """
    SELECT current_setting('max_connections')::integer
      - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0)
"""


async def connections(examined: Examined) -> list[Finding]:
    """Add up what the processes and a worker may take, and compare it with max_connections."""
    each = connections_of(examined.settings, examined.addresses)
    needed = each * examined.processes + OF_A_WORKER
    connection = await connect(examined.addresses.owner)
    try:
        given = await connection.fetchval(_ASKED)
    finally:
        connection.terminate()
    processes = "process" if examined.processes == 1 else "processes"
    sentence = (
        f"{examined.processes} serving {processes} ({each} each) and a worker ({OF_A_WORKER}) take"
        f" up to {needed} connections; PostgreSQL gives {given}"
    )
    if needed <= given:
        return [well(sentence)]
    return [wrong(f"{sentence}: raise max_connections, or lower PORTAL_CONCURRENCY or --workers")]
