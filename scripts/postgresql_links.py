"""Make the links that the packages of ``make postgresql`` list; a script of theirs would."""

import json
from pathlib import Path

PACKAGES = Path(__file__).parent.parent / "tests" / "postgresql" / "node_modules"

for package in PACKAGES.glob("postgresql-*"):
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text()):
        target, source = package / link["target"], package / link["source"]
        target.unlink(missing_ok=True)
        target.symlink_to(source.relative_to(target.parent))
