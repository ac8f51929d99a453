"""Offers: a customer's database role neither looks for one nor counts its uses."""

from portal.database.addresses import APP, STAFF
from portal.database.objects.function import Function

# The row of the offer stays locked until the order is through: a last use is nobody else's.
USE_OFFER = Function(
    "use_offer",
    "number text, module_id uuid, today date",
    "SETOF tariff_version",
    """
WITH used AS (
    UPDATE tariff t SET offer_uses = t.offer_uses + 1
    WHERE t.unique_offer_number = use_offer.number
        AND t.module_id = use_offer.module_id
        AND (t.closed_from IS NULL OR t.closed_from > use_offer.today)
        AND (t.offer_expires_on IS NULL OR t.offer_expires_on >= use_offer.today)
        AND (t.offer_most_uses IS NULL OR t.offer_most_uses > t.offer_uses)
    RETURNING t.id
)
SELECT v.* FROM tariff_version v JOIN used ON used.id = v.tariff_id
WHERE v.valid_from <= use_offer.today
    AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL
ORDER BY v.valid_from DESC LIMIT 1
""",
    roles=(APP, STAFF),
)
# Only of a period that the caller's own walls show.
GIVE_OFFER_BACK = Function(
    "give_offer_back",
    "tariff_period_id uuid",
    "void",
    """
UPDATE tariff t SET offer_uses = t.offer_uses - 1
FROM tariff_period p
WHERE p.id = give_offer_back.tariff_period_id
    AND t.id = p.tariff_id
    AND t.offer_uses > 0
    AND (session_user = 'portal_staff'
        OR p.account_id = ANY (current_setting('portal.accounts')::uuid[]))
""",
    roles=(APP, STAFF),
)
