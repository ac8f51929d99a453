"""Logins: a role of their own makes and finds them, and nobody who serves rewrites the history.

Revision ID: 0016

``portal_app`` serves everybody, so whatever it may call, an injected statement may call too: with
what was open to it until now, that was a session of any manager. Passwords, tokens, codes and
attempts are for ``portal_login``, which serves no query. What is left to the others proves by a
token, or by its hash, whose sessions are meant: the viewer of a transaction is what it says it is.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ACCOUNTS = "((SELECT current_setting('portal.accounts')::uuid[])::uuid[])"
VIEWER = "((SELECT current_setting('portal.viewer')::uuid)::uuid)"
OWN_ROWS = f"account_id = ANY ({ACCOUNTS})"

FOR_LOGINS = (
    "find_credential(bytea, timestamptz)",
    "find_password(text)",
    "issue_session(uuid, bytea, uuid, text, timestamptz, timestamptz)",
    "revoke_credential(bytea, timestamptz)",
    (
        "start_registration(uuid, text, text, text, text, text, uuid[], bytea, timestamptz,"
        " timestamptz)"
    ),
    "take_registration(uuid, bytea, timestamptz)",
    "finish_registration(uuid, bytea, uuid)",
    "start_password_reset(uuid, text, bytea, timestamptz, timestamptz)",
    "take_password_reset(uuid, bytea, timestamptz)",
    "finish_password_reset(uuid, bytea, text, timestamptz)",
    "own_password()",
    "change_password(text, text, bytea, timestamptz)",
    "count_attempt(bytea, integer, timestamptz)",
    "forget_attempts(bytea)",
)
# What a new customer writes of its own, and the mails of all this.
POLICIES = {
    "person": ("FOR INSERT", f"id = {VIEWER}"),
    "account": ("FOR ALL", f"id = ANY ({ACCOUNTS})"),
    "member": ("FOR INSERT", OWN_ROWS),
    "consent": ("FOR INSERT", OWN_ROWS),
    "history_entry": ("FOR INSERT", OWN_ROWS),
    "history_value": ("FOR INSERT", OWN_ROWS),
    "outbox": ("FOR INSERT", "account_id IS NULL"),
    "consent_document": ("FOR SELECT", "true"),
}
GRANTS = (
    "INSERT ON person, account, member, consent, history_entry, history_value, outbox",
    "SELECT (id, history_length), UPDATE (history_length) ON account",
    "SELECT ON consent_document, clock",
    "EXECUTE ON FUNCTION defer_mail(uuid, timestamptz)",
)
HISTORY = ("history_entry", "history_value", "staff_history_entry")

PERSON_OF = """(
    SELECT k.person_id FROM credential k
    WHERE k.token_hash = {function}.token_hash
        AND k.revoked_at IS NULL AND k.expires_at > {function}.at
)"""
FUNCTIONS = {
    "own_sessions(token_hash bytea, at timestamptz) RETURNS TABLE (id uuid, kind text, role text,"
    " created_at timestamptz, expires_at timestamptz, is_current boolean) STABLE": f"""
SELECT c.id, c.kind, c.role, c.created_at, c.expires_at, c.token_hash = own_sessions.token_hash
FROM credential c
WHERE c.person_id = {PERSON_OF.format(function="own_sessions")}
    AND c.revoked_at IS NULL AND c.expires_at > own_sessions.at
ORDER BY c.created_at DESC, c.id DESC LIMIT 100
""",
    "end_sessions(token_hash bytea, session_id uuid, at timestamptz) RETURNS integer": f"""
WITH ended AS (
    UPDATE credential c SET revoked_at = end_sessions.at
    WHERE c.person_id = {PERSON_OF.format(function="end_sessions")}
        AND (end_sessions.session_id IS NULL OR c.id = end_sessions.session_id)
        AND c.revoked_at IS NULL AND c.expires_at > end_sessions.at
    RETURNING c.id
)
SELECT count(*)::integer FROM ended
""",
    # The hash of a token is read with its invitation, so it opens nothing.
    "find_invitation(token text, person_id uuid, at timestamptz)"
    " RETURNS TABLE (id uuid, account_id uuid) STABLE": """
SELECT i.id, i.account_id
FROM invitation i
JOIN person p ON p.email = i.email
WHERE i.token_hash = sha256(convert_to(find_invitation.token, 'UTF8'))
    AND p.id = find_invitation.person_id
    AND i.accepted_at IS NULL
    AND i.revoked_at IS NULL
    AND i.expires_at > find_invitation.at
""",
}


def upgrade() -> None:
    """Move to portal_login what makes a login, and close what nobody needs."""
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO portal_login")
    for function in FOR_LOGINS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM portal_app, portal_staff")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO portal_login")
    _open_to_logins()
    _ask_for_tokens()
    _keep_history()


def _open_to_logins() -> None:
    for table, (verbs, rows) in POLICIES.items():
        conditions = {
            "FOR ALL": f"USING ({rows}) WITH CHECK ({rows})",
            "FOR INSERT": f"WITH CHECK ({rows})",
            "FOR SELECT": f"USING ({rows})",
        }
        op.execute(
            f"CREATE POLICY login_rows ON {table} {verbs} TO portal_login {conditions[verbs]}"
        )
    for grant in GRANTS:
        op.execute(f"GRANT {grant} TO portal_login")
    # A new customer comes in by that role alone.
    op.execute("REVOKE INSERT ON person, account FROM portal_app")
    op.execute("DROP POLICY own_insert ON person")


def _ask_for_tokens() -> None:
    for old in (
        "own_sessions(bytea, timestamptz)",
        "end_sessions(uuid, timestamptz)",
        "find_invitation(bytea, uuid, timestamptz)",
    ):
        op.execute(f"DROP FUNCTION {old}")
    for signature, body in FUNCTIONS.items():
        name, _, rest = signature.partition("(")
        arguments = rest.partition(") RETURNS")[0]
        roles = "portal_app" if name == "find_invitation" else "portal_app, portal_staff"
        op.execute(
            f"CREATE FUNCTION {signature} LANGUAGE sql SECURITY DEFINER"
            f" SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$"
        )
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO {roles}")


def _keep_history() -> None:
    """Let staff add to the history alone, and nobody empty it, its owner included."""
    op.execute("REVOKE UPDATE, DELETE ON history_entry, history_value FROM portal_staff")
    op.execute(
        "CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql"
        " SET search_path = pg_catalog, pg_temp AS $body$BEGIN"
        " RAISE insufficient_privilege USING MESSAGE = 'the history is kept'; END$body$"
    )
    for table in HISTORY:
        op.execute(
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
        )
