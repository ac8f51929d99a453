"""People: registrations, new passwords, sessions of one's own, and attempts that are counted.

Revision ID: 0005

No serving role reads or writes these tables, nor passwords and tokens: it calls functions that
take hashes, and that know the viewer of the transaction where a person acts on its own. A new
customer writes its own person, account and membership, under the walls of everybody.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SECRET = ("registration", "password_reset", "attempt")
VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"

# Rows that are over go with the next ones; what another transaction is deleting is left to it.
_CLEAN = """
DELETE FROM {table} WHERE {key} IN (
    SELECT {key} FROM {table} WHERE {over} LIMIT 100 FOR UPDATE SKIP LOCKED
);"""

FOR_NOBODY = {
    "start_registration(id uuid, email text, person_name text, account_name text, language text,"
    " password_hash text, consent_document_ids uuid[], code_hash bytea, at timestamptz,"
    " expires_at timestamptz) RETURNS TABLE (known_name text, known_language text)": _CLEAN.format(
        table="registration", key="id", over="expires_at <= start_registration.at"
    )
    + """
INSERT INTO registration (id, email, person_name, account_name, language, password_hash,
    consent_document_ids, code_hash, created_at, expires_at)
VALUES (start_registration.id, start_registration.email, start_registration.person_name,
    start_registration.account_name, start_registration.language,
    start_registration.password_hash, start_registration.consent_document_ids,
    start_registration.code_hash, start_registration.at, start_registration.expires_at);
SELECT p.name, p.language FROM person p WHERE p.email = start_registration.email
""",
    "take_registration(id uuid, code_hash bytea, at timestamptz) RETURNS TABLE (email text,"
    " person_name text, account_name text, language text, consent_document_ids uuid[],"
    " created_at timestamptz)": """
SELECT r.email, r.person_name, r.account_name, r.language, r.consent_document_ids, r.created_at
FROM registration r
WHERE r.id = take_registration.id
    AND r.code_hash = take_registration.code_hash
    AND r.expires_at > take_registration.at
FOR UPDATE
""",
    "finish_registration(id uuid, code_hash bytea, person_id uuid) RETURNS void": """
INSERT INTO password (person_id, hash)
SELECT p.id, r.password_hash
FROM registration r JOIN person p ON p.email = r.email
WHERE r.id = finish_registration.id
    AND r.code_hash = finish_registration.code_hash
    AND p.id = finish_registration.person_id;
DELETE FROM registration r USING person p
WHERE p.id = finish_registration.person_id AND r.email = p.email
""",
    "start_password_reset(id uuid, email text, code_hash bytea, at timestamptz,"
    " expires_at timestamptz) RETURNS TABLE (known_name text, known_language text)": _CLEAN.format(
        table="password_reset", key="id", over="expires_at <= start_password_reset.at"
    )
    + """
INSERT INTO password_reset (id, person_id, code_hash, expires_at)
VALUES (start_password_reset.id,
    (SELECT p.id FROM person p WHERE p.email = start_password_reset.email),
    start_password_reset.code_hash, start_password_reset.expires_at);
SELECT p.name, p.language FROM person p WHERE p.email = start_password_reset.email
""",
    "take_password_reset(id uuid, code_hash bytea, at timestamptz) RETURNS text": """
SELECT p.email
FROM password_reset r JOIN person p ON p.id = r.person_id
WHERE r.id = take_password_reset.id
    AND r.code_hash = take_password_reset.code_hash
    AND r.expires_at > take_password_reset.at
FOR UPDATE OF r
""",
    "finish_password_reset(id uuid, code_hash bytea, hash text, at timestamptz)"
    " RETURNS integer": """
WITH proven AS (
    SELECT r.person_id FROM password_reset r
    WHERE r.id = finish_password_reset.id
        AND r.code_hash = finish_password_reset.code_hash
        AND r.expires_at > finish_password_reset.at
        AND r.person_id IS NOT NULL
), used AS (
    DELETE FROM password_reset r USING proven WHERE r.person_id = proven.person_id
), kept AS (
    INSERT INTO password (person_id, hash)
    SELECT proven.person_id, finish_password_reset.hash FROM proven
    ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash
), ended AS (
    UPDATE credential c SET revoked_at = finish_password_reset.at FROM proven
    WHERE c.person_id = proven.person_id
        AND c.revoked_at IS NULL AND c.expires_at > finish_password_reset.at
    RETURNING c.id
)
SELECT count(*)::integer FROM ended
""",
}
FOR_PEOPLE = {
    "own_password() RETURNS TABLE (email text, hash text) STABLE": f"""
SELECT p.email, w.hash FROM person p JOIN password w ON w.person_id = p.id WHERE p.id = {VIEWER}
""",
    "change_password(old_hash text, new_hash text, token_hash bytea, at timestamptz)"
    " RETURNS integer": f"""
