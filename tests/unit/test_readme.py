"""What the README says is what there is."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLScalarType, parse, validate

from portal.settings.table import settings_table
from schema.root import schema

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMA = schema._schema  # noqa: SLF001 -- no public name
TEXTS = [
    path
    for pattern in ("*.md", "docs/*.md")
    for path in sorted(ROOT.glob(pattern))
    if path.name not in {"schema.md", "CHANGELOG.md"}
]


@pytest.mark.check
def test_settings_are_as_the_readme_says():
    assert settings_table().strip() in README


@pytest.mark.check
@pytest.mark.parametrize("document", re.findall(r"```graphql\n(.*?)```", README, re.DOTALL))
def test_every_operation_that_is_shown_is_one(document):
    assert validate(SCHEMA, parse(document)) == []


@pytest.mark.check
def test_every_scalar_is_explained():
    used = {name for name, one in SCHEMA.type_map.items() if isinstance(one, GraphQLScalarType)}
    table = README.split("### What values look like in JSON")[1].split("##")[0]
    assert {name for name in used if f"`{name}`" not in table} == set()


@pytest.mark.check
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [one for one in targets if not (path.parent / one).exists()] == []


@pytest.mark.check
def test_the_settings_of_the_units_are_settings():
    for path in sorted((ROOT / "docs" / "deploy").iterdir()):
        for name in re.findall(r"\bPORTAL_[A-Z_]+", path.read_text(encoding="utf-8")):
            assert f"`{name.removesuffix('_FILE')}`" in settings_table(), (path.name, name)
