"""Invitations: who may send one, and which one a token opens."""

from portal.database.addresses import APP, STAFF
from portal.database.objects.function import Function

MAY_INVITE = Function(
    "may_invite",
    "account_id uuid, person_id uuid",
    "boolean",
    """
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
""",
    roles=(APP, STAFF),
    volatility="STABLE",
)
# The hash of a token is read with its invitation, so it opens nothing.
FIND_INVITATION = Function(
    "find_invitation",
    "token text, person_id uuid, at timestamptz",
    "TABLE(id uuid, account_id uuid)",
    """
SELECT i.id, i.account_id
FROM invitation i
JOIN person p ON p.email = i.email
WHERE i.token_hash = sha256(convert_to(find_invitation.token, 'UTF8'))
    AND p.id = find_invitation.person_id
    AND i.accepted_at IS NULL
    AND i.revoked_at IS NULL
    AND i.expires_at > find_invitation.at
    AND may_invite(i.account_id, i.invited_by)
""",
    roles=(APP,),
    volatility="STABLE",
)
