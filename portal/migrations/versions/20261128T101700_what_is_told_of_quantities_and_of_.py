"""What is told of quantities and of withdrawn documents.

Revision ID: 20261128T101700
"""

from alembic import op

revision = "20261128T101700"
down_revision = "20261128T101650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is told of quantities and of withdrawn documents."""
    op.drop_constraint(op.f("ck_message_kind_known"), "message", type_="check")
    op.drop_constraint(op.f("ck_effect_kind_known"), "effect", type_="check")
    op.create_check_constraint(
        op.f("ck_effect_kind_known"),
        "effect",
        "kind IN ('DEADLINE_NEAR', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'DOCUMENTS_CHANGED', 'DOCUMENTS_WITHDRAWN')",
    )
    op.create_check_constraint(
        op.f("ck_message_kind_known"),
        "message",
        "kind IN ('REGISTRATION_CODE', 'ALREADY_REGISTERED', 'EMAIL_CONFIRMATION', 'PASSWORD_RESET_CODE', 'PASSWORD_CHANGED', 'INVITATION', 'MEMBER_REMOVED', 'REQUEST_RECEIVED', 'REQUEST_ACCEPTED', 'REQUEST_DECLINED', 'APP_AUTHORIZED', 'APP_REVOKED', 'ACCOUNT_DELETED', 'PROFILE_DELETED', 'ERASURE_ANNOUNCED', 'CANCELLATION_CONFIRMATION', 'ORDER_CONFIRMATION', 'TARIFF_CHANGE_CONFIRMATION', 'CANCELLATION_WITHDRAWN', 'ORDER_WITHDRAWN', 'TARIFF_CHANGE_WITHDRAWN', 'DEADLINE_REMINDER', 'MODULE_BEGUN', 'TARIFF_BEGUN', 'MODULE_ENDED', 'REQUEST_EXPIRED', 'INVITATION_EXPIRED', 'OFFER_EXPIRED', 'PRICE_CHANGE_ANNOUNCED', 'PRICE_CHANGE_WITHDRAWN', 'DOCUMENTS_CHANGED', 'ACCOUNT_MADE', 'OPTION_CHANGED', 'SPECIAL_AGREEMENT_CHANGED', 'QUANTITY_CHANGED', 'DOCUMENTS_WITHDRAWN')",
    )
