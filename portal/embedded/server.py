"""The embedded server: the first user starts it, the last one stops it."""

import fcntl
import time
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from portal.database.addresses import ROLES, Addresses
from portal.database.roles import PASSWORD_VARIABLES, database_sql, roles_sql
from portal.embedded import cluster, postmaster
from portal.embedded.binaries import Binaries, found
from portal.embedded.folder import PORT, EmbeddedFault, ServerFolder

_PATIENCE = 60
"""Seconds that a server gets to start, which may include recovery after a crash."""
_LOG_LIMIT = 10_000_000


class EmbeddedPostgres:
    """A PostgreSQL server in ``folder``, shared by every process that starts it.

    It listens on a socket alone, asks each role for its password, and keeps everything in folders
    that only its own account may enter. With ``durable=False`` a crash of the machine, but not
    one of a process, may lose rows. Without ``binaries`` it takes the first that it finds.
    An operation of the portal may take so many ``seconds``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        binaries: Binaries | None = None,
        seconds: float = 10,
    ) -> None:
        self.folder = folder.resolve()
        self._binaries = binaries
        self._durable = durable
        self._seconds = seconds
        self._place: ServerFolder | None = None
        self._users: IO[str] | None = None

    @property
    def exists(self) -> bool:
        """Tell whether there is a database in the folder already."""
        return (self.folder / "data" / "PG_VERSION").exists()

    @property
    def binaries(self) -> Binaries:
        """The programs that the server was started with."""
        return self._started.binaries

    def start(self) -> None:
        """Make what is missing, start the server unless it runs, and count as one of its users."""
        if self._place is not None:
            return
        self._place = place = ServerFolder(self.folder, self._binaries or found())
        try:
            with place.locked():
                self._users = self._join(place)
        except BaseException:
            self._place = None
            place.close()
            raise

    def stop(self) -> bool:
        """Stop being a user; the last one stops the server. Tells whether this was the last."""
        if self._place is None or self._users is None:
            return False
        with self._place.locked():
            last = self._leave(self._place, self._users)
        self._place.close()
        self._place = self._users = None
        return last

    def addresses(self, database: str = "portal") -> Addresses:
        """Give each role's address of ``database``."""
        return Addresses.at(self._address(database), cluster.passwords(self._started))

    def superuser(self, database: str = "postgres") -> URL:
        """Give the address of the superuser, whom no row level security binds."""
        password = cluster.passwords(self._started)[cluster.SUPERUSER]
        return self._address(database).set(username=cluster.SUPERUSER, password=password)

    def create_database(self, name: str, template: str = "template0") -> None:
        """Make a database that belongs to ``portal_owner``; nothing when it is there already."""
        self._psql(database_sql(name, template))

    def drop_database(self, name: str) -> None:
        """Drop a database and cut its connections; nothing when there is none."""
        self._psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE);')

    @property
    def _started(self) -> ServerFolder:
        if self._place is None:
            message = f"The PostgreSQL in {self.folder} was not started here."
            raise EmbeddedFault(message)
        return self._place

    def _join(self, place: ServerFolder) -> IO[str]:
        """See to it that the server works, and give our share of its users."""
        if not self.exists:
            cluster.create(place, durable=self._durable)
        cluster.check_version(place)
        users = place.file(".users.lock", "a")
        try:
            if not self._comes_up(place):
                self._launch(place)
            cluster.complete_passwords(place)
            self._psql(roles_sql(seconds=self._seconds))
            fcntl.flock(users, fcntl.LOCK_SH)
        except BaseException:
            self._leave(place, users)
            raise
        return users

    def _leave(self, place: ServerFolder, users: IO[str]) -> bool:
        """Close our share of ``users``; when nobody else has one, stop the server."""
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._pg_ctl(place, "--mode=fast", "stop")
            return True

    def _comes_up(self, place: ServerFolder) -> bool:
        """Wait for a server that runs already; tells whether there is one."""
        deadline = time.monotonic() + _PATIENCE
        while postmaster.is_running(place.data, place.socket):
            if postmaster.is_ready(place.data):
                return True
            if time.monotonic() > deadline:
                message = f"PostgreSQL in {self.folder} runs and takes no connections."
                raise EmbeddedFault(message)
            time.sleep(0.02)
        return False

    def _launch(self, place: ServerFolder) -> None:
        cluster.configure(place, durable=self._durable)
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.rename(self.folder / "server.log.old")
        # No server works here, whatever these files say: a zombie or a stranger has its number.
        for stale in (place.data / "postmaster.pid", Path(f"{place.socket}.lock")):
            stale.unlink(missing_ok=True)
        cluster.renew_lost_passwords(place)
        deadline = time.monotonic() + _PATIENCE
        while self._pg_ctl(place, f"--log={place.seen}/server.log", "start"):
            words = place.last_words("server.log")
            # Processes of a server that was just killed may still hold its shared memory.
            if time.monotonic() > deadline or "shared memory block" not in words:
                message = f"PostgreSQL did not start: {words}"
                raise EmbeddedFault(message)
            time.sleep(0.1)

    def _pg_ctl(self, place: ServerFolder, *arguments: str) -> int:
        waiting = ("--wait", f"--timeout={_PATIENCE}")
        return place.run("pg_ctl", f"--pgdata={place.seen}/data", *waiting, *arguments)

    def _psql(self, script: str) -> None:
        place = self._started
        kept = cluster.passwords(place)
        connection = {
            "PGHOST": place.seen_socket_folder,
            "PGPORT": str(PORT),
            "PGUSER": cluster.SUPERUSER,
            "PGPASSWORD": kept[cluster.SUPERUSER],
            "PGDATABASE": "postgres",
        }
        roles = {PASSWORD_VARIABLES[role]: kept[role] for role in ROLES}
        arguments = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=on", "--file=-")
        if place.run("psql", *arguments, script=script, environment=connection | roles):
            message = f"PostgreSQL refused: {place.last_words('tools.log')}"
            raise EmbeddedFault(message)

    def _address(self, database: str) -> URL:
        return URL.create(
            "postgresql+asyncpg",
            database=database,
            query={"host": str(self._started.socket.parent), "port": str(PORT)},
        )
