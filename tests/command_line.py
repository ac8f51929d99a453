"""The command line as an operator uses it: an environment, and the installed command."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.database.addresses import Addresses
from portal.embedded import EmbeddedPostgres


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
    name = f"own_{worker_id}"
    cluster.drop_database(name)
    cluster.create_database(name)
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


def portal(environment: dict[str, str], *arguments: str) -> tuple[int, str, str]:
    """Run the installed command; gives its status, its output and its complaints."""
    done = subprocess.run(
        [Path(sys.executable).with_name("portal"), *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr
