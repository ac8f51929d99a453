"""Nothing is taken from those who use the API without a word in the changelog."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.breaking import BASELINE, SDL, breaking_changes, released, unnamed

ROOT = Path(__file__).parent.parent.parent
OLD = """
directive @allowed(roles: [Role!]!, scope: Scope, memberRoles: [MemberRole!]) on
  FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION
enum Role { ANONYMOUS CUSTOMER EMPLOYEE MANAGER PARTNER }
enum Scope { READ WRITE }
enum MemberRole { OWNER ADMIN }
union Result = Account | Refusal
type Refusal { code: String! }
type Account {
  name: String @allowed(roles: [CUSTOMER, MANAGER])
  iban: String @allowed(roles: [CUSTOMER], scope: READ, memberRoles: [OWNER])
  open: Int
}
input Change { name: String, note: String }
type Query { account(id: ID, at: Int): Account change(input: Change): Result }
"""


@pytest.mark.check
def test_what_breaks_is_named_in_the_changelog():
    changes = breaking_changes(released(ROOT), (ROOT / SDL).read_text(encoding="utf-8"))
    assert unnamed(changes, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("was", "now", "coordinates"),
    [
        ("  open: Int\n", "", ["Account.open"]),
        ("open: Int", "open: String", ["Account.open"]),
        ("open: Int", "open: Int!", []),
        ("open: Int", "open: Int more: Int", []),
        (", at: Int", "", ["Query.account(at:)"]),
        ("at: Int", "at: Int!", ["Query.account(at:)"]),
        ("note: String", "note: String, why: String!", ["Change.why"]),
        ("note: String", "note: String, why: String", []),
        ("enum Scope { READ WRITE }", "enum Scope { READ }", ["Scope.WRITE"]),
        ("Account | Refusal", "Account", ["Refusal"]),
        ("[CUSTOMER, MANAGER]", "[MANAGER]", ["Account.name"]),
        ("[CUSTOMER, MANAGER]", "[CUSTOMER, MANAGER, PARTNER]", []),
        ("[CUSTOMER, MANAGER])", "[CUSTOMER, MANAGER], scope: READ)", ["Account.name"]),
        ("scope: READ", "scope: WRITE", ["Account.iban"]),
        ("scope: READ, ", "", []),
        ("memberRoles: [OWNER]", "memberRoles: [OWNER, ADMIN]", []),
        ("memberRoles: [OWNER]", "memberRoles: [ADMIN]", ["Account.iban"]),
        ("[CUSTOMER, MANAGER])", "[CUSTOMER, MANAGER], memberRoles: [OWNER])", ["Account.name"]),
        (" @allowed(roles: [CUSTOMER, MANAGER])", "", []),
        ("open: Int", "open: Int @allowed(roles: [MANAGER])", ["Account.open"]),
        ("id: ID", "id: ID @allowed(roles: [MANAGER])", ["Query.account(id:)"]),
    ],
)
def test_what_breaks_is_found(was: str, now: str, coordinates: list[str]):
    assert was in OLD
    changes = breaking_changes(OLD, OLD.replace(was, now))
    assert list(changes) == coordinates
    changelog = "# Changelog\n\n## Unreleased\n\n### Removed\n- {}\n\n## 1.0\n- {}\n"
    named = " and ".join(f"`{coordinate}`" for coordinate in coordinates)
    assert unnamed(changes, changelog.format(named, "")) == []
    # What an older version says of it does not count.
    assert unnamed(changes, changelog.format("", named)) == list(changes.values())


def test_the_last_tag_is_compared_with_else_the_baseline(tmp_path: Path):
    (tmp_path / "schema").mkdir()
    baseline, sdl = tmp_path / BASELINE, tmp_path / SDL
    baseline.write_text("the baseline")
    sdl.write_text("the first")

    def git(*arguments: str) -> None:
        who = {f"GIT_{role}_{part}": "a@b.example" for role in ROLES for part in ("NAME", "EMAIL")}
        environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, env=environment)  # noqa: S607

    assert released(tmp_path) == "the baseline"
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "One")
    assert released(tmp_path) == "the baseline"
    git("tag", "v1")
    sdl.write_text("the second")
    git("commit", "--quiet", "--all", "--message", "Two")
    assert released(tmp_path) == "the first"
    git("tag", "v2")
    sdl.write_text("the third")
    assert released(tmp_path) == "the second"


ROLES = ("AUTHOR", "COMMITTER")
