"""Add the packages of npm that come with a release to the list of its parts (CycloneDX).

python scripts/npm_parts.py portal.cdx.json package-lock.json
"""

import json
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main(file: Path, lock: Path) -> None:
    """Add them; what is no list of parts afterwards is not written."""
    listed = json.loads(file.read_text(encoding="utf-8"))
    locked = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    parts = (_part(place, package) for place, package in locked.items() if place)
    listed["components"] += {part["bom-ref"]: part for part in parts}.values()
    text = json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    version = SchemaVersion.from_version(listed["specVersion"])
    if fault := JsonStrictValidator(version).validate_str(text):
        sys.exit(f"This is no list of parts: {fault}")
    file.write_text(text, encoding="utf-8")


def _part(place: str, package: dict[str, Any]) -> dict[str, Any]:
    name, version = place.rpartition("node_modules/")[2], package["version"]
    address = f"pkg:npm/{quote(name, safe='/')}@{version}"
    algorithm, _, digest = package["integrity"].partition("-")
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "hashes": [{"alg": algorithm.replace("sha", "SHA-"), "content": b64decode(digest).hex()}],
        "licenses": [{"license": {"id": package["license"]}}],
        "purl": address,
        "externalReferences": [
            {"type": "distribution", "url": f"https://www.npmjs.com/package/{name}/v/{version}"}
        ],
    }


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
