"""Every kind of viewer tries every field, argument and input field, over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions.guards import access_of
from tests.api.asking import Api
from tests.permission_matrix.attempt import ALLOWED, REFUSED, UNREACHED, Attempt
from tests.permission_matrix.coordinate import (
    CORE,
    answers,
    declarations,
    everything_sent,
    may,
    ways,
)
from tests.world import Kind, World

HERE = Path(__file__).parent
LEGEND = f"""\
# What each kind of viewer was answered; OWNER to READER are members of the account, EMPLOYEE and
# PARTNER hold every scope, EMPLOYEE- holds none, PARTNER- holds ACCOUNT_READ.
# {ALLOWED}: answered  {REFUSED}: refused  {UNREACHED}: what leads to it is refused, or no such row
"""


def table(rows: list[tuple[str, ...]]) -> str:
    """Write rows in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"


def expected(kind: Kind) -> dict[str, str]:
    """Say what the declarations promise to a kind of viewer, for each coordinate."""
    found: dict[str, str] = {}
    for type_name, way in ways().items():
        for name, field in CORE.type_map[type_name].fields.items():
            own = ALLOWED if may(kind, access_of(field)) else REFUSED
            found[f"{type_name}.{name}"] = own if way.is_open(kind) else UNREACHED
        for sent in everything_sent(type_name):
            reached = found[f"{type_name}.{sent.field}"] == ALLOWED
            if reached:
                found[sent.coordinate] = _sent(kind, sent.guards)
            else:
                # The same filter is sent to several lists; one that answers says more.
                found.setdefault(sent.coordinate, UNREACHED)
    for name, field in CORE.type_map["Mutation"].fields.items():
        found[f"Mutation.{name}"] = ALLOWED if may(kind, access_of(field)) else REFUSED
    for sent in everything_sent("Mutation"):
        if found[f"Mutation.{sent.field}"] == ALLOWED:
            found[sent.coordinate] = _sent(kind, sent.guards)
        else:
            found.setdefault(sent.coordinate, UNREACHED)
    for type_name, mutations in answers().items():
        reached = any(found[f"Mutation.{name}"] == ALLOWED for name in mutations)
        for name, field in CORE.type_map[type_name].fields.items():
            own = ALLOWED if may(kind, access_of(field)) else REFUSED
            found[f"{type_name}.{name}"] = own if reached else UNREACHED
    return found


def _sent(kind: Kind, guards) -> str:
    *above, own = (may(kind, access) for access in guards)
    if not all(above):
        return UNREACHED
    return ALLOWED if own else REFUSED


@pytest.mark.check
def test_the_declarations_are_the_reviewed_ones(compare: Callable[[Path, str], None]):
    rows = [("# coordinate", "verb", "roles", "scope", "member roles")]
    rows += [
        (
            coordinate,
            verb,
            " ".join(access.roles) or "everyone",
            access.scope or "",
            " ".join(access.member_roles),
        )
        for coordinate, verb, access in declarations()
    ]
    compare(HERE / "matrix.txt", table(rows))


@pytest.mark.check
async def test_everybody_gets_what_is_declared_and_nothing_else(
    api: Api, world: World, owner_engine: AsyncEngine, compare: Callable[[Path, str], None]
):
    outcomes: dict[Kind, dict[str, str]] = {}
    async with owner_engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for kind in Kind:
            outcomes[kind] = await Attempt(api, world, kind, connection).run()
            assert outcomes[kind] == expected(kind), kind
    coordinates = [coordinate for coordinate, _, _ in declarations()]
    assert sorted(outcomes[Kind.MANAGER]) == coordinates
    rows = [("# coordinate", *Kind)]
    rows += [
        (coordinate, *(outcomes[kind][coordinate] for kind in Kind)) for coordinate in coordinates
    ]
    compare(HERE / "outcomes.txt", LEGEND + table(rows))
