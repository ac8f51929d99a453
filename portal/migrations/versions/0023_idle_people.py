"""People without any account are erased: by themselves, and after twelve months by the worker.

Revision ID: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Whoever is a member somewhere, or works for the operator, is needed.
NEEDED = """(EXISTS (SELECT FROM member m WHERE m.person_id = {person})
    OR EXISTS (SELECT FROM staff s WHERE s.person_id = {person} AND s.deactivated_at IS NULL))"""

FUNCTIONS = {
    # The hash proves that the password was asked for: the viewer is what the transaction says.
    "erase_viewer(text, timestamptz)": (
        f"""
CREATE FUNCTION erase_viewer(hash text, at timestamptz)
RETURNS TABLE (obstacle text, ended integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
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
    ELSIF {NEEDED.format(person="viewer")} THEN
        obstacle := 'MEMBER';
    ELSE
        SELECT count(*) INTO ended FROM credential c
        WHERE c.person_id = viewer AND c.revoked_at IS NULL AND c.expires_at > erase_viewer.at;
        PERFORM erase_people(ARRAY[viewer]);
    END IF;
    RETURN NEXT;
END $body$
""",
        "portal_login",
    ),
    "note_idle_people(timestamptz)": (
        f"""
CREATE FUNCTION note_idle_people(at timestamptz) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DELETE FROM idle_person i WHERE {NEEDED.format(person="i.person_id")};
INSERT INTO idle_person (person_id, since)
SELECT p.id, note_idle_people.at FROM person p
WHERE NOT {NEEDED.format(person="p.id")} AND p.email <> p.id || '@deleted.invalid'
ON CONFLICT DO NOTHING
$body$
""",
        "portal_worker",
    ),
    "announce_erasures(timestamptz)": (
        """
CREATE FUNCTION announce_erasures(at timestamptz)
RETURNS TABLE (name text, email text, language text) LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
UPDATE idle_person i SET announced_at = announce_erasures.at
FROM person p
WHERE p.id = i.person_id AND i.announced_at IS NULL
    AND i.since + interval '12 months' - interval '30 days' <= announce_erasures.at
RETURNING p.name, p.email, p.language
$body$
""",
        "portal_worker",
    ),
    # Whoever is just logging in, or joining an account, holds one of the two rows: not now.
    "erase_idle_people(timestamptz)": (
        f"""
CREATE FUNCTION erase_idle_people(at timestamptz) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    people uuid[];
BEGIN
    people := ARRAY(SELECT i.person_id FROM idle_person i JOIN person p ON p.id = i.person_id
        WHERE i.announced_at + interval '30 days' <= erase_idle_people.at
        FOR UPDATE OF i, p SKIP LOCKED);
    -- As it is now that they are locked.
    people := ARRAY(SELECT one FROM unnest(people) one WHERE NOT {NEEDED.format(person="one")});
    PERFORM erase_people(people);
    RETURN cardinality(people);
END $body$
""",
        "portal_worker",
    ),
    "note_network(uuid, bytea, timestamptz)": (
        """
CREATE OR REPLACE FUNCTION note_network(person_id uuid, network bytea, at timestamptz)
RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DELETE FROM known_network k WHERE k.person_id = note_network.person_id
    AND k.last_at <= note_network.at - interval '90 days';
INSERT INTO known_network (person_id, network, last_at)
VALUES (note_network.person_id,
    sha256(note_network.network || uuid_send(note_network.person_id)), note_network.at)
ON CONFLICT (person_id, network) DO UPDATE SET last_at = excluded.last_at;
-- Whoever comes in is not idle, and has answered what was announced.
UPDATE idle_person i SET since = note_network.at, announced_at = NULL
WHERE i.person_id = note_network.person_id
$body$
""",
        "portal_login",
    ),
    "erase_people(uuid[])": (
        """
CREATE OR REPLACE FUNCTION erase_people(people uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));
BEGIN
    DELETE FROM password t WHERE t.person_id = ANY (people);
    DELETE FROM credential t WHERE t.person_id = ANY (people);
    DELETE FROM known_network t WHERE t.person_id = ANY (people);
    DELETE FROM idle_person t WHERE t.person_id = ANY (people);
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
END $body$
""",
        "",
    ),
}
MESSAGE_KINDS = (
    *("REGISTRATION_CODE", "ALREADY_REGISTERED", "EMAIL_CONFIRMATION", "PASSWORD_RESET_CODE"),
    *("PASSWORD_CHANGED", "INVITATION", "MEMBER_REMOVED", "REQUEST_RECEIVED", "REQUEST_ACCEPTED"),
    *("REQUEST_DECLINED", "APP_AUTHORIZED", "APP_REVOKED", "ACCOUNT_DELETED", "PROFILE_DELETED"),
    *("ERASURE_ANNOUNCED", "CANCELLATION_CONFIRMATION", "ORDER_CONFIRMATION"),
    *("TARIFF_CHANGE_CONFIRMATION",),
)


def upgrade() -> None:
    """Make the table, close it, and make the functions."""
    op.create_table(
        "idle_person",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_idle_person_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_idle_person")),
    )
    op.execute("ALTER TABLE idle_person ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE idle_person FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON idle_person TO portal_owner USING (true) WITH CHECK (true)"
    )
    for signature, (function, roles) in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        if roles:
            op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles}")
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    kinds = ", ".join(f"'{kind}'" for kind in MESSAGE_KINDS)
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({kinds})")
