"""Look-ups that happen before there is a viewer.

Revision ID: 0003

No serving role can read a token or a password's table. It asks these functions, which take the
hash of what the caller sent; they run as their owner.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "find_credential(token_hash bytea, at timestamptz) RETURNS jsonb STABLE": """
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
    AND (c.role NOT IN ('EMPLOYEE', 'MANAGER') OR s.person_id IS NOT NULL)
""",
    "find_password(email text) RETURNS TABLE (person_id uuid, name text, role text, hash text)"
    " STABLE": """
SELECT p.id, p.name, coalesce(s.role, 'CUSTOMER'), w.hash
FROM person p
JOIN password w ON w.person_id = p.id
LEFT JOIN staff s ON s.person_id = p.id AND s.deactivated_at IS NULL
WHERE p.email = find_password.email
""",
    "issue_session(id uuid, token_hash bytea, person_id uuid, role text, at timestamptz,"
    " expires_at timestamptz) RETURNS void": """
INSERT INTO credential (id, token_hash, kind, role, person_id, created_at, expires_at)
SELECT issue_session.id, issue_session.token_hash, 'SESSION', issue_session.role, p.id,
    issue_session.at, issue_session.expires_at
FROM person p
LEFT JOIN staff s ON s.person_id = p.id AND s.deactivated_at IS NULL
WHERE p.id = issue_session.person_id
    AND issue_session.role IN ('CUSTOMER', s.role)
""",
    "revoke_credential(token_hash bytea, at timestamptz) RETURNS void": """
UPDATE credential c SET revoked_at = revoke_credential.at
WHERE c.token_hash = revoke_credential.token_hash AND c.revoked_at IS NULL
""",
}


def upgrade() -> None:
    """Create the functions; only the role that serves may call them."""
    for signature, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {signature} LANGUAGE sql SECURITY DEFINER"
            f" SET search_path = pg_catalog, public, pg_temp AS $body${body}$body$"
        )
        name, _, rest = signature.partition("(")
        arguments = rest.partition(") RETURNS")[0]
        op.execute(f"REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}({arguments}) TO portal_app")
