"""A migration that another one overtook, as a merge leaves it, is named."""

from pathlib import Path

import pytest

from portal.database.migration import VERSIONS
from portal.database.migration_history import Overtaken, check_history

REMEDY = "Give the newer one a later number, and let it follow the last of the others."


def write(folder: Path, name: str, revision: str, follows: str | None) -> None:
    after = "None" if follows is None else f'"{follows}"'
    text = f'"""A step."""\n\nrevision = "{revision}"\ndown_revision = {after}\n'
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two migrations, the second after the first."""
    write(tmp_path, "0001_tables", "0001", None)
    write(tmp_path, "0002_walls", "0002", "0001")
    return tmp_path


def test_each_migration_here_follows_the_one_before():
    check_history(VERSIONS)


def test_a_migration_with_the_instant_of_its_draft_comes_after_those_with_numbers(folder: Path):
    write(folder, "20261127T215553_fax", "20261127T215553", "0002")
    check_history(folder)


@pytest.mark.parametrize(
    ("name", "revision", "follows", "sentence"),
    [
        ("0002_fax", "0002", "0001", "0002_fax and 0002_walls both have the number 0002."),
        ("0003_fax", "0003", "0001", "0002_walls and 0003_fax both follow 0001."),
        ("0003_fax", "0003", None, "0001_tables and 0003_fax both follow nothing."),
        ("0003_fax", "0003", "0009", "0003_fax follows 0009, which is not there."),
        ("0001_fax", "0001a", "0002", "0001_fax follows 0002_walls, which is later."),
    ],
)
def test_a_migration_that_another_one_overtook_is_named(
    folder: Path, name: str, revision: str, follows: str | None, sentence: str
):
    write(folder, name, revision, follows)
    with pytest.raises(Overtaken) as refusal:
        check_history(folder)
    assert str(refusal.value) == f"{sentence} {REMEDY}"
