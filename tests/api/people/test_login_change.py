"""Which transactions make a process forget its viewers: those that may change a login."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.clock import now
from portal.database.engines import Database
from portal.database.login_change import TABLES, harmless
from portal.installation import Installation
from portal.login.seal import Seal
from portal.models import Base
from portal.viewer import Role, Viewer
from resolvers.context import Arrival, Context

_tables = Base.metadata.tables
_MANAGER = Viewer(Role.MANAGER)


@pytest.mark.parametrize(
    ("statement", "counts"),
    [
        (sa.select(_tables["member"].c.id).limit(0), False),
        (sa.update(_tables["contract"]).where(sa.false()).values(vat_number="7"), False),
        (harmless("SELECT 1"), False),
        (sa.update(_tables["person"]).where(sa.false()).values(name="A"), True),
        (sa.delete(_tables["member"]).where(sa.false()), True),
        (sa.text("SELECT 1"), True),
    ],
)
async def test_what_may_change_a_login_counts(
    database: Database, statement: sa.Executable, counts: bool
):
    before = database.writes
    context = Context(Installation(database, Seal("s" * 32)), _MANAGER, Arrival(now()))
    async with context.transaction("test") as transaction:
        connection = await transaction.session.connection()
        await connection.execute(statement)
        await connection.execute(sa.select(sa.literal(1)))
    assert database.writes - before == counts


async def test_every_table_whose_changes_are_announced_counts(superuser: AsyncEngine):
    async with superuser.connect() as connection:
        found = await connection.scalars(
            sa.text(
                "SELECT DISTINCT event_object_table::text FROM information_schema.triggers"
                " WHERE trigger_name = 'announce_login_change'"
            )
        )
        assert TABLES ^ set(found) == {"account"}
