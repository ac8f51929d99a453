"""Walls are declared on models: what differed from that, and the one function that erases.

Revision ID: 0028

Of staff and their profiles ``portal_app`` sees nothing any more, the tables included; the clock has
row level security like every table. Whatever follows from a declaration is drafted, from here on.
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None
DRAFTED = "ebea4d3f391f42b0"

OVER = (
    "DROP FUNCTION erase_people(people uuid[])",
    "DROP POLICY login_rows ON consent_document",
    "DROP POLICY app_rows ON permission_profile",
    "DROP POLICY app_rows ON staff",
    "REVOKE SELECT ON permission_profile FROM portal_app",
    "REVOKE SELECT ON staff FROM portal_app",
)
DECLARED = (
    """CREATE OR REPLACE FUNCTION erase(accounts uuid[], people uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));
BEGIN
    IF cardinality(accounts) > 0 THEN
        UPDATE history_value t SET before = NULL, after = NULL
            WHERE t.account_id = ANY (accounts);
        UPDATE history_entry t SET on_behalf_of = NULL, reason = NULL
            WHERE t.account_id = ANY (accounts);
        UPDATE history_entry t SET actor_name = NULL
            WHERE t.account_id = ANY (accounts) AND t.actor_role NOT IN ('EMPLOYEE', 'MANAGER', 'PARTNER');
        UPDATE account t SET name = 'deleted', customer_number = NULL
            WHERE t.id = ANY (accounts);
        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);
        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);
        DELETE FROM request t WHERE t.account_id = ANY (accounts);
        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);
        DELETE FROM notice t WHERE t.account_id = ANY (accounts);
        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);
        DELETE FROM module_subscription t WHERE t.account_id = ANY (accounts);
        DELETE FROM message t WHERE t.account_id = ANY (accounts);
        DELETE FROM member t WHERE t.account_id = ANY (accounts);
        DELETE FROM invitation t WHERE t.account_id = ANY (accounts);
        DELETE FROM contract t WHERE t.account_id = ANY (accounts);
        DELETE FROM consent t WHERE t.account_id = ANY (accounts);
        DELETE FROM app_authorization t WHERE t.account_id = ANY (accounts);
    END IF;
    IF cardinality(people) > 0 THEN
        UPDATE history_value t SET before = NULL, after = NULL
            WHERE EXISTS (SELECT FROM invitation i WHERE i.email = ANY (emails) AND i.account_id = t.account_id AND i.id = t.subject_id);
        UPDATE message t SET recipient = ''
            WHERE t.recipient = ANY (emails);
        UPDATE history_entry t SET actor_name = NULL
            WHERE t.actor_id = ANY (people);
        UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'
            WHERE t.id = ANY (people);
        DELETE FROM password_reset t WHERE t.person_id = ANY (people);
        DELETE FROM password t WHERE t.person_id = ANY (people);
        DELETE FROM known_network t WHERE t.person_id = ANY (people);
        DELETE FROM invitation t WHERE t.email = ANY (emails);
        DELETE FROM idle_person t WHERE t.person_id = ANY (people);
        DELETE FROM credential t WHERE t.person_id = ANY (people);
        DELETE FROM registration t WHERE t.email = ANY (emails);
        DELETE FROM idempotency_key t WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';
    END IF;
