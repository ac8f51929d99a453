"""Requests: what customers ask managers to change.

Revision ID: 0008

A customer's database role can make a request and withdraw one; whatever becomes of the portal's own
checks, it can neither accept nor decline, nor touch the values that were proposed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN_ROWS = "account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))"


def upgrade() -> None:
    """Make the table, close it, and open to each role what it needs."""
    _create_table()
    op.execute("ALTER TABLE request ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE request FORCE ROW LEVEL SECURITY")
    for name, role in (
        ("owner_rows", "portal_owner"),
        ("staff_rows", "portal_staff"),
        ("worker_rows", "portal_worker"),
    ):
        op.execute(f"CREATE POLICY {name} ON request TO {role} USING (true) WITH CHECK (true)")
    op.execute(
        f"CREATE POLICY app_rows ON request TO portal_app USING ({OWN_ROWS})"
        f" WITH CHECK ({OWN_ROWS} AND state IN ('OPEN', 'WITHDRAWN'))"
    )
    op.execute("GRANT SELECT ON request TO portal_app, portal_staff, portal_worker")
    op.execute("GRANT INSERT ON request TO portal_app")
    op.execute("GRANT UPDATE (state, decided_by, decided_at, version) ON request TO portal_app")
    op.execute(
        "GRANT UPDATE (state, decided_by, decided_at, reason, version) ON request TO portal_staff"
    )


def _create_table() -> None:
    op.create_table(
        "request",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("proposed_deviating_payment_terms_name", sa.String(length=100), nullable=True),
        sa.Column("proposed_deviating_payment_terms_due_days", sa.Integer(), nullable=True),
        sa.Column("proposed_deviating_payment_terms_method", sa.String(length=30), nullable=True),
        sa.Column(
            "proposed_deviating_payment_terms_discount_percent",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
        ),
        sa.Column("proposed_deviating_payment_terms_discount_days", sa.Integer(), nullable=True),
        sa.Column("present_deviating_payment_terms_name", sa.String(length=100), nullable=True),
        sa.Column("present_deviating_payment_terms_due_days", sa.Integer(), nullable=True),
        sa.Column("present_deviating_payment_terms_method", sa.String(length=30), nullable=True),
        sa.Column(
            "present_deviating_payment_terms_discount_percent",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
        ),
        sa.Column("present_deviating_payment_terms_discount_days", sa.Integer(), nullable=True),
        sa.Column("proposed_contract_partner_name", sa.String(length=200), nullable=True),
        sa.Column("proposed_contract_partner_street", sa.String(length=200), nullable=True),
        sa.Column("proposed_contract_partner_postal_code", sa.String(length=20), nullable=True),
        sa.Column("proposed_contract_partner_city", sa.String(length=100), nullable=True),
        sa.Column("proposed_contract_partner_country", sa.String(length=2), nullable=True),
        sa.Column("proposed_contract_partner_kind", sa.String(length=30), nullable=True),
        sa.Column("proposed_contract_partner_attention", sa.String(length=200), nullable=True),
        sa.Column("proposed_contract_partner_extra", sa.String(length=200), nullable=True),
        sa.Column("present_contract_partner_name", sa.String(length=200), nullable=True),
        sa.Column("present_contract_partner_street", sa.String(length=200), nullable=True),
        sa.Column("present_contract_partner_postal_code", sa.String(length=20), nullable=True),
        sa.Column("present_contract_partner_city", sa.String(length=100), nullable=True),
        sa.Column("present_contract_partner_country", sa.String(length=2), nullable=True),
        sa.Column("present_contract_partner_kind", sa.String(length=30), nullable=True),
        sa.Column("present_contract_partner_attention", sa.String(length=200), nullable=True),
        sa.Column("present_contract_partner_extra", sa.String(length=200), nullable=True),
        sa.Column("proposed_vat_treatment", sa.String(length=30), nullable=True),
        sa.Column("present_vat_treatment", sa.String(length=30), nullable=True),
        sa.Column("proposed_vat_number", sa.String(length=20), nullable=True),
        sa.Column("present_vat_number", sa.String(length=20), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("kind"), "="),
            (sa.text("tstzrange(requested_at, expires_at)"), "&&"),
            where=sa.text("state = 'OPEN'"),
            using="gist",
            name="ex_request_one_open_of_a_kind",
        ),
        sa.CheckConstraint(
            "(kind = 'VAT_TREATMENT') = (present_vat_treatment IS NOT NULL) AND (kind = 'VAT_TREATMENT' OR present_vat_number IS NULL)",
            name=op.f("ck_request_present_vat_whole"),
        ),
        sa.CheckConstraint(
            "(kind = 'VAT_TREATMENT') = (proposed_vat_treatment IS NOT NULL) AND (kind = 'VAT_TREATMENT' OR proposed_vat_number IS NULL)",
            name=op.f("ck_request_proposed_vat_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'OPEN') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_request_decided"),
        ),
        sa.CheckConstraint(
            "kind IN ('PAYMENT_TERMS', 'VAT_TREATMENT', 'CONTRACT_PARTNER')",
            name=op.f("ck_request_kind_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(present_contract_partner_name, present_contract_partner_street, present_contract_partner_postal_code, present_contract_partner_city, present_contract_partner_country, present_contract_partner_kind) = CASE kind WHEN 'CONTRACT_PARTNER' THEN 6 ELSE 0 END",
            name=op.f("ck_request_present_contract_partner_whole"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(present_deviating_payment_terms_name, present_deviating_payment_terms_due_days, present_deviating_payment_terms_method) IN (0, CASE kind WHEN 'PAYMENT_TERMS' THEN 3 ELSE 0 END)",
            name=op.f("ck_request_present_deviating_payment_terms_whole"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(proposed_contract_partner_name, proposed_contract_partner_street, proposed_contract_partner_postal_code, proposed_contract_partner_city, proposed_contract_partner_country, proposed_contract_partner_kind) = CASE kind WHEN 'CONTRACT_PARTNER' THEN 6 ELSE 0 END",
            name=op.f("ck_request_proposed_contract_partner_whole"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(proposed_deviating_payment_terms_name, proposed_deviating_payment_terms_due_days, proposed_deviating_payment_terms_method) IN (0, CASE kind WHEN 'PAYMENT_TERMS' THEN 3 ELSE 0 END)",
            name=op.f("ck_request_proposed_deviating_payment_terms_whole"),
        ),
        sa.CheckConstraint(
            "present_contract_partner_kind IN ('BUSINESS', 'CONSUMER')",
            name=op.f("ck_request_present_contract_partner_kind_known"),
        ),
        sa.CheckConstraint(
            "present_deviating_payment_terms_method IN ('TRANSFER', 'DIRECT_DEBIT')",
            name=op.f("ck_request_present_deviating_payment_terms_method_known"),
        ),
        sa.CheckConstraint(
            "present_vat_treatment IN ('STANDARD', 'REVERSE_CHARGE', 'NOT_TAXABLE')",
            name=op.f("ck_request_present_vat_treatment_known"),
        ),
        sa.CheckConstraint(
            "proposed_contract_partner_kind IN ('BUSINESS', 'CONSUMER')",
            name=op.f("ck_request_proposed_contract_partner_kind_known"),
        ),
        sa.CheckConstraint(
            "proposed_deviating_payment_terms_method IN ('TRANSFER', 'DIRECT_DEBIT')",
            name=op.f("ck_request_proposed_deviating_payment_terms_method_known"),
        ),
        sa.CheckConstraint(
            "proposed_vat_treatment IN ('STANDARD', 'REVERSE_CHARGE', 'NOT_TAXABLE')",
            name=op.f("ck_request_proposed_vat_treatment_known"),
        ),
        sa.CheckConstraint(
            "state <> 'DECLINED' OR reason IS NOT NULL", name=op.f("ck_request_declined_why")
        ),
        sa.CheckConstraint(
            "state IN ('OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN')",
            name=op.f("ck_request_state_known"),
        ),
        sa.CheckConstraint(
            "(present_deviating_payment_terms_discount_percent IS NULL) = (present_deviating_payment_terms_discount_days IS NULL) AND present_deviating_payment_terms_discount_percent > 0 AND present_deviating_payment_terms_discount_percent < 100 AND present_deviating_payment_terms_discount_days BETWEEN 0 AND present_deviating_payment_terms_due_days",
            name=op.f("ck_request_present_deviating_payment_terms_discount"),
        ),
        sa.CheckConstraint(
            "(proposed_deviating_payment_terms_discount_percent IS NULL) = (proposed_deviating_payment_terms_discount_days IS NULL) AND proposed_deviating_payment_terms_discount_percent > 0 AND proposed_deviating_payment_terms_discount_percent < 100 AND proposed_deviating_payment_terms_discount_days BETWEEN 0 AND proposed_deviating_payment_terms_due_days",
            name=op.f("ck_request_proposed_deviating_payment_terms_discount"),
        ),
        sa.CheckConstraint("expires_at > requested_at", name=op.f("ck_request_expires_later")),
        sa.CheckConstraint(
            "present_deviating_payment_terms_due_days BETWEEN 0 AND 120",
            name=op.f("ck_request_present_deviating_payment_terms_due_days"),
        ),
        sa.CheckConstraint(
            "proposed_deviating_payment_terms_due_days BETWEEN 0 AND 120",
            name=op.f("ck_request_proposed_deviating_payment_terms_due_days"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_request_decided_by")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["person.id"], name=op.f("fk_request_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_request_account_id_id")),
    )
    op.create_index("ix_request_decided_by", "request", ["decided_by"], unique=False)
    op.create_index("ix_request_requested_at_id", "request", ["requested_at", "id"], unique=False)
    op.create_index("ix_request_requested_by", "request", ["requested_by"], unique=False)
