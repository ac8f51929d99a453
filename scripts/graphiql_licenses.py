"""Write down the licence of every package that GraphiQL's files are made of.

    python scripts/graphiql_licenses.py FOLDER FILE

FOLDER holds a package-lock.json and, in node_modules, what npm installed by it.
"""

import json
import sys
from pathlib import Path

_NAMES = ("license", "licence", "copying", "notice")


def main(folder: Path, file: Path) -> None:
    """Write the texts, each once, below the packages that come with it."""
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    packages: dict[str, list[str]] = {}
    for place, package in lock["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            text = _text(folder / place) or f"The package brings no text: {package['license']}."
            packages.setdefault(text, []).append(f"{name} {package['version']}")
    parts = (f"{', '.join(sorted(set(those)))}\n\n{text}\n" for text, those in packages.items())
    file.write_text(f"\n{'=' * 80}\n\n".join(sorted(parts)), encoding="utf-8")


def _text(package: Path) -> str:
    files = [one for one in package.iterdir() if one.name.lower().startswith(_NAMES)]
    texts = [one.read_text(encoding="utf-8").strip() for one in sorted(files)]
    return "\n\n".join("\n".join(line.rstrip() for line in text.splitlines()) for text in texts)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
