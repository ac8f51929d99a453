"""The second wall around people: what the serving roles cannot do, whatever the first one says."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from portal.database.engines import set_viewer
from portal.viewer import Grant, MemberRole, Role, Viewer
from tests import factories

SECRET = (
    *("password", "credential", "registration", "password_reset", "attempt", "cost_bucket"),
    *("rate_event", "known_network"),
)
DENIED = "permission denied"
BROKEN = "row-level security"


@pytest.fixture
def viewer(world):
    """The owner of an account that has other members."""
    grants = {world.own.account_id: Grant()}
    return Viewer(Role.CUSTOMER, world.own.owner.id, grants=grants)


async def refused(engine, viewer, statement, **values):
    """Give why a statement is refused to a viewer."""
    async with engine.connect() as connection:
        await set_viewer(connection, viewer)
        with pytest.raises(DBAPIError) as fault:
            await connection.execute(sa.text(statement), values)
        return str(fault.value.orig)


@pytest.mark.parametrize("table", SECRET)
@pytest.mark.parametrize("name", ["app", "staff", "login"])
async def test_no_serving_role_reads_a_secret(database, viewer, table, name):
    engine = getattr(database, name)
    for statement in (f"SELECT FROM {table}", f"DELETE FROM {table}"):  # noqa: S608
        assert DENIED in await refused(engine, viewer, statement)


async def test_a_customer_renames_nobody_else(database, world, viewer, write):
    colleague = factories.person(name="Colleague")
    await write(colleague, factories.member(world.own.account_id, colleague, MemberRole.READER))
    async with database.app.begin() as connection:
        await set_viewer(connection, viewer)
        seen = sa.text("SELECT count(*) FROM person WHERE id = :id")
        assert await connection.scalar(seen, {"id": colleague.id}) == 1
        changed = await connection.execute(
            sa.text("UPDATE person SET name = 'Changed' WHERE id = ANY (:ids) RETURNING id"),
            {"ids": [colleague.id, world.own.owner.id, world.foreign.owner.id]},
        )
        assert changed.scalars().all() == [world.own.owner.id]
        await connection.rollback()


async def test_a_customer_writes_neither_people_nor_accounts_of_others(database, world, viewer):
    person = factories.person()
    statement = (
        "INSERT INTO person (id, email, name, language, created_at)"
        " VALUES (:id, :email, 'x', 'EN', now())"
    )
    values = {"id": person.id, "email": person.email}
    assert DENIED in await refused(database.app, viewer, statement, **values)
    assert BROKEN in await refused(database.login, viewer, statement, **values)
    member = (
        "INSERT INTO member (id, account_id, person_id, role, joined_at)"
        " VALUES (:id, :account, :person, 'READER', now())"
    )
    values = {"id": person.id, "account": world.foreign.account_id, "person": viewer.id}
    assert BROKEN in await refused(database.app, viewer, member, **values)
    assert DENIED in await refused(database.app, viewer, "UPDATE person SET email = 'x@y.example'")
