"""A login is confirmed under the locks of a mutation."""

from portal.database.addresses import APP, LOGIN, STAFF
from portal.database.objects.function import Function

# Of a deleted account nothing is left to ask: whoever locks a row of it is told.
CONFIRM_LOGIN = Function(
    "confirm_login",
    "token_hash bytea, account_id uuid, held text, at timestamptz",
    "void",
    """
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
""",
    roles=(APP, STAFF, LOGIN),
    language="plpgsql",
)
