"""Mails about cancellations, orders and changes of tariff that were withdrawn.

Revision ID: 0025
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = (
    *("REGISTRATION_CODE", "ALREADY_REGISTERED", "EMAIL_CONFIRMATION", "PASSWORD_RESET_CODE"),
    *("PASSWORD_CHANGED", "INVITATION", "MEMBER_REMOVED", "REQUEST_RECEIVED", "REQUEST_ACCEPTED"),
    *("REQUEST_DECLINED", "APP_AUTHORIZED", "APP_REVOKED", "ACCOUNT_DELETED"),
    *("PROFILE_DELETED", "ERASURE_ANNOUNCED"),
    *("CANCELLATION_CONFIRMATION", "ORDER_CONFIRMATION", "TARIFF_CHANGE_CONFIRMATION"),
    *("CANCELLATION_WITHDRAWN", "ORDER_WITHDRAWN", "TARIFF_CHANGE_WITHDRAWN"),
)


def upgrade() -> None:
    """Allow the new kinds."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message")
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_check_constraint(op.f("ck_message_kind_known"), "message", f"kind IN ({kinds})")