WITH changed AS (
    UPDATE password w SET hash = change_password.new_hash
    WHERE w.person_id = {VIEWER} AND w.hash = change_password.old_hash
    RETURNING w.person_id
), forgotten AS (
    DELETE FROM password_reset r USING changed WHERE r.person_id = changed.person_id
), ended AS (
    UPDATE credential c SET revoked_at = change_password.at FROM changed
    WHERE c.person_id = changed.person_id AND c.token_hash <> change_password.token_hash
        AND c.revoked_at IS NULL AND c.expires_at > change_password.at
    RETURNING c.id
)
SELECT (SELECT count(*)::integer FROM ended) FROM changed
""",
    "own_sessions(token_hash bytea, at timestamptz) RETURNS TABLE (id uuid, kind text, role text,"
    " created_at timestamptz, expires_at timestamptz, is_current boolean) STABLE": f"""
SELECT c.id, c.kind, c.role, c.created_at, c.expires_at, c.token_hash = own_sessions.token_hash
FROM credential c
WHERE c.person_id = {VIEWER} AND c.revoked_at IS NULL AND c.expires_at > own_sessions.at
ORDER BY c.created_at DESC, c.id DESC LIMIT 100
""",
    "end_sessions(session_id uuid, at timestamptz) RETURNS integer": f"""
WITH ended AS (
    UPDATE credential c SET revoked_at = end_sessions.at
    WHERE c.person_id = {VIEWER} AND (end_sessions.session_id IS NULL OR c.id = end_sessions.session_id)
        AND c.revoked_at IS NULL AND c.expires_at > end_sessions.at
    RETURNING c.id
)
SELECT count(*)::integer FROM ended
""",
    "count_attempt(subject bytea, free integer, at timestamptz) RETURNS integer": _CLEAN.format(
        table="attempt", key="subject", over="last_at < count_attempt.at - interval '1 day'"
    )
    + """
WITH counted AS (
    INSERT INTO attempt AS a (subject, count, last_at, next_at)
    VALUES (count_attempt.subject, 1, count_attempt.at, count_attempt.at)
    ON CONFLICT (subject) DO UPDATE SET
        count = a.count + 1,
        last_at = excluded.last_at,
        next_at = excluded.last_at + CASE WHEN a.count + 1 < count_attempt.free
            THEN interval '0' ELSE make_interval(secs =>
                least(900, power(2, least(a.count + 1 - count_attempt.free, 10)))) END
    WHERE a.next_at <= excluded.last_at
    RETURNING 0
)
SELECT coalesce(
    (SELECT 0 FROM counted),
    (SELECT greatest(1, ceil(extract(epoch FROM a.next_at - count_attempt.at)))::integer
        FROM attempt a WHERE a.subject = count_attempt.subject),
    1
)
""",
    "forget_attempts(subject bytea) RETURNS void": """
DELETE FROM attempt a WHERE a.subject = forget_attempts.subject
""",
}


def upgrade() -> None:
    """Make the tables, close them, and give the functions to those who may call them."""
    _create_tables()
    for table in SECRET:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY owner_rows ON {table} TO portal_owner USING (true) WITH CHECK (true)"
        )
    _open_to_new_customers()
    for signature, body in FOR_NOBODY.items():
        _create_function(signature, body, "portal_app")
    for signature, body in FOR_PEOPLE.items():
        _create_function(signature, body, "portal_app, portal_staff")


def _create_tables() -> None:
    op.create_table(
        "attempt",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_last_at"), "attempt", ["last_at"], unique=False)
    op.create_table(
        "registration",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("account_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("consent_document_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(code_hash) = 32", name=op.f("ck_registration_code_hash_sha256")
        ),
        sa.CheckConstraint(
            "language IN ('NL', 'EN', 'DE')", name=op.f("ck_registration_language_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    op.create_index(op.f("ix_registration_email"), "registration", ["email"], unique=False)
    op.create_index(
        op.f("ix_registration_expires_at"), "registration", ["expires_at"], unique=False
    )
    op.create_table(
        "password_reset",
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "octet_length(code_hash) = 32", name=op.f("ck_password_reset_code_hash_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_password_reset_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
    )
    op.create_index(
        op.f("ix_password_reset_expires_at"), "password_reset", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_password_reset_person_id"), "password_reset", ["person_id"], unique=False
    )


def _open_to_new_customers() -> None:
    # Colleagues are seen, not written: only oneself, whatever the permissive policy says.
    op.execute(
        f"CREATE POLICY own_insert ON person AS RESTRICTIVE FOR INSERT TO portal_app"
        f" WITH CHECK (id = {VIEWER})"
    )
    op.execute(
        f"CREATE POLICY own_update ON person AS RESTRICTIVE FOR UPDATE TO portal_app"
        f" USING (id = {VIEWER}) WITH CHECK (id = {VIEWER})"
    )
    op.execute("GRANT INSERT, UPDATE (name, language) ON person TO portal_app")
    op.execute("GRANT INSERT ON account, member TO portal_app")


def _create_function(signature: str, body: str, roles: str) -> None:
    op.execute(
        f"CREATE FUNCTION {signature} LANGUAGE sql SECURITY DEFINER"
        f" SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$"
    )
    name, _, rest = signature.partition("(")
    arguments = rest.partition(") RETURNS")[0]
    op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO {roles}")
