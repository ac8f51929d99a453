"""Calendars: which account's deadlines a secret address shows."""

from portal.database.addresses import LOGIN
from portal.database.objects.function import Function

# A former owner's address shows nothing any more, whoever still knows it.
FIND_CALENDAR = Function(
    "find_calendar",
    "token_hash bytea",
    "uuid",
    """
SELECT c.account_id
FROM calendar_address c
JOIN account a ON a.id = c.account_id
JOIN member m ON m.account_id = a.id AND m.id = a.owner_id AND m.person_id = c.made_by
WHERE c.token_hash = find_calendar.token_hash AND c.revoked_at IS NULL
""",
    roles=(LOGIN,),
    volatility="STABLE",
)
