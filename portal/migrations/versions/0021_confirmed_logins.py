"""A login is confirmed under the locks of a mutation, and an invitation ends with its sender's right.

Revision ID: 0021
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Of a deleted account nothing is left to ask: whoever locks a row of it is told.
CONFIRM_LOGIN = """
CREATE FUNCTION confirm_login(token_hash bytea, account_id uuid, held text, at timestamptz)
RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    login record;
    holds text;
BEGIN
    IF EXISTS (SELECT FROM account a
        WHERE a.id = confirm_login.account_id AND a.deleted_at IS NOT NULL)
    THEN
        RETURN;
    END IF;
    SELECT c.role, c.person_id, c.app_id, pp.scopes INTO login
    FROM credential c
    LEFT JOIN staff s
        ON s.person_id = c.person_id AND s.role = c.role AND s.deactivated_at IS NULL
    LEFT JOIN permission_profile pp ON pp.id = s.permission_profile_id
    WHERE c.token_hash = confirm_login.token_hash
        AND c.revoked_at IS NULL
        AND c.expires_at > confirm_login.at
        AND (c.role NOT IN ('EMPLOYEE', 'MANAGER') OR s.person_id IS NOT NULL);
    IF NOT FOUND THEN
        RAISE 'this login is over' USING ERRCODE = 'PT401';
    END IF;
    CASE login.role
        WHEN 'EMPLOYEE' THEN
            SELECT string_agg(scope, ',' ORDER BY scope COLLATE "C") INTO holds
            FROM unnest(login.scopes) scope;
        WHEN 'CUSTOMER' THEN
            SELECT m.role INTO holds FROM member m
            WHERE m.account_id = confirm_login.account_id AND m.person_id = login.person_id;
        WHEN 'PARTNER' THEN
            SELECT string_agg(scope, ',' ORDER BY scope COLLATE "C") INTO holds FROM (
                SELECT DISTINCT unnest(u.scopes) AS scope FROM app_authorization u
                WHERE u.account_id = confirm_login.account_id AND u.app_id = login.app_id
                    AND u.revoked_at IS NULL AND u.expires_at > confirm_login.at
            ) held;
        ELSE
    END CASE;
    holds := coalesce(holds, '');
    IF holds = confirm_login.held THEN
        RETURN;
    ELSIF login.role <> 'CUSTOMER' THEN
        RAISE 'this login holds other rights' USING ERRCODE = 'PT403';
    ELSIF holds = '' THEN
        RAISE 'this person is no member' USING ERRCODE = 'PT404';
    END IF;
    RAISE 'this member has another role' USING ERRCODE = 'PT409';
END
$body$
"""
MAY_INVITE = """
CREATE FUNCTION may_invite(account_id uuid, person_id uuid) RETURNS boolean STABLE LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
SELECT EXISTS (
        SELECT FROM member m
        WHERE m.account_id = may_invite.account_id AND m.person_id = may_invite.person_id
            AND m.role IN ('OWNER', 'ADMIN')
    )
    OR EXISTS (
        SELECT FROM staff s LEFT JOIN permission_profile pp ON pp.id = s.permission_profile_id
        WHERE s.person_id = may_invite.person_id AND s.deactivated_at IS NULL
            AND (s.role = 'MANAGER' OR 'MEMBERS' = ANY (pp.scopes))
    )
$body$
"""
FIND_INVITATION = """
CREATE OR REPLACE FUNCTION find_invitation(token text, person_id uuid, at timestamptz)
RETURNS TABLE (id uuid, account_id uuid) STABLE LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
SELECT i.id, i.account_id
FROM invitation i
JOIN person p ON p.email = i.email
WHERE i.token_hash = sha256(convert_to(find_invitation.token, 'UTF8'))
    AND p.id = find_invitation.person_id
    AND i.accepted_at IS NULL
    AND i.revoked_at IS NULL
    AND i.expires_at > find_invitation.at
    AND may_invite(i.account_id, i.invited_by)
$body$
"""
# Nobody is left to answer for these.
END_ORPHANS = """
UPDATE invitation i SET revoked_at = i.created_at
WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL
    AND NOT may_invite(i.account_id, i.invited_by)
"""


def upgrade() -> None:
    """Make the functions, and end the invitations that no sender stands behind any more."""
    for function in (CONFIRM_LOGIN, MAY_INVITE, FIND_INVITATION, END_ORPHANS):
        op.execute(function)
    op.execute(
        "GRANT EXECUTE ON FUNCTION confirm_login(bytea, uuid, text, timestamptz)"
        " TO portal_app, portal_staff, portal_login"
    )
    op.execute("GRANT EXECUTE ON FUNCTION may_invite(uuid, uuid) TO portal_app, portal_staff")
