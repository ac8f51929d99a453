"""Two PostgreSQL clusters, the second one a hot standby of the first, on ports of this machine."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.database.address import read_address
from portal.database.addresses import ROLES, Addresses
from portal.database.roles import PASSWORD_VARIABLES, roles_sql
from portal.embedded.binaries import found
from portal.embedded.folder import ServerFolder

PASSWORDS = {role: f"a-password-of-{role}" for role in ROLES}
_PASSWORD = "a-password-of-all"  # noqa: S105  (of clusters that are thrown away)
_SUPERUSER = {"PGUSER": "postgres", "PGPASSWORD": _PASSWORD, "PGDATABASE": "postgres"}
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
max_connections = 60
hot_standby_feedback = on
"""


@dataclass
class Node:
    """One cluster, in a folder of its own."""

    place: ServerFolder
    port: int

    def start(self) -> None:
        """Start the server; a standby is ready when it can be read."""
        log, options = f"--log={self.place.seen}/log", f"--options=-c port={self.port}"
        self.run("pg_ctl", "--wait", log, options, "start")

    def stop(self) -> None:
        """Stop the server, as an operator does."""
        self.run("pg_ctl", "--wait", "--mode=fast", "stop")

    def kill(self) -> None:
        """Kill the server, as a machine does that loses its power."""
        os.kill(int((self.place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def promote(self) -> None:
        """Make the primary of a standby."""
        self.run("pg_ctl", "--wait", "promote")

    def psql(self, script: str, **environment: str) -> str:
        """Run a script as superuser, and give what it prints."""
        given = _SUPERUSER | {"PGHOST": "127.0.0.1", "PGPORT": str(self.port)} | environment
        arguments = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align")
        self._done("psql", *arguments, "--set=ON_ERROR_STOP=on", script=script, environment=given)
        return self.place.last_words("tools.log")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on the data."""
        self._done(program, f"--pgdata={self.place.seen}/data", *arguments)

    def _done(self, program: str, *arguments: str, **given: object) -> None:
        status = self.place.run(program, *arguments, **given)  # type: ignore[arg-type]
        assert status == 0, self.place.last_words("tools.log")


@dataclass
class Pair:
    """A primary and its standby."""

    primary: Node
    standby: Node

    def url(self, *nodes: Node) -> str:
        """Give the address of these nodes, of both unless some are named."""
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in nodes or (self.primary, self.standby))
        return f"postgresql://{hosts}/portal"

    def addresses(self, *nodes: Node) -> Addresses:
        """Give each role's address of these nodes."""
        return Addresses.at(read_address(self.url(*nodes)), PASSWORDS)

    def settings(self, *nodes: Node) -> dict[str, str]:
        """Give the settings that lead to these nodes."""
        passwords = {PASSWORD_VARIABLES[role]: PASSWORDS[role] for role in ROLES}
        return {"PORTAL_DATABASE_URL": self.url(*nodes), **passwords}


@contextmanager
def replicated(folder: Path) -> Iterator[Pair]:
    """Start both, with the portal's roles and an empty database; nothing is left running."""
    with ExitStack() as stack:
        ports = _free_ports(2)
        nodes = []
        for name, port in zip(("primary", "standby"), ports, strict=True):
            place = ServerFolder(folder / name, found())
            stack.callback(place.close)
            nodes.append(Node(place, port))
        primary, standby = nodes
        stack.callback(_end, primary)
        stack.callback(_end, standby)
        primary.place.write("password", _PASSWORD)
        primary.run(
            "initdb",
            "--username=postgres",
            f"--pwfile={primary.place.seen}/password",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        with (primary.place.data / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)
        primary.start()
        primary.psql(roles_sql(), **{PASSWORD_VARIABLES[role]: PASSWORDS[role] for role in ROLES})
        source = f"host=127.0.0.1 port={primary.port} user=postgres password={_PASSWORD}"
        standby.run(
            "pg_basebackup",
            f"--dbname={source}",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--no-sync",
        )
        standby.start()
        yield Pair(primary, standby)


def _end(node: Node) -> None:
    """End what still runs, whoever it was promoted by."""
    if (node.place.data / "postmaster.pid").exists():
        node.place.run("pg_ctl", f"--pgdata={node.place.seen}/data", "--mode=immediate", "stop")


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
        for server in servers:
            stack.enter_context(server)
        return [server.getsockname()[1] for server in servers]
