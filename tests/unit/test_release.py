"""A release comes with the list of what it is made of."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_list_of_parts_names_every_package_that_serving_gets(tmp_path: Path) -> None:
    listed = tmp_path / "portal.cdx.json"
    program = (sys.executable, "-m", "cyclonedx_py")
    given = ("requirements", "requirements.txt", "--pyproject", "pyproject.toml", "--validate")
    subprocess.run(
        [*program, *given, "--output-reproducible", "--output-file", listed],
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
    assert sorted(parts) == sorted(lock)
    assert all(part["externalReferences"] for part in made["components"])
