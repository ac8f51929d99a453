"""The portal refuses to serve where a wall is open; each fault is made in a real database."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.database.engines import Database
from portal.database.walls import faults

BROKEN = [
    (
        "ALTER ROLE portal_app SUPERUSER",
        ["portal_app is a superuser."],
    ),
    (
        "ALTER ROLE portal_app BYPASSRLS",
        ["portal_app may bypass row level security."],
    ),
    (
        "ALTER ROLE portal_staff BYPASSRLS",
        ["portal_staff may bypass row level security."],
    ),
    (
        "GRANT portal_staff TO portal_app",
        ["portal_app is a member of portal_staff."],
    ),
    (
        "CREATE ROLE between; GRANT portal_owner TO between; GRANT between TO portal_app",
        ["portal_app is a member of portal_owner."],
    ),
    (
        "CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO portal_app",
        ["portal_app owns 1 objects of the database."],
    ),
    (
        "ALTER TABLE contract DISABLE ROW LEVEL SECURITY",
        ["Row level security is off on contract."],
    ),
    (
        "ALTER TABLE account NO FORCE ROW LEVEL SECURITY",
        ["Row level security does not bind the owner of account."],
    ),
    (
        "CREATE POLICY wide ON member TO portal_app USING (true)",
        ["A policy of member for portal_app does not ask for portal.accounts."],
    ),
    (
        "CREATE POLICY wide ON member FOR INSERT TO PUBLIC WITH CHECK (true)",
        ["A policy of member for portal_app does not ask for portal.accounts."],
    ),
    (
        "CREATE TABLE later (account_id uuid); GRANT SELECT (account_id) ON later TO portal_app",
        ["Row level security is off on later.", "later has no policy for portal_app."],
    ),
    (
        "GRANT TRUNCATE ON contract TO portal_app",
        ["portal_app may truncate contract, which asks no policy."],
    ),
    (
        "CREATE VIEW wide AS SELECT id FROM contract; GRANT SELECT ON wide TO portal_app",
        ["The view wide reads with its owner's rights."],
    ),
    (
        "GRANT portal_login TO portal_app",
        ["portal_app is a member of portal_login."],
    ),
    (
        "GRANT EXECUTE ON FUNCTION find_password(text) TO portal_staff",
        ["portal_staff may call find_password, which is for portal_login alone."],
    ),
    (
        "GRANT EXECUTE ON FUNCTION find_password(text) TO PUBLIC",
        [
            "portal_app may call find_password, which is for portal_login alone.",
            "portal_staff may call find_password, which is for portal_login alone.",
            "portal_worker may call find_password, which is for portal_login alone.",
        ],
    ),
    (
        "GRANT EXECUTE ON FUNCTION lo_create(oid) TO portal_app",
        ["portal_app may call lo_create(oid) and the like: run 'portal roles | psql' again."],
    ),
    (
        "GRANT SELECT (hash) ON password TO portal_staff",
        ["portal_staff may SELECT on password."],
    ),
    (
        "GRANT UPDATE, DELETE ON history_entry TO portal_staff",
        ["portal_staff may DELETE, UPDATE on history_entry."],
    ),
]


async def test_the_walls_stand(database: Database) -> None:
    async with database.app.connect() as connection:
        assert await faults(connection) == []


async def test_customers_are_served_by_their_own_role(database: Database) -> None:
    async with database.staff.connect() as connection:
        assert await faults(connection) == [
            "Customers are served as portal_staff instead of portal_app."
        ]


@pytest.mark.parametrize(("statements", "sentences"), BROKEN)
async def test_an_open_wall_is_named(
    superuser: AsyncEngine, statements: str, sentences: list[str]
) -> None:
    # Broken and looked at in one transaction that never commits: the other processes share the
    # roles, and would serve strangers.
    async with superuser.connect() as connection:
        for statement in (*statements.split("; "), "SET LOCAL ROLE portal_app"):
            await connection.execute(text(statement))
        assert await faults(connection) == sentences
