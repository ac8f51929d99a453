"""Documents to consent to ask or tell.

Revision ID: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
DRAFTED = "666fe456fd945be2"


def upgrade() -> None:
    """Documents to consent to ask or tell."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.drop_constraint(op.f("ck_effect_kind_known"), "effect", type_="check")
    op.add_column(
        "account", sa.Column("documents_read_at", sa.DateTime(timezone=True), nullable=True)
    )
    # Until now each version asked, and the parts of one may have come one after another.
    op.add_column(
        "consent_document",
        sa.Column("asks_agreement", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.alter_column("consent_document", "asks_agreement", server_default=None)
    op.execute(
        "UPDATE consent_document d SET published_on = first.published_on"
        " FROM (SELECT kind, version, min(published_on) AS published_on FROM consent_document"
        " GROUP BY kind, version) AS first"
        " WHERE first.kind = d.kind AND first.version = d.version"
        " AND first.published_on <> d.published_on"
    )
    op.add_column(
        "consent_document", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_check_constraint(
        op.f("ck_effect_kind_known"),
        "effect",
        "kind IN ('DEADLINE_NEAR', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'DOCUMENTS_CHANGED')",
    )
    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'PASSWORD_CHANGED', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'PROFILE_DELETED', 'ERASURE_ANNOUNCED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION', 'TARIFF_CHANGE_CONFIRMATION', 'CANCELLATION_WITHDRAWN', 'ORDER_WITHDRAWN', 'TARIFF_CHANGE_WITHDRAWN', 'DEADLINE_REMINDER', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'PRICE_CHANGE_ANNOUNCED', 'PRICE_CHANGE_WITHDRAWN', 'DOCUMENTS_CHANGED')",
    )
    op.execute("GRANT UPDATE (documents_read_at) ON account TO portal_app")
