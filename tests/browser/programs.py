"""The browser of the tests, and what looks for barriers in its pages."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent
_AXE = _FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_UNPACKED = _FOLDER / "chromium" / "node_modules" / "unpacked"
# The makers' own names; an Ubuntu has a chromium-browser that only tells of a snap.
_NAMES = ("chromium", "google-chrome")
# Set where a skipped test would hide a failure.
REQUIRED = "REQUIRE_BROWSER"


def chromium() -> dict[str, Any]:
    """Give how Chromium is started; skips the test, or fails it, where something is missing."""
    installed = next(filter(None, map(shutil.which, _NAMES)), None)
    if _AXE.exists() and installed:
        return {"executable_path": installed}
    if _AXE.exists() and _UNPACKED.exists():
        return {
            "executable_path": _UNPACKED / "chromium",
            # Its libraries and its fonts come with it: a bare machine has neither.
            "env": {
                **os.environ,
                "LD_LIBRARY_PATH": str(_UNPACKED / "al2023" / "lib"),
                "FONTCONFIG_FILE": str(_FOLDER / "chromium" / "fonts.conf"),
            },
        }
    reason = "A browser or axe-core is missing: `make browser` gets them"
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


def axe() -> str:
    """Give the script that looks for barriers."""
    return _AXE.read_text(encoding="utf-8")
