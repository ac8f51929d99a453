"""PostgreSQL's programs of every version that the portal works with."""

import os
import re
from pathlib import Path

import pytest

from portal.embedded import OLDEST, Binaries, found

PACKAGES = Path(__file__).parent / "postgresql" / "node_modules"
# Set where a skipped test would hide a failure.
REQUIRED = "REQUIRE_POSTGRESQL"
MAJORS = range(OLDEST, 19)


def programs(major: int) -> Binaries:
    """Give the programs of a version; skips the test, or fails it, where they are missing."""
    newest = found()
    if newest.major == major:
        return newest
    for package in PACKAGES.glob(f"postgresql-{major}-*"):
        version = re.search(r'"version": "(.+)"', (package / "package.json").read_text())
        assert version
        folder = package / "native" / "bin"
        return Binaries(folder, major, f"npm {version[1]}", clients=newest.folder)
    reason = f"PostgreSQL {major} is missing: `make postgresql` gets it"
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)
