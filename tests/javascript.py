"""Programs of npm packages that the tests run, each in the folder of its packages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"
# Set where a skipped test would hide a failure.
REQUIRED = "REQUIRE_NODE"


def node(packages: Path = FOLDER) -> str:
    """Give the path of Node.js; skips the test, or fails it, where something is missing."""
    # `make node` puts it beside Python where the machine has none.
    node = shutil.which("node") or shutil.which("node", path=Path(sys.executable).parent)
    installed = packages / "node_modules" / ".package-lock.json"
    if node is None or not installed.exists():
        reason = "Node.js or its packages are missing: `make node` gets them"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    return node


def run(
    program: str,
    *arguments: str,
    packages: Path = FOLDER,
    folder: Path | None = None,
    seconds: float = 60,
    **settings: str,
) -> str:
    """Run a program that has its packages; give what it printed.

    It runs in ``folder``, else where its packages are, with ``settings`` in its environment.
    """
    done = subprocess.run(
        [node(packages), packages / program, *arguments],
        cwd=folder or packages,
        env=os.environ | settings,
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
