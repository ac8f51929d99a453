"""Deletion: what an account leaves when it is deleted, and the one function that erases.

Revision ID: 0009

No serving role can change the history or another person. It asks this function, which looks for
itself whether the viewer may, and whether a module still runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ERASE_ACCOUNT = """
CREATE FUNCTION erase_account(account_id uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    viewer uuid := current_setting('portal.viewer')::uuid;
    people uuid[];
    emails text[];
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
    SELECT array_agg(p.id), array_agg(p.email) INTO people, emails
    FROM person p JOIN member m ON m.person_id = p.id
    WHERE m.account_id = erase_account.account_id
        AND NOT EXISTS (SELECT FROM staff s WHERE s.person_id = p.id)
        AND NOT EXISTS (SELECT FROM member o
            WHERE o.person_id = p.id AND o.account_id <> erase_account.account_id);

    DELETE FROM outbox t WHERE t.account_id = erase_account.account_id;
    DELETE FROM message t WHERE t.account_id = erase_account.account_id;
    DELETE FROM invitation t WHERE t.account_id = erase_account.account_id;
    DELETE FROM app_authorization t WHERE t.account_id = erase_account.account_id;
    DELETE FROM request t WHERE t.account_id = erase_account.account_id;
    DELETE FROM consent t WHERE t.account_id = erase_account.account_id;
    DELETE FROM tariff_period t WHERE t.account_id = erase_account.account_id;
    DELETE FROM module_subscription t WHERE t.account_id = erase_account.account_id;
    DELETE FROM contract t WHERE t.account_id = erase_account.account_id;
    DELETE FROM member t WHERE t.account_id = erase_account.account_id;
    UPDATE history_value t SET before = NULL, after = NULL
    WHERE t.account_id = erase_account.account_id;
    UPDATE history_entry t SET reason = NULL, on_behalf_of = NULL,
        actor_name = CASE WHEN t.actor_role IN ('EMPLOYEE', 'MANAGER', 'PARTNER')
            THEN t.actor_name END
    WHERE t.account_id = erase_account.account_id;
    UPDATE account t SET name = 'deleted', customer_number = NULL
    WHERE t.id = erase_account.account_id;

    DELETE FROM password t WHERE t.person_id = ANY (people);
    DELETE FROM credential t WHERE t.person_id = ANY (people);
    DELETE FROM password_reset t WHERE t.person_id = ANY (people);
    DELETE FROM registration t WHERE t.email = ANY (emails);
    -- The answer to this very change stays for whoever sends it twice; it names nobody.
    DELETE FROM idempotency_key t
    WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';
    UPDATE history_entry t SET actor_name = NULL WHERE t.actor_id = ANY (people);
    UPDATE history_value t SET before = NULL, after = NULL FROM invitation i
    WHERE i.email = ANY (emails) AND t.account_id = i.account_id AND t.subject_id = i.id;
    DELETE FROM invitation t WHERE t.email = ANY (emails);
    UPDATE message t SET recipient = '' WHERE t.recipient = ANY (emails);
    UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'
    WHERE t.id = ANY (people);
END
$body$
"""


def upgrade() -> None:
    """Let an account be without an owner once it is deleted, and make the function."""
    op.add_column("account", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("account", "owner_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_account_owned_until_deleted"),
        "account",
        "(owner_id IS NULL) = (deleted_at IS NOT NULL)",
    )
    op.execute(ERASE_ACCOUNT)
    op.execute("REVOKE ALL ON FUNCTION erase_account(uuid) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION erase_account(uuid) TO portal_app, portal_staff")
