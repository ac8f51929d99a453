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
        "GRANT pg_read_all_data TO portal_login",
        ["portal_login is a member of pg_read_all_data."],
    ),
    (
        (
            "CREATE ROLE readers; GRANT SELECT ON password TO readers;"
            " GRANT EXECUTE ON FUNCTION find_password(text) TO readers;"
            " CREATE ROLE people; GRANT readers TO people; GRANT people TO portal_worker"
        ),
        [
            "portal_worker may call find_password, which is not declared for it.",
            "portal_worker may SELECT on password.",
        ],
    ),
    (
        (
            "CREATE ROLE readers; GRANT readers TO portal_app;"
            " CREATE POLICY wide ON contract TO readers USING (true)"
        ),
        ["A policy of contract for portal_app does not ask for portal.accounts."],
    ),
    (
        "CREATE ROLE without_rights; GRANT without_rights TO portal_app",
        [],
    ),
    (
        "CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO portal_app",
        [
            "portal_app owns 1 objects of the database.",
            (
                "portal_app may DELETE, INSERT, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE"
                " on mine, which nothing declares."
            ),
        ],
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
        ["portal_app may SELECT (account_id) on later, which nothing declares."],
    ),
    (
        "GRANT TRUNCATE ON contract TO portal_app",
        ["portal_app may TRUNCATE on contract."],
    ),
    (
        "CREATE VIEW wide AS SELECT id FROM contract; GRANT SELECT ON wide TO portal_app",
        [
            "The view wide reads with its owner's rights.",
            "portal_app may SELECT on wide, which nothing declares.",
        ],
    ),
    (
        "GRANT portal_login TO portal_app",
        ["portal_app is a member of portal_login."],
    ),
    (
        "GRANT EXECUTE ON FUNCTION find_password(text) TO portal_staff",
        ["portal_staff may call find_password, which is not declared for it."],
    ),
    (
        "GRANT EXECUTE ON FUNCTION find_password(text) TO PUBLIC",
        [
            "portal_app may call find_password, which is not declared for it.",
            "portal_staff may call find_password, which is not declared for it.",
            "portal_worker may call find_password, which is not declared for it.",
        ],
    ),
    (
        "GRANT EXECUTE ON FUNCTION lo_create(oid) TO portal_app",
        ["portal_app may call lo_create(oid) and the like: run 'portal roles | psql' again."],
    ),
    (
        "GRANT SELECT (hash) ON password TO portal_staff",
        ["portal_staff may SELECT (hash) on password."],
    ),
    (
        "GRANT UPDATE, DELETE ON history_entry TO portal_staff",
        ["portal_staff may DELETE, UPDATE on history_entry."],
    ),
    # What a serving role may use and nothing declares, of each kind: no column says whose it is.
    (
        (
            "CREATE TABLE projection AS SELECT id AS customer, name FROM account;"
            " GRANT SELECT ON projection TO portal_app"
        ),
        ["portal_app may SELECT on projection, which nothing declares."],
    ),
    (
        (
            "CREATE TABLE projection AS SELECT id AS customer, name FROM account;"
            " GRANT SELECT (name) ON projection TO PUBLIC"
        ),
        [
            "portal_app may SELECT (name) on projection, which nothing declares.",
            "portal_login may SELECT (name) on projection, which nothing declares.",
            "portal_staff may SELECT (name) on projection, which nothing declares.",
            "portal_worker may SELECT (name) on projection, which nothing declares.",
        ],
    ),
    (
        (
            "CREATE MATERIALIZED VIEW totals AS SELECT name FROM account;"
            " GRANT SELECT ON totals TO portal_app"
        ),
        [
            "The view totals reads with its owner's rights.",
            "portal_app may SELECT on totals, which nothing declares.",
        ],
    ),
    (
        (
            "CREATE VIEW narrow WITH (security_invoker = true) AS SELECT name FROM account;"
            " GRANT SELECT ON narrow TO portal_worker"
        ),
        ["portal_worker may SELECT on narrow, which nothing declares."],
    ),
    (
        "CREATE SEQUENCE numbers; GRANT USAGE ON numbers TO portal_app",
        ["portal_app may USAGE on numbers, which nothing declares."],
    ),
    (
        (
            "CREATE FUNCTION every_name() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER"
            " AS 'SELECT name FROM account'"
        ),
        [
            "portal_app may call every_name, which is not declared for it.",
            "portal_login may call every_name, which is not declared for it.",
            "portal_staff may call every_name, which is not declared for it.",
            "portal_worker may call every_name, which is not declared for it.",
        ],
    ),
    (
        (
            "CREATE FUNCTION may_invite(text) RETURNS text LANGUAGE sql AS 'SELECT 1';"
            " REVOKE ALL ON FUNCTION may_invite(text) FROM PUBLIC;"
            " GRANT EXECUTE ON FUNCTION may_invite(text) TO portal_app"
        ),
        ["portal_app may call may_invite, which is not declared for it."],
    ),
    (
        (
            "CREATE SCHEMA aside; CREATE TABLE aside.account AS SELECT name FROM account;"
            " GRANT SELECT ON aside.account TO portal_staff"
        ),
        ["portal_staff may SELECT on aside.account, which nothing declares."],
    ),
    (
        (
            "GRANT USAGE ON SCHEMA procrastinate TO portal_app;"
            " GRANT SELECT ON procrastinate.procrastinate_jobs TO portal_app"
        ),
        ["portal_app may SELECT on procrastinate.procrastinate_jobs, which nothing declares."],
    ),
    # A policy or a right too many to what is declared.
    (
        "CREATE POLICY wide ON outbox FOR INSERT TO portal_app WITH CHECK (true)",
        ["A policy of outbox for portal_app does not ask for portal.accounts."],
    ),
    (
        "DROP POLICY app_rows ON invitation",
        ["invitation has no policy for portal_app."],
    ),
    (
        "GRANT UPDATE (customer_number, is_test) ON account TO portal_app",
        ["portal_app may UPDATE (customer_number, is_test) on account."],
    ),
    (
        "GRANT SELECT (role) ON staff TO portal_app",
        ["portal_app may SELECT (role) on staff."],
    ),
    (
        "GRANT SELECT ON operator_history TO portal_app",
        ["portal_app may SELECT on operator_history."],
    ),
    (
        "ALTER TABLE clock DISABLE ROW LEVEL SECURITY",
        ["Row level security is off on clock."],
    ),
    (
        (
            "DROP POLICY app_rows ON idempotency_key;"
            " CREATE POLICY wide ON idempotency_key TO portal_app USING (true)"
        ),
        ["A policy of idempotency_key for portal_app does not ask for portal.viewer."],
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
