"""A release comes with the list of what it is made of."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


GRAPHIQL = ROOT / "portal" / "web" / "graphiql"
LOCKED = {
    (place.rpartition("node_modules/")[2], package["version"])
    for place, package in json.loads((GRAPHIQL / "package-lock.json").read_text())[
        "packages"
    ].items()
    if place
}


def test_the_list_of_parts_names_every_package_that_is_released(tmp_path: Path) -> None:
    listed = tmp_path / "portal.cdx.json"
    given = ("requirements", "requirements.txt", "--pyproject", "pyproject.toml", "--no-validate")
    for program in (
        ("-m", "cyclonedx_py", *given, "--output-reproducible", "--output-file", str(listed)),
        ("scripts/npm_parts.py", str(listed), str(GRAPHIQL / "package-lock.json")),
    ):
        subprocess.run(
            [sys.executable, *program],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT / ".venv" / "release")},
            check=True,
            capture_output=True,
        )
    made = json.loads(listed.read_text())
    assert (made["bomFormat"], made["metadata"]["component"]["name"]) == ("CycloneDX", "portal")
    lock = re.findall(
        r"^([\w.-]+)(?:\[[^]]+])?==([^\s;]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    parts = [(part["name"], part["version"]) for part in made["components"]]
    assert sorted(parts) == sorted([*lock, *LOCKED])
    assert all(part["externalReferences"] for part in made["components"])


def test_the_licence_of_every_package_of_graphiql_stands_beside_its_files() -> None:
    text = (GRAPHIQL / "packages" / "LICENSES.txt").read_text(encoding="utf-8")
    parts = re.split(rf"^{'=' * 80}$", text, flags=re.MULTILINE)
    named = [name for part in parts for name in part.strip().partition("\n")[0].split(", ")]
    assert sorted(named) == sorted(f"{name} {version}" for name, version in LOCKED)


def test_the_page_knows_graphiql_by_the_names_that_it_has() -> None:
    names = set(re.findall(r"graphiql-[a-z-]+", (GRAPHIQL / "page.css").read_text()))
    assert len(names) > 4
    code = (GRAPHIQL / "packages" / "graphiql.min.js").read_text(encoding="utf-8")
    assert {name for name in names if name not in code} == set()


def test_the_page_is_for_either_theme_and_for_narrow_screens() -> None:
    style = (GRAPHIQL / "page.css").read_text()
    assert "color-scheme: light dark;" in style
    assert "@media (max-width: 640px)" in style
    page = (GRAPHIQL / "page.html").read_text()
    assert all(re.findall(r"<option[^>]*>([^<]*)</option>", page))
