"""What a schema takes away from those who use an older one, and what the changelog says of it."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema, find_breaking_changes, value_from_ast_untyped

# Where the schema of the last release is committed, and where a tagged commit has its own.
BASELINE, SDL = "schema/released.graphql", "schema/schema.graphql"


def released(root: Path) -> str:
    """Give the SDL of the last tag; without one, or without git, the committed baseline."""
    tag = _git(root, "describe", "--tags", "--abbrev=0")
    tagged = _git(root, "show", f"{tag.strip()}:{SDL}") if tag else None
    return tagged or (root / BASELINE).read_text(encoding="utf-8")


def breaking_changes(old: str, new: str) -> dict[str, str]:
    """Give what breaks, by the coordinate that it is about: ``Contract.iban``."""
    before, after = build_schema(old), build_schema(new)
    found = {
        _coordinate(change.description): change.description
        for change in find_breaking_changes(before, after)
    }
    return found | dict(_narrowed(before, after))


def unnamed(changes: dict[str, str], changelog: str) -> list[str]:
    """List the changes whose coordinate is not in the changelog's first section."""
    _, _, newest = changelog.partition("\n## ")
    section, _, _ = newest.partition("\n## ")
    return [text for coordinate, text in changes.items() if f"`{coordinate}`" not in section]


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607  (the developer's own)
            cwd=root,
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def _coordinate(description: str) -> str:
    """Find what a sentence of graphql-core is about: `Contract.iban`, `@allowed`, else a type."""
    dotted = re.search(r"\w+\.\w+(\(\w+:\))?|@\w+(\(\w+:\))?", description)
    return dotted[0] if dotted else description.removeprefix("Standard scalar ").split()[0]


def _narrowed(before: GraphQLSchema, after: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Find what fewer callers may use than before."""
    now = dict(_guarded(after))
    for coordinate, access in _guarded(before):
        if coordinate in now and not _is_wider(now[coordinate], access):
            yield coordinate, f"{coordinate} is open to fewer callers: {now[coordinate]}."


def _is_wider(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Say whether everybody who could use a thing still can."""
    roles = not new.get("roles") or set(new["roles"]) >= set(old.get("roles") or _ROLES)
    scope = new.get("scope") in {None, old.get("scope")}
    members = not new.get("memberRoles") or (
        bool(old.get("memberRoles")) and set(new["memberRoles"]) >= set(old["memberRoles"])
    )
    return roles and scope and members


_ROLES = frozenset({"ANONYMOUS", "CUSTOMER", "EMPLOYEE", "MANAGER", "PARTNER"})


def _guarded(schema: GraphQLSchema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the access that is printed at each field, argument and input field; {} is everyone."""
    for name, kind in schema.type_map.items():
        for field_name, field in getattr(kind, "fields", {}).items():
            yield f"{name}.{field_name}", _access(field)
            for argument, element in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument}:)", _access(element)


def _access(element: Any) -> dict[str, Any]:
    for directive in getattr(element.ast_node, "directives", None) or ():
        if directive.name.value == "allowed":
            return {
                given.name.value: value_from_ast_untyped(given.value)
                for given in directive.arguments
            }
    return {}
