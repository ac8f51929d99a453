"""Every kind of viewer tries every field, argument and input field, over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions.fields import EVERYONE
from tests.api.asking import Api
from tests.permission_matrix.attempt import Attempt
from tests.permission_matrix.coordinate import declarations
from tests.permission_matrix.expected import ALLOWED, REFUSED, UNREACHED, expected
from tests.permission_matrix.structure import area_of, structure
from tests.world import Kind, World

HERE = Path(__file__).parent
SHORT = {
    Kind.ANONYMOUS: "ANO",
    Kind.OWNER: "OWN",
    Kind.ADMIN: "ADM",
    Kind.BILLING: "BIL",
    Kind.READER: "REA",
    Kind.EMPLOYEE: "EMP",
    Kind.EMPLOYEE_WITHOUT: "EM-",
    Kind.MANAGER: "MAN",
    Kind.PARTNER: "PAR",
    Kind.PARTNER_READING: "PA-",
}
LEGEND = f"""\
# What each kind of viewer is answered, and what the schema declares. OWN to REA are members of the
# account, EMP and PAR hold every scope, EM- holds none, PA- holds ACCOUNT_READ.
# {ALLOWED}: answered  {REFUSED}: refused  {UNREACHED}: what leads to it is refused, or no such row
"""
AREAS = sorted({area_of(coordinate) for coordinate, _, _ in declarations()})


def table(rows: list[tuple[str, ...]]) -> str:
    """Write rows in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"


@pytest.mark.check
@pytest.mark.parametrize("area", AREAS)
def test_the_declarations_are_the_reviewed_ones(area: str, compare: Callable[[Path, str], None]):
    outcomes = [expected(kind) for kind in Kind]
    rows = [("# coordinate", *SHORT.values(), "verb", "roles", "scope", "member roles")]
    rows += [
        (
            coordinate,
            *(outcome[coordinate] for outcome in outcomes),
            verb,
            " ".join(access.roles) or "everyone",
            access.scope or "",
            " ".join(access.member_roles),
        )
        for coordinate, verb, access in declarations()
        if area_of(coordinate) == area
    ]
    compare(HERE / f"{area}.txt", LEGEND + table(rows))


@pytest.mark.check
def test_no_area_is_reviewed_that_is_gone():
    assert sorted(path.stem for path in HERE.glob("*.txt")) == sorted(
        [*AREAS, "database", "editable"]
    )


def test_what_pages_identifies_versions_or_refuses_is_for_everybody():
    assert {"AccountEdge.cursor", "Query.accounts(first:)", "Account.id"} <= set(structure())
    assert {name for name, access in structure().items() if access != EVERYONE} == set()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.reads
async def test_everybody_gets_what_is_declared_and_nothing_else(
    kind: Kind, api: Api, world: World, owner_engine: AsyncEngine
):
    async with owner_engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        outcomes = await Attempt(api, world, kind, connection).run()
    assert outcomes == expected(kind)
    assert {coordinate for coordinate, _, _ in declarations()} <= set(outcomes)
