"""Logins: what a token stands for, and the sessions of whoever has one.

No serving role reads a token. It asks these functions, which take the hash of what a caller sent.
"""

from portal.database.addresses import APP, LOGIN, STAFF
from portal.database.objects.function import Function

FIND_CREDENTIAL = Function(
    "find_credential",
    "token_hash bytea, at timestamptz",
    "jsonb",
    """
SELECT jsonb_build_object(
    'role', c.role,
    'id', coalesce(p.id, a.id),
    'name', coalesce(p.name, a.name),
    'language', coalesce(p.language, 'EN'),
    'profile', pp.scopes,
    'memberships', (
        SELECT jsonb_object_agg(m.account_id, m.role) FROM member m
        WHERE c.role = 'CUSTOMER' AND m.person_id = c.person_id
    ),
    'authorizations', (
        SELECT jsonb_agg(jsonb_build_array(u.account_id, u.scopes)) FROM app_authorization u
        WHERE u.app_id = c.app_id AND u.revoked_at IS NULL AND u.expires_at > find_credential.at
    )
)
FROM credential c
LEFT JOIN person p ON p.id = c.person_id
LEFT JOIN app a ON a.id = c.app_id
LEFT JOIN staff s ON s.person_id = c.person_id AND s.role = c.role AND s.deactivated_at IS NULL
LEFT JOIN permission_profile pp ON pp.id = s.permission_profile_id
WHERE c.token_hash = find_credential.token_hash
    AND c.revoked_at IS NULL
    AND c.expires_at > find_credential.at
    AND a.disabled_at IS NULL
    AND (c.role NOT IN ('EMPLOYEE', 'MANAGER') OR s.person_id IS NOT NULL)
""",
    roles=(LOGIN,),
    volatility="STABLE",
)
FIND_PASSWORD = Function(
    "find_password",
    "email text",
    "TABLE(person_id uuid, name text, role text, hash text)",
    """
SELECT p.id, p.name, coalesce(s.role, 'CUSTOMER'), w.hash
FROM person p
JOIN password w ON w.person_id = p.id
LEFT JOIN staff s ON s.person_id = p.id AND s.deactivated_at IS NULL
WHERE p.email = find_password.email
""",
    roles=(LOGIN,),
    volatility="STABLE",
)
ISSUE_SESSION = Function(
    "issue_session",
    (
        "id uuid, token_hash bytea, person_id uuid, role text, at timestamptz, expires_at"
        " timestamptz"
    ),
    "void",
    """
INSERT INTO credential (id, token_hash, kind, role, person_id, created_at, expires_at)
SELECT issue_session.id, issue_session.token_hash, 'SESSION', issue_session.role, p.id,
    issue_session.at, issue_session.expires_at
FROM person p
LEFT JOIN staff s ON s.person_id = p.id AND s.deactivated_at IS NULL
WHERE p.id = issue_session.person_id
    AND issue_session.role IN ('CUSTOMER', s.role)
""",
    roles=(LOGIN,),
)
REVOKE_CREDENTIAL = Function(
    "revoke_credential",
    "token_hash bytea, at timestamptz",
    "void",
    """
UPDATE credential c SET revoked_at = revoke_credential.at
WHERE c.token_hash = revoke_credential.token_hash AND c.revoked_at IS NULL
""",
    roles=(LOGIN,),
)
OWN_SESSIONS = Function(
    "own_sessions",
    "token_hash bytea, at timestamptz",
    (
        "TABLE(id uuid, kind text, role text, created_at timestamptz, expires_at timestamptz,"
        " is_current boolean)"
    ),
    """
SELECT c.id, c.kind, c.role, c.created_at, c.expires_at, c.token_hash = own_sessions.token_hash
FROM credential c
WHERE c.person_id = (
    SELECT k.person_id FROM credential k
    WHERE k.token_hash = own_sessions.token_hash
        AND k.revoked_at IS NULL AND k.expires_at > own_sessions.at
)
    AND c.revoked_at IS NULL AND c.expires_at > own_sessions.at
ORDER BY c.created_at DESC, c.id DESC LIMIT 100
""",
    roles=(APP, STAFF),
    volatility="STABLE",
)
# Whoever ends everything that is open ends the codes too by which somebody could come in.
END_SESSIONS = Function(
    "end_sessions",
    "token_hash bytea, session_id uuid, at timestamptz",
    "integer",
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
    roles=(APP, STAFF),
)
END_STAFF_SESSIONS = Function(
    "end_staff_sessions",
    "person_id uuid, at timestamptz",
    "void",
    """
UPDATE credential c SET revoked_at = end_staff_sessions.at
WHERE c.person_id = end_staff_sessions.person_id AND c.role IN ('EMPLOYEE', 'MANAGER')
    AND c.revoked_at IS NULL
""",
    roles=(STAFF,),
)
# An app's token is a manager's affair; whoever else serves staff has no use for these.
_IS_MANAGER = """EXISTS (SELECT FROM staff s
        WHERE s.person_id = current_setting('portal.viewer')::uuid
            AND s.role = 'MANAGER' AND s.deactivated_at IS NULL)"""
ISSUE_APP_TOKEN = Function(
    "issue_app_token",
    "id uuid, token_hash bytea, at timestamptz",
    "void",
    f"""
INSERT INTO credential (id, token_hash, kind, role, app_id, created_at, expires_at)
SELECT t.id, issue_app_token.token_hash, 'API_KEY', 'PARTNER', t.app_id, issue_app_token.at,
    t.expires_at
FROM app_token t
JOIN app a ON a.id = t.app_id
WHERE t.id = issue_app_token.id AND t.revoked_at IS NULL AND a.disabled_at IS NULL
    AND {_IS_MANAGER}
""",
    roles=(STAFF,),
)
REVOKE_APP_TOKENS = Function(
    "revoke_app_tokens",
    "ids uuid[], at timestamptz",
    "void",
    f"""
UPDATE credential c SET revoked_at = revoke_app_tokens.at
WHERE c.id = ANY (revoke_app_tokens.ids) AND c.role = 'PARTNER' AND c.revoked_at IS NULL
    AND {_IS_MANAGER}
""",
    roles=(STAFF,),
)
