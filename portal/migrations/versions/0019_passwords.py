"""Passwords are compared in one form and their change is told; what is spent is deleted.

Revision ID: 0019
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"
FUNCTIONS = {
    "own_password() RETURNS TABLE (email text, name text, language text, hash text) STABLE": (
        f"""
SELECT p.email, p.name, p.language, w.hash
FROM person p JOIN password w ON w.person_id = p.id WHERE p.id = {VIEWER}
""",
        "portal_login",
    ),
    "take_password_reset(id uuid, code_hash bytea, at timestamptz)"
    " RETURNS TABLE (email text, name text, language text)": (
        """
SELECT p.email, p.name, p.language
FROM password_reset r JOIN person p ON p.id = r.person_id
WHERE r.id = take_password_reset.id
    AND r.code_hash = take_password_reset.code_hash
    AND r.expires_at > take_password_reset.at
FOR UPDATE OF r
""",
        "portal_login",
    ),
    "rehash_password(person_id uuid, old_hash text, new_hash text) RETURNS void": (
        """
UPDATE password w SET hash = rehash_password.new_hash
WHERE w.person_id = rehash_password.person_id AND w.hash = rehash_password.old_hash
""",
        "portal_login",
    ),
    # Whoever ends everything that is open ends the codes too by which somebody could come in.
    "end_sessions(token_hash bytea, session_id uuid, at timestamptz) RETURNS integer": (
        """
WITH person AS (
    SELECT k.person_id FROM credential k
    WHERE k.token_hash = end_sessions.token_hash
        AND k.revoked_at IS NULL AND k.expires_at > end_sessions.at
), codes AS (
    DELETE FROM password_reset r USING person
    WHERE r.person_id = person.person_id AND end_sessions.session_id IS NULL
), ended AS (
    UPDATE credential c SET revoked_at = end_sessions.at FROM person
    WHERE c.person_id = person.person_id
        AND (end_sessions.session_id IS NULL OR c.id = end_sessions.session_id)
        AND c.revoked_at IS NULL AND c.expires_at > end_sessions.at
    RETURNING c.id
)
SELECT count(*)::integer FROM ended
""",
        "portal_app, portal_staff",
    ),
    # What has ended is kept for thirty days, for whoever looks into a misuse.
    "delete_spent(at timestamptz) RETURNS void": (
        """
DELETE FROM credential c
WHERE least(c.expires_at, c.revoked_at) < delete_spent.at - interval '30 days';
DELETE FROM registration r WHERE r.expires_at <= delete_spent.at;
DELETE FROM password_reset r WHERE r.expires_at <= delete_spent.at;
DELETE FROM attempt a WHERE a.last_at < delete_spent.at - interval '1 day';
DELETE FROM rate_event e WHERE e.expires_at <= delete_spent.at;
DELETE FROM known_network k WHERE k.last_at <= delete_spent.at - interval '90 days'
""",
        "portal_worker",
    ),
}
MESSAGE_KINDS = (
    *("REGISTRATION_CODE", "ALREADY_REGISTERED", "EMAIL_CONFIRMATION", "PASSWORD_RESET_CODE"),
    *("PASSWORD_CHANGED", "INVITATION", "MEMBER_REMOVED", "REQUEST_RECEIVED", "REQUEST_ACCEPTED"),
    *("REQUEST_DECLINED", "APP_AUTHORIZED", "APP_REVOKED", "ACCOUNT_DELETED"),
    *("CANCELLATION_CONFIRMATION", "ORDER_CONFIRMATION", "TARIFF_CHANGE_CONFIRMATION"),
)
OVER = ("own_password()", "take_password_reset(uuid, bytea, timestamptz)")


def upgrade() -> None:
    """Put the functions in the place of the earlier ones, and name the new mail."""
    for signature in OVER:
        op.execute(f"DROP FUNCTION {signature}")
    for signature, (body, roles) in FUNCTIONS.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {signature} LANGUAGE sql SECURITY DEFINER"
            f" SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$"
        )
        name, _, rest = signature.partition("(")
        arguments = rest.partition(") RETURNS")[0]
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO {roles}")
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    kinds = ", ".join(f"'{kind}'" for kind in MESSAGE_KINDS)
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({kinds})")
