"""Models are known by their import: one that nobody imports is no table."""

import sys
from pathlib import Path

import portal.models


def test_every_model_is_imported():
    folder = Path(portal.models.__file__).parent
    names = {
        ".".join(("portal.models", *path.relative_to(folder).with_suffix("").parts))
        for path in folder.rglob("*.py")
        if path.name != "__init__.py"
    }
    assert sorted(names - set(sys.modules)) == []
