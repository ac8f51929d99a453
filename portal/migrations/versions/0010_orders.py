"""Orders: what customers may write of them, and how an offer number opens a tariff.

Revision ID: 0010

A customer's database role never looks for an offer, nor counts its uses: it asks a function, which
answers a wrong number as it answers one that is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GRANTS = (
    "INSERT ON contract TO portal_app",
    "INSERT, UPDATE (data, version), DELETE ON module_subscription TO portal_app",
    "INSERT, DELETE ON tariff_period TO portal_app",
)
# The row of the offer stays locked until the order is through: a last use is nobody else's.
USE_OFFER = """
CREATE FUNCTION use_offer(number text, module_id uuid, today date) RETURNS SETOF tariff_version
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
WITH used AS (
    UPDATE tariff t SET offer_uses = t.offer_uses + 1
    WHERE t.offer_number = use_offer.number
        AND t.module_id = use_offer.module_id
        AND (t.offer_expires_on IS NULL OR t.offer_expires_on >= use_offer.today)
        AND (t.offer_most_uses IS NULL OR t.offer_most_uses > t.offer_uses)
    RETURNING t.id
)
SELECT v.* FROM tariff_version v JOIN used ON used.id = v.tariff_id
WHERE v.valid_from <= use_offer.today
ORDER BY v.valid_from DESC LIMIT 1
$body$
"""
# Only of a period that the caller's own walls show.
GIVE_OFFER_BACK = """
CREATE FUNCTION give_offer_back(tariff_period_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
UPDATE tariff t SET offer_uses = t.offer_uses - 1
FROM tariff_period p
WHERE p.id = give_offer_back.tariff_period_id
    AND t.id = p.tariff_id
    AND t.offer_uses > 0
    AND (session_user = 'portal_staff'
        OR p.account_id = ANY (current_setting('portal.accounts')::uuid[]))
$body$
"""
FUNCTIONS = {
    "use_offer(text, uuid, date)": USE_OFFER,
    "give_offer_back(uuid)": GIVE_OFFER_BACK,
}


def upgrade() -> None:
    """Limit and count offers, name the new mail, and open to each role what it needs."""
    op.add_column("tariff", sa.Column("offer_expires_on", sa.Date(), nullable=True))
    op.add_column("tariff", sa.Column("offer_most_uses", sa.Integer(), nullable=True))
    op.add_column(
        "tariff", sa.Column("offer_uses", sa.Integer(), nullable=False, server_default="0")
    )
    op.alter_column("tariff", "offer_uses", server_default=None)
    op.create_check_constraint(
        op.f("ck_tariff_public_is_no_offer"),
        "tariff",
        "NOT is_public OR num_nonnulls(offer_expires_on, offer_most_uses) = 0 AND offer_uses = 0",
    )
    op.create_check_constraint(
        op.f("ck_tariff_offer_uses_counted"),
        "tariff",
        "offer_uses >= 0 AND offer_most_uses > 0 AND offer_uses <= offer_most_uses",
    )
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION')",
    )
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO portal_app, portal_staff")
