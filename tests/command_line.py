"""The command line as an operator uses it: an environment, and the command."""

import io
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from unittest.mock import patch

import pytest

from portal import cli
from portal.database.addresses import Addresses
from portal.embedded import EmbeddedPostgres
from tests.forked import Forked

# What goes on until a signal, and sets up the log of its process.
_PROCESSES = {"serve", "worker"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give an environment with a data folder of this test alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return kept | {"PORTAL_DATA": str(tmp_path / "var")}


@pytest.fixture
def own(
    cluster: EmbeddedPostgres, environment: dict[str, str], worker_id: str
) -> Iterator[dict[str, str]]:
    """Give the settings of an empty database in a PostgreSQL of one's own."""
    yield from _database(cluster, environment, f"own_{worker_id}")


@pytest.fixture
def migrated(
    cluster: EmbeddedPostgres, environment: dict[str, str], worker_id: str, template: str
) -> Iterator[dict[str, str]]:
    """Give the settings of a database like ``own``, with its tables."""
    yield from _database(cluster, environment, f"own_{worker_id}", template)


def _database(
    cluster: EmbeddedPostgres, environment: dict[str, str], name: str, *template: str
) -> Iterator[dict[str, str]]:
    cluster.drop_database(name)
    cluster.create_database(name, *template)
    yield environment | settings(cluster.addresses(name))
    cluster.drop_database(name)


def settings(addresses: Addresses) -> dict[str, str]:
    """Give the settings that lead to these addresses."""
    app = addresses.app
    return {
        "PORTAL_DATABASE_URL": f"postgresql:///{app.database}?host={app.query['host']}",
        "PORTAL_OWNER_PASSWORD": str(addresses.owner.password),
        "PORTAL_APP_PASSWORD": str(addresses.app.password),
        "PORTAL_STAFF_PASSWORD": str(addresses.staff.password),
        "PORTAL_LOGIN_PASSWORD": str(addresses.login.password),
        "PORTAL_WORKER_PASSWORD": str(addresses.worker.password),
    }


def portal(environment: dict[str, str], *arguments: str, answers: str = "") -> tuple[int, str, str]:
    """Run a command, and answer what it asks; gives its status, its output and its complaints.

    It runs beside the loop of the tests, as a process takes seconds to start.
    """
    if _PROCESSES & set(arguments):
        return _forked(environment, *arguments)
    output, complaints = io.StringIO(), io.StringIO()

    def run() -> int:
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", ["portal", *arguments]),
        patch.object(sys, "stdin", io.StringIO(answers)),
        redirect_stdout(output),
        redirect_stderr(complaints),
        ThreadPoolExecutor(1) as pool,
    ):
        status = pool.submit(run).result(timeout=300)
    return status, output.getvalue(), complaints.getvalue()


def _forked(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    with (
        TemporaryFile("w+") as complaints,
        Forked(*arguments, env=environment, stderr=complaints) as process,
    ):
        output = process.communicate(timeout=300)
        complaints.seek(0)
        return process.wait(), output, complaints.read()
