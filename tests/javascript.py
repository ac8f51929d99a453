"""Programs of npm packages that the tests run; the packages are those of ``tests/node``."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "node"
# Set where a skipped test would hide a failure.
REQUIRED = "REQUIRE_NODE"


def node() -> str:
    """Give the path of Node.js; skips the test, or fails it, where something is missing."""
    node = shutil.which("node")
    installed = FOLDER / "node_modules" / ".package-lock.json"
    if node is None or not installed.exists():
        reason = "Node.js or its packages are missing: `make node` gets them"
        if os.environ.get(REQUIRED):
            pytest.fail(reason)
        pytest.skip(reason)
    return node


def run(program: str, *arguments: str, seconds: float = 60) -> str:
    """Run a program in ``tests/node`` and give what it printed."""
    done = subprocess.run(
        [node(), program, *arguments],
        cwd=FOLDER,
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