END
$body$""",
    """CREATE OR REPLACE FUNCTION erase_account(account_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
    people uuid[];
BEGIN
    IF NOT (
            session_user = 'portal_staff' AND EXISTS (SELECT FROM staff s
                WHERE s.person_id = viewer AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)
            OR session_user = 'portal_app' AND EXISTS (SELECT FROM member m
                WHERE m.account_id = erase_account.account_id AND m.person_id = viewer
                    AND m.role = 'OWNER')
        )
        OR NOT EXISTS (SELECT FROM account a
            WHERE a.id = erase_account.account_id AND a.deleted_at IS NOT NULL)
        OR EXISTS (SELECT FROM module_subscription s
            JOIN account a ON a.id = s.account_id
            WHERE s.account_id = erase_account.account_id
                AND (s.ends_on IS NULL
                    OR s.ends_on >= timezone(a.time_zone, a.deleted_at)::date))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'this account may not be erased';
    END IF;

    -- Nobody joins another account while it is looked who has one.
    PERFORM FROM person p JOIN member m ON m.person_id = p.id
    WHERE m.account_id = erase_account.account_id ORDER BY p.id FOR UPDATE OF p;
    people := ARRAY(SELECT p.id
        FROM person p JOIN member m ON m.person_id = p.id
        WHERE m.account_id = erase_account.account_id
            AND NOT EXISTS (SELECT FROM staff s WHERE s.person_id = p.id)
            AND NOT EXISTS (SELECT FROM member o
                WHERE o.person_id = p.id AND o.account_id <> erase_account.account_id));

    PERFORM erase(ARRAY[erase_account.account_id], people);
END
$body$""",
    """CREATE OR REPLACE FUNCTION erase_viewer(hash text, at timestamp with time zone) RETURNS TABLE(obstacle text, ended integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
BEGIN
    -- Nobody joins an account while it is looked who has one.
    PERFORM FROM person p WHERE p.id = viewer FOR UPDATE;
    IF NOT EXISTS (SELECT FROM password w
        WHERE w.person_id = viewer AND w.hash = erase_viewer.hash)
    THEN
        obstacle := 'PASSWORD';
    ELSIF EXISTS (SELECT FROM staff s WHERE s.person_id = viewer AND s.deactivated_at IS NULL)
    THEN
        obstacle := 'STAFF';
    ELSIF (EXISTS (SELECT FROM member m WHERE m.person_id = viewer)
    OR EXISTS (SELECT FROM staff s WHERE s.person_id = viewer AND s.deactivated_at IS NULL)) THEN
        obstacle := 'MEMBER';
    ELSE
        SELECT count(*) INTO ended FROM credential c
        WHERE c.person_id = viewer AND c.revoked_at IS NULL AND c.expires_at > erase_viewer.at;
        PERFORM erase('{}', ARRAY[viewer]);
    END IF;
    RETURN NEXT;
END $body$""",
    """CREATE OR REPLACE FUNCTION erase_idle_people(at timestamp with time zone) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    people uuid[];
BEGIN
    people := ARRAY(SELECT i.person_id FROM idle_person i JOIN person p ON p.id = i.person_id
        WHERE i.announced_at + interval '30 days' <= erase_idle_people.at
        FOR UPDATE OF i, p SKIP LOCKED);
    -- As it is now that they are locked.
    people := ARRAY(SELECT one FROM unnest(people) one WHERE NOT (EXISTS (SELECT FROM member m WHERE m.person_id = one)
    OR EXISTS (SELECT FROM staff s WHERE s.person_id = one AND s.deactivated_at IS NULL)));
    PERFORM erase('{}', people);
    RETURN cardinality(people);
END $body$""",
    "ALTER TABLE clock ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE clock FORCE ROW LEVEL SECURITY",
    "CREATE POLICY app_rows ON clock TO portal_app USING (true) WITH CHECK (true)",
    "CREATE POLICY login_rows ON clock TO portal_login USING (true) WITH CHECK (true)",
    "CREATE POLICY owner_rows ON clock TO portal_owner USING (true) WITH CHECK (true)",
    "CREATE POLICY staff_rows ON clock TO portal_staff USING (true) WITH CHECK (true)",
    "CREATE POLICY worker_rows ON clock TO portal_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY login_rows ON consent_document TO portal_login USING (true) WITH CHECK (true)",
)


def upgrade() -> None:
    """Take away what is over, and make what is declared."""
    for statement in OVER:
        op.execute(statement)
    for statement in DECLARED:
        op.execute(statement)
