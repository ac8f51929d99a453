"""The tables of the contract page.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, its constraints and its indexes."""
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "account",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("customer_number", sa.String(length=40), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("owner_role", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("history_length", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency = 'EUR'", name=op.f("ck_account_currency_known")),
        sa.CheckConstraint(
            "language IN ('NL', 'EN', 'DE')", name=op.f("ck_account_language_known")
        ),
        sa.CheckConstraint("owner_role = 'OWNER'", name=op.f("ck_account_owner_role_constant")),
        sa.CheckConstraint("history_length >= 0", name=op.f("ck_account_history_length_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("customer_number", name=op.f("uq_account_customer_number")),
    )
    op.create_index("ix_account_created_at_id", "account", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_account_customer_number_id",
        "account",
        [sa.literal_column("coalesce(customer_number, '')"), "id"],
        unique=False,
    )
    op.create_index("ix_account_name_id", "account", ["name", "id"], unique=False)
    op.create_index(
        "ix_account_search",
        "account",
        [sa.literal_column("(name || ' ' || coalesce(customer_number, '')) gin_trgm_ops")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "app",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app")),
        sa.UniqueConstraint("key", name=op.f("uq_app_key")),
    )
    op.create_table(
        "consent_document",
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('TERMS', 'DATA_PROTECTION')",
            name=op.f("ck_consent_document_kind_known"),
        ),
        sa.CheckConstraint(
            "language IN ('NL', 'EN', 'DE')",
            name=op.f("ck_consent_document_language_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_document")),
        sa.UniqueConstraint(
            "kind",
            "version",
            "language",
            name=op.f("uq_consent_document_kind_version_language"),
        ),
    )
    op.create_table(
        "general_payment_terms",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("terms_name", sa.String(length=100), nullable=False),
        sa.Column("terms_due_days", sa.Integer(), nullable=False),
        sa.Column("terms_method", sa.String(length=30), nullable=False),
        sa.Column("terms_discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("terms_discount_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "terms_method IN ('TRANSFER', 'DIRECT_DEBIT')",
            name=op.f("ck_general_payment_terms_terms_method_known"),
        ),
        sa.CheckConstraint(
            "(terms_discount_percent IS NULL) = (terms_discount_days IS NULL) AND terms_discount_percent > 0 AND terms_discount_percent < 100 AND terms_discount_days BETWEEN 0 AND terms_due_days",
            name=op.f("ck_general_payment_terms_terms_discount"),
        ),
        sa.CheckConstraint(
            "terms_due_days BETWEEN 0 AND 120",
            name=op.f("ck_general_payment_terms_terms_due_days"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_general_payment_terms")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_general_payment_terms_valid_from")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("viewer_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("arguments_hash", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("viewer_id", "mutation", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"),
        "idempotency_key",
        ["created_at"],
        unique=False,
    )
    op.create_table(
        "module",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_single_booking", sa.Boolean(), nullable=False),
        sa.Column("data_schema", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module")),
        sa.UniqueConstraint("key", name=op.f("uq_module_key")),
    )
    op.create_table(
        "permission_profile",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "scopes <@ ARRAY['ACCOUNT_READ', 'CONTRACT_EDIT', 'CUSTOMER_NUMBER', 'ORDER', 'MEMBERS', 'FILES_READ', 'FILES_EDIT', 'FINANCIALS', 'HISTORY']::text[]",
            name=op.f("ck_permission_profile_scopes_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permission_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_permission_profile_name")),
    )
    op.create_table(
        "person",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("language IN ('NL', 'EN', 'DE')", name=op.f("ck_person_language_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "app_authorization",
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "scopes <@ ARRAY['ACCOUNT_READ', 'CONTRACT_EDIT', 'CUSTOMER_NUMBER', 'ORDER', 'MEMBERS', 'FILES_READ', 'FILES_EDIT', 'FINANCIALS', 'HISTORY']::text[]",
            name=op.f("ck_app_authorization_scopes_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_app_authorization_account_id")
        ),
        sa.ForeignKeyConstraint(["app_id"], ["app.id"], name=op.f("fk_app_authorization_app_id")),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("fk_app_authorization_granted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_authorization")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_app_authorization_account_id_id")),
    )
    op.create_index(
        op.f("ix_app_authorization_app_id"),
        "app_authorization",
        ["app_id"],
        unique=False,
    )
    op.create_table(
        "consent",
        sa.Column("consent_document_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id")),
        sa.ForeignKeyConstraint(
            ["consent_document_id"],
            ["consent_document.id"],
            name=op.f("fk_consent_consent_document_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "account_id",
            "consent_document_id",
            name=op.f("uq_consent_account_id_consent_document_id"),
        ),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_consent_account_id_id")),
    )
    op.create_index(
        op.f("ix_consent_consent_document_id"),
        "consent",
        ["consent_document_id"],
        unique=False,
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person_id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("contract_partner_name", sa.String(length=200), nullable=False),
        sa.Column("contract_partner_street", sa.String(length=200), nullable=False),
        sa.Column("contract_partner_postal_code", sa.String(length=20), nullable=False),
        sa.Column("contract_partner_city", sa.String(length=100), nullable=False),
        sa.Column("contract_partner_country", sa.String(length=2), nullable=False),
        sa.Column("contract_partner_kind", sa.String(length=30), nullable=False),
        sa.Column("contract_partner_attention", sa.String(length=200), nullable=True),
        sa.Column("contract_partner_extra", sa.String(length=200), nullable=True),
        sa.Column("billing_address_name", sa.String(length=200), nullable=True),
        sa.Column("billing_address_street", sa.String(length=200), nullable=True),
        sa.Column("billing_address_postal_code", sa.String(length=20), nullable=True),
        sa.Column("billing_address_city", sa.String(length=100), nullable=True),
        sa.Column("billing_address_country", sa.String(length=2), nullable=True),
        sa.Column("billing_address_attention", sa.String(length=200), nullable=True),
        sa.Column("billing_address_extra", sa.String(length=200), nullable=True),
        sa.Column("general_payment_terms_name", sa.String(length=100), nullable=False),
        sa.Column("general_payment_terms_due_days", sa.Integer(), nullable=False),
        sa.Column("general_payment_terms_method", sa.String(length=30), nullable=False),
        sa.Column(
            "general_payment_terms_discount_percent",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
        ),
        sa.Column("general_payment_terms_discount_days", sa.Integer(), nullable=True),
        sa.Column("deviating_payment_terms_name", sa.String(length=100), nullable=True),
        sa.Column("deviating_payment_terms_due_days", sa.Integer(), nullable=True),
        sa.Column("deviating_payment_terms_method", sa.String(length=30), nullable=True),
        sa.Column(
            "deviating_payment_terms_discount_percent",
            sa.Numeric(precision=5, scale=2),
            nullable=True,
        ),
        sa.Column("deviating_payment_terms_discount_days", sa.Integer(), nullable=True),
        sa.Column("starts_on_override", sa.Date(), nullable=True),
        sa.Column("vat_treatment", sa.String(length=30), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("iban", sa.String(length=34), nullable=True),
        sa.Column("document_delivery_recipients", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("document_delivery_mode", sa.String(length=30), nullable=False),
        sa.Column("purchase_order_number", sa.String(length=50), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "contract_partner_kind IN ('BUSINESS', 'CONSUMER')",
            name=op.f("ck_contract_contract_partner_kind_known"),
        ),
        sa.CheckConstraint(
            "deviating_payment_terms_method IN ('TRANSFER', 'DIRECT_DEBIT')",
            name=op.f("ck_contract_deviating_payment_terms_method_known"),
        ),
        sa.CheckConstraint(
            "document_delivery_mode IN ('ATTACHMENT', 'LINK')",
            name=op.f("ck_contract_document_delivery_mode_known"),
        ),
        sa.CheckConstraint(
            "general_payment_terms_method IN ('TRANSFER', 'DIRECT_DEBIT')",
            name=op.f("ck_contract_general_payment_terms_method_known"),
        ),
        sa.CheckConstraint(
            "starts_on_override BETWEEN '1900-01-01' AND '2199-12-31'",
            name=op.f("ck_contract_starts_on_override_range"),
        ),
        sa.CheckConstraint(
            "vat_treatment IN ('STANDARD', 'REVERSE_CHARGE', 'NOT_TAXABLE')",
            name=op.f("ck_contract_vat_treatment_known"),
        ),
        sa.CheckConstraint(
            "(deviating_payment_terms_discount_percent IS NULL) = (deviating_payment_terms_discount_days IS NULL) AND deviating_payment_terms_discount_percent > 0 AND deviating_payment_terms_discount_percent < 100 AND deviating_payment_terms_discount_days BETWEEN 0 AND deviating_payment_terms_due_days",
            name=op.f("ck_contract_deviating_payment_terms_discount"),
        ),
        sa.CheckConstraint(
            "(general_payment_terms_discount_percent IS NULL) = (general_payment_terms_discount_days IS NULL) AND general_payment_terms_discount_percent > 0 AND general_payment_terms_discount_percent < 100 AND general_payment_terms_discount_days BETWEEN 0 AND general_payment_terms_due_days",
            name=op.f("ck_contract_general_payment_terms_discount"),
        ),
        sa.CheckConstraint(
            "deviating_payment_terms_due_days BETWEEN 0 AND 120",
            name=op.f("ck_contract_deviating_payment_terms_due_days"),
        ),
        sa.CheckConstraint(
            "general_payment_terms_due_days BETWEEN 0 AND 120",
            name=op.f("ck_contract_general_payment_terms_due_days"),
        ),
        sa.CheckConstraint(
            "num_nulls(billing_address_name, billing_address_street, billing_address_postal_code, billing_address_city, billing_address_country) IN (0, 5)",
            name=op.f("ck_contract_billing_address_whole"),
        ),
        sa.CheckConstraint(
            "num_nulls(deviating_payment_terms_name, deviating_payment_terms_due_days, deviating_payment_terms_method) IN (0, 3)",
            name=op.f("ck_contract_deviating_payment_terms_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_contract_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_contract_account_id_id")),
        sa.UniqueConstraint("account_id", name=op.f("uq_contract_account_id")),
    )
    op.create_table(
        "credential",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("app_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(role = 'PARTNER') = (app_id IS NOT NULL)",
            name=op.f("ck_credential_app_is_partner"),
        ),
        sa.CheckConstraint("kind IN ('SESSION', 'API_KEY')", name=op.f("ck_credential_kind_known")),
        sa.CheckConstraint("role <> 'ANONYMOUS'", name=op.f("ck_credential_role_logged_in")),
        sa.CheckConstraint(
            "role IN ('ANONYMOUS', 'CUSTOMER', 'EMPLOYEE', 'MANAGER', 'PARTNER')",
            name=op.f("ck_credential_role_known"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(person_id, app_id) = 1",
            name=op.f("ck_credential_person_or_app"),
        ),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32",
            name=op.f("ck_credential_token_hash_sha256"),
        ),
        sa.ForeignKeyConstraint(["app_id"], ["app.id"], name=op.f("fk_credential_app_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credential_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_credential_token_hash")),
    )
    op.create_index(op.f("ix_credential_app_id"), "credential", ["app_id"], unique=False)
    op.create_index(op.f("ix_credential_person_id"), "credential", ["person_id"], unique=False)
    op.create_table(
        "history_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("actor_role", sa.String(length=30), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "actor_role IN ('ANONYMOUS', 'CUSTOMER', 'EMPLOYEE', 'MANAGER', 'PARTNER')",
            name=op.f("ck_history_entry_actor_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_history_entry_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_history_entry_account_id_id")),
        sa.UniqueConstraint(
            "account_id", "number", name=op.f("uq_history_entry_account_id_number")
        ),
    )
    op.create_table(
        "member",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('OWNER', 'ADMIN', 'BILLING', 'READER')",
            name=op.f("ck_member_role_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_member_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("account_id", "id", "role", name=op.f("uq_member_account_id_id_role")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_member_account_id_id")),
        sa.UniqueConstraint("account_id", "person_id", name=op.f("uq_member_account_id_person_id")),
    )
    op.create_index(op.f("ix_member_person_id"), "member", ["person_id"], unique=False)
    op.create_index(
        "uq_member_one_owner",
        "member",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("role = 'OWNER'"),
    )
    op.create_table(
        "module_subscription",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
            name=op.f("ck_module_subscription_days_in_range"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_module_subscription_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_module_subscription_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_module_subscription_module_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_subscription")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_module_subscription_account_id_id")),
    )
    op.create_index(
        "ix_module_subscription_list",
        "module_subscription",
        ["account_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_module_subscription_module_id"),
        "module_subscription",
        ["module_id"],
        unique=False,
    )
    op.create_table(
        "password",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_password")),
    )
    op.create_table(
        "staff",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("permission_profile_id", sa.Uuid(), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'EMPLOYEE') = (permission_profile_id IS NOT NULL)",
            name=op.f("ck_staff_employee_has_profile"),
        ),
        sa.CheckConstraint("role IN ('EMPLOYEE', 'MANAGER')", name=op.f("ck_staff_role_known")),
        sa.ForeignKeyConstraint(
            ["permission_profile_id"],
            ["permission_profile.id"],
            name=op.f("fk_staff_permission_profile_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_staff")),
    )
    op.create_table(
        "tariff",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("offer_number", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "is_public = (offer_number IS NULL)",
            name=op.f("ck_tariff_non_public_has_offer"),
        ),
        sa.ForeignKeyConstraint(["module_id"], ["module.id"], name=op.f("fk_tariff_module_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
        sa.UniqueConstraint("module_id", "name", name=op.f("uq_tariff_module_id_name")),
        sa.UniqueConstraint("offer_number", name=op.f("uq_tariff_offer_number")),
    )
    op.create_table(
        "history_value",
        sa.Column("history_entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=120), nullable=False),
        sa.Column(
            "before",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
        ),
        sa.Column(
            "after",
            postgresql.JSONB(none_as_null=True),
            nullable=True,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "history_entry_id"],
            ["history_entry.account_id", "history_entry.id"],
            name=op.f("fk_history_value_account_id_history_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_history_value_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_value")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_history_value_account_id_id")),
        sa.UniqueConstraint(
            "history_entry_id",
            "position",
            name=op.f("uq_history_value_history_entry_id_position"),
        ),
    )
    op.create_table(
        "tariff_period",
        sa.Column("module_subscription_id", sa.Uuid(), nullable=False),
        sa.Column("tariff_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("module_subscription_id"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="ex_tariff_period_no_overlap",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_tariff_period_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["account_id", "module_subscription_id"],
            ["module_subscription.account_id", "module_subscription.id"],
            name=op.f("fk_tariff_period_account_id_module_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_tariff_period_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_tariff_period_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_period")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_tariff_period_account_id_id")),
    )
    op.create_index(
        "ix_tariff_period_subscription",
        "tariff_period",
        ["module_subscription_id", "starts_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_tariff_period_tariff_id"), "tariff_period", ["tariff_id"], unique=False
    )
    op.create_table(
        "tariff_version",
        sa.Column("tariff_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_from_for_existing", sa.Date(), nullable=False),
        sa.Column("initial_term_count", sa.Integer(), nullable=False),
        sa.Column("initial_term_unit", sa.String(length=30), nullable=False),
        sa.Column("renewal", sa.String(length=30), nullable=False),
        sa.Column("renewal_term_count", sa.Integer(), nullable=True),
        sa.Column("renewal_term_unit", sa.String(length=30), nullable=True),
        sa.Column("notice_period_count", sa.Integer(), nullable=False),
        sa.Column("notice_period_unit", sa.String(length=30), nullable=False),
        sa.Column("ending_day", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(renewal = 'RENEWAL_TERM') = (renewal_term_count IS NOT NULL) AND (renewal_term_count IS NULL) = (renewal_term_unit IS NULL) AND (renewal_term_count IS NULL OR renewal_term_count > 0)",
            name=op.f("ck_tariff_version_renewal_term_above_zero"),
        ),
        sa.CheckConstraint(
            "ending_day IN ('ANY_DAY', 'END_OF_MONTH', 'END_OF_QUARTER', 'END_OF_YEAR', 'END_OF_TERM')",
            name=op.f("ck_tariff_version_ending_day_known"),
        ),
        sa.CheckConstraint(
            "initial_term_unit IN ('DAYS', 'WEEKS', 'MONTHS')",
            name=op.f("ck_tariff_version_initial_term_unit_known"),
        ),
        sa.CheckConstraint(
            "notice_period_unit IN ('DAYS', 'WEEKS', 'MONTHS')",
            name=op.f("ck_tariff_version_notice_period_unit_known"),
        ),
        sa.CheckConstraint(
            "renewal IN ('RENEWAL_TERM', 'OPEN_ENDED', 'NONE')",
            name=op.f("ck_tariff_version_renewal_known"),
        ),
        sa.CheckConstraint(
            "renewal_term_unit IN ('DAYS', 'WEEKS', 'MONTHS')",
            name=op.f("ck_tariff_version_renewal_term_unit_known"),
        ),
        sa.CheckConstraint(
            "initial_term_count >= 0",
            name=op.f("ck_tariff_version_initial_term_count_positive"),
        ),
        sa.CheckConstraint(
            "notice_period_count >= 0",
            name=op.f("ck_tariff_version_notice_period_count_positive"),
        ),
        sa.CheckConstraint(
            "valid_from_for_existing >= valid_from",
            name=op.f("ck_tariff_version_existing_customers_not_before_new"),
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_tariff_version_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff_version")),
        sa.UniqueConstraint(
            "tariff_id",
            "valid_from",
            name=op.f("uq_tariff_version_tariff_id_valid_from"),
        ),
    )
    op.create_table(
        "price_list_section",
        sa.Column("tariff_version_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tariff_version_id"],
            ["tariff_version.id"],
            name=op.f("fk_price_list_section_tariff_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list_section")),
        sa.UniqueConstraint(
            "tariff_version_id",
            "position",
            name=op.f("uq_price_list_section_tariff_version_id_position"),
        ),
    )
    op.create_table(
        "item",
        sa.Column("price_list_section_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=6), nullable=False),
        sa.Column("vat_category", sa.String(length=30), nullable=False),
        sa.Column("billing_mode", sa.String(length=30), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "billing_mode IN ('AT_ONCE', 'MONTHLY', 'MONTHLY_IN_ADVANCE', 'QUARTERLY_IN_ADVANCE', 'YEARLY_IN_ADVANCE', 'PER_USE')",
            name=op.f("ck_item_billing_mode_known"),
        ),
        sa.CheckConstraint(
            "vat_category IN ('STANDARD', 'REDUCED', 'ZERO', 'EXEMPT')",
            name=op.f("ck_item_vat_category_known"),
        ),
        sa.CheckConstraint(
            "unit_price BETWEEN -1e7 AND 1e7", name=op.f("ck_item_unit_price_finite")
        ),
        sa.ForeignKeyConstraint(
            ["price_list_section_id"],
            ["price_list_section.id"],
            name=op.f("fk_item_price_list_section_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint(
            "price_list_section_id",
            "position",
            name=op.f("uq_item_price_list_section_id_position"),
        ),
    )
    op.create_foreign_key(
        "fk_account_owner",
        "account",
        "member",
        ["id", "owner_id", "owner_role"],
        ["account_id", "id", "role"],
        deferrable=True,
        initially="DEFERRED",
    )
