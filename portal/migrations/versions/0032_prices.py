"""Quantities, booked options and special agreements.

Revision ID: 0032
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None
DRAFTED = "368e1adbf3003109"


def upgrade() -> None:
    """Quantities, booked options and special agreements."""
    op.create_table(
        "special_agreement",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "UNIT_PRICE",
                "DISCOUNT",
                "VAT_TREATMENT",
                name="agreementkind",
                native_enum=False,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column(
            "vat_treatment",
            sa.Enum(
                "STANDARD",
                "REVERSE_CHARGE",
                "NOT_TAXABLE",
                name="vattreatment",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("account_id"), "="),
            (sa.column("module_id"), "="),
            (sa.text("coalesce(item_key, '')"), "="),
            (sa.column("kind"), "="),
            (sa.text("daterange(starts_on, ends_on, '[]')"), "&&"),
            using="gist",
            name="ex_special_agreement_no_overlap",
        ),
        sa.CheckConstraint(
            "(unit_price IS NOT NULL) = (kind = 'UNIT_PRICE') AND (discount_percent IS NOT NULL) = (kind = 'DISCOUNT') AND (vat_treatment IS NOT NULL) = (kind = 'VAT_TREATMENT')",
            name=op.f("ck_special_agreement_value_of_kind"),
        ),
        sa.CheckConstraint(
            "kind IN ('UNIT_PRICE', 'DISCOUNT', 'VAT_TREATMENT')",
            name=op.f("ck_special_agreement_kind_known"),
        ),
        sa.CheckConstraint(
            "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
            name=op.f("ck_special_agreement_days_in_range"),
        ),
        sa.CheckConstraint(
            "vat_treatment IN ('STANDARD', 'REVERSE_CHARGE', 'NOT_TAXABLE')",
            name=op.f("ck_special_agreement_vat_treatment_known"),
        ),
        sa.CheckConstraint(
            "discount_percent > 0 AND discount_percent <= 100",
            name=op.f("ck_special_agreement_discount_percent"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_special_agreement_ends_after_start")
        ),
        sa.CheckConstraint(
            "unit_price BETWEEN -1e7 AND 1e7", name=op.f("ck_special_agreement_unit_price_finite")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_special_agreement_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["module_id"], ["module.id"], name=op.f("fk_special_agreement_module_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_agreement")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_special_agreement_account_id_id")),
    )
    op.create_index(
        op.f("ix_special_agreement_module_id"), "special_agreement", ["module_id"], unique=False
    )
    op.create_index(
        "ix_special_agreement_target",
        "special_agreement",
        ["account_id", "module_id"],
        unique=False,
    )
    op.create_table(
        "booked_option",
        sa.Column("notice_period_count", sa.Integer(), nullable=True),
        sa.Column(
            "notice_period_unit",
            sa.Enum("DAYS", "WEEKS", "MONTHS", name="termunit", native_enum=False, length=30),
            nullable=True,
        ),
        sa.Column(
            "ending_day",
            sa.Enum(
                "ANY_DAY",
                "END_OF_MONTH",
                "END_OF_QUARTER",
                "END_OF_YEAR",
                "END_OF_TERM",
                name="endingday",
                native_enum=False,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("module_subscription_id", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("previous_ends_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("module_subscription_id"), "="),
            (sa.column("item_key"), "="),
            (sa.text("daterange(starts_on, ends_on + 1)"), "&&"),
            using="gist",
            name="ex_booked_option_no_overlap",
        ),
        sa.CheckConstraint(
            "ending_day IN ('ANY_DAY', 'END_OF_MONTH', 'END_OF_QUARTER', 'END_OF_YEAR', 'END_OF_TERM')",
            name=op.f("ck_booked_option_ending_day_known"),
        ),
        sa.CheckConstraint(
            "notice_period_unit IN ('DAYS', 'WEEKS', 'MONTHS')",
            name=op.f("ck_booked_option_notice_period_unit_known"),
        ),
        sa.CheckConstraint(
            "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
            name=op.f("ck_booked_option_days_in_range"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on - 1", name=op.f("ck_booked_option_ends_after_start")
        ),
        sa.CheckConstraint(
            "num_nonnulls(notice_period_count, notice_period_unit, ending_day) IN (0, 3)",
            name=op.f("ck_booked_option_notice_terms_whole"),
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 1000000", name=op.f("ck_booked_option_quantity_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ended_by"],
            ["tariff_change.account_id", "tariff_change.id"],
            name=op.f("fk_booked_option_account_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "module_subscription_id"],
            ["module_subscription.account_id", "module_subscription.id"],
            name=op.f("fk_booked_option_account_id_module_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_booked_option_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booked_option")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_booked_option_account_id_id")),
    )
    op.create_index(
        "ix_booked_option_subscription",
        "booked_option",
        ["module_subscription_id", "starts_on"],
        unique=False,
    )
    op.create_table(
        "subscription_item_quantity",
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("module_subscription_id", sa.Uuid(), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("previous_ends_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("module_subscription_id"), "="),
            (sa.column("item_key"), "="),
            (sa.text("daterange(starts_on, ends_on + 1)"), "&&"),
            using="gist",
            name="ex_subscription_item_quantity_no_overlap",
        ),
        sa.CheckConstraint(
            "starts_on BETWEEN '1900-01-01' AND '2199-12-31' AND ends_on <= '2199-12-31'",
            name=op.f("ck_subscription_item_quantity_days_in_range"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on - 1", name=op.f("ck_subscription_item_quantity_ends_after_start")
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 1000000",
            name=op.f("ck_subscription_item_quantity_quantity_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ended_by"],
            ["tariff_change.account_id", "tariff_change.id"],
            name=op.f("fk_subscription_item_quantity_account_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "module_subscription_id"],
            ["module_subscription.account_id", "module_subscription.id"],
            name=op.f("fk_subscription_item_quantity_account_id_module_subscription_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_subscription_item_quantity_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_item_quantity")),
        sa.UniqueConstraint(
            "account_id", "id", name=op.f("uq_subscription_item_quantity_account_id_id")
        ),
    )
    op.create_index(
        "ix_subscription_item_quantity_subscription",
        "subscription_item_quantity",
        ["module_subscription_id", "starts_on"],
        unique=False,
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION erase(accounts uuid[], people uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "DECLARE\n"
        "    emails text[] := ARRAY(SELECT p.email FROM person p WHERE p.id = ANY (people));\n"
        "BEGIN\n"
        "    IF cardinality(accounts) > 0 THEN\n"
        "        UPDATE history_value t SET before = NULL, after = NULL\n"
        "            WHERE t.account_id = ANY (accounts);\n"
        "        UPDATE history_entry t SET on_behalf_of = NULL, reason = NULL\n"
        "            WHERE t.account_id = ANY (accounts);\n"
        "        UPDATE history_entry t SET actor_name = NULL\n"
        "            WHERE t.account_id = ANY (accounts) AND t.actor_role NOT IN ('EMPLOYEE', 'MANAGER', 'PARTNER');\n"
        "        UPDATE account t SET name = 'deleted', customer_number = NULL\n"
        "            WHERE t.id = ANY (accounts);\n"
        "        DELETE FROM subscription_item_quantity t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM booked_option t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_period t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM tariff_change t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM request t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM outbox t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM notice t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM history_note t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM special_agreement t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM module_subscription t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM message t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM member t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM invitation t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM effect t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM contract t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM consent t WHERE t.account_id = ANY (accounts);\n"
        "        DELETE FROM app_authorization t WHERE t.account_id = ANY (accounts);\n"
        "    END IF;\n"
        "    IF cardinality(people) > 0 THEN\n"
        "        UPDATE history_value t SET before = NULL, after = NULL\n"
        "            WHERE EXISTS (SELECT FROM invitation i WHERE i.email = ANY (emails) AND i.account_id = t.account_id AND i.id = t.subject_id);\n"
        "        UPDATE message t SET recipient = ''\n"
        "            WHERE t.recipient = ANY (emails);\n"
        "        UPDATE history_entry t SET actor_name = NULL\n"
        "            WHERE t.actor_id = ANY (people);\n"
        "        UPDATE person t SET name = 'deleted', email = t.id || '@deleted.invalid'\n"
        "            WHERE t.id = ANY (people);\n"
        "        DELETE FROM password_reset t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM password t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM known_network t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM invitation t WHERE t.email = ANY (emails);\n"
        "        DELETE FROM idle_person t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM credential t WHERE t.person_id = ANY (people);\n"
        "        DELETE FROM registration t WHERE t.email = ANY (emails);\n"
        "        DELETE FROM idempotency_key t WHERE t.viewer_id = ANY (people) AND t.mutation <> 'deleteAccount';\n"
        "    END IF;\n"
        "END\n"
        "$body$"
    )
    op.execute("ALTER TABLE booked_option ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE booked_option FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE special_agreement ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE special_agreement FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE subscription_item_quantity ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE subscription_item_quantity FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY app_rows ON booked_option FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON booked_option FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON booked_option FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON booked_option FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON special_agreement FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON special_agreement FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON special_agreement FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON special_agreement FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY app_rows ON subscription_item_quantity FOR ALL TO portal_app USING (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))) WITH CHECK (account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))"
    )
    op.execute(
        "CREATE POLICY owner_rows ON subscription_item_quantity FOR ALL TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY staff_rows ON subscription_item_quantity FOR ALL TO portal_staff USING (true) WITH CHECK (true)"
    )
    op.execute(
        "CREATE POLICY worker_rows ON subscription_item_quantity FOR ALL TO portal_worker USING (true) WITH CHECK (true)"
    )
    op.execute(
        "GRANT DELETE, SELECT, UPDATE (ended_by, ends_on, previous_ends_on, version) ON booked_option TO portal_app"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON booked_option TO portal_staff")
    op.execute("GRANT SELECT ON booked_option TO portal_worker")
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON special_agreement TO portal_staff")
    op.execute("GRANT SELECT ON special_agreement TO portal_app")
    op.execute("GRANT SELECT ON special_agreement TO portal_worker")
    op.execute(
        "GRANT DELETE, INSERT, SELECT, UPDATE (ended_by, ends_on, previous_ends_on) ON subscription_item_quantity TO portal_app"
    )
    op.execute("GRANT DELETE, INSERT, SELECT, UPDATE ON subscription_item_quantity TO portal_staff")
    op.execute("GRANT SELECT ON subscription_item_quantity TO portal_worker")
