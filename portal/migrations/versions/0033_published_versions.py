"""Versions are drafts until they are published, and items say more.

Revision ID: 0033

What is there already is published. The key ADDITIONAL_OPTION becomes a mark, and each such item gets
a key of its own by its name, which is the same in each version.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None
DRAFTED = "f79618020bbb8b43"


UNITS = ("DAYS", "WEEKS", "MONTHS")
ENDINGS = ("ANY_DAY", "END_OF_MONTH", "END_OF_QUARTER", "END_OF_YEAR", "END_OF_TERM")
COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("tariff_version_id", sa.Uuid()),
    sa.Column("is_additional_option", sa.Boolean()),
    sa.Column("unit_code", sa.String(3)),
    sa.Column("vat_exemption_code", sa.String(30)),
    sa.Column("vat_exemption_text", sa.String(200)),
    sa.Column("notice_period_count", sa.Integer()),
    sa.Column("notice_period_unit", sa.Enum(*UNITS, native_enum=False, length=30)),
    sa.Column("ending_day", sa.Enum(*ENDINGS, native_enum=False, length=30)),
)
DUPLICATES = """
UPDATE item i SET key = {key} FROM (
    SELECT o.id, row_number() OVER (
        PARTITION BY o.tariff_version_id, o.key ORDER BY s.position, o.position) place
    FROM item o JOIN price_list_section s ON s.id = o.price_list_section_id
) d WHERE d.id = i.id AND d.place > 1
"""
MOVED = (
    """
UPDATE item i SET
    tariff_version_id = s.tariff_version_id,
    is_additional_option = i.key = 'ADDITIONAL_OPTION',
    unit_code = CASE lower(i.unit)
        WHEN 'minuut' THEN 'MIN' WHEN 'minute' THEN 'MIN'
        WHEN 'uur' THEN 'HUR' WHEN 'hour' THEN 'HUR' WHEN 'stunde' THEN 'HUR'
        WHEN 'dag' THEN 'DAY' WHEN 'day' THEN 'DAY' WHEN 'tag' THEN 'DAY'
        WHEN 'week' THEN 'WEE' WHEN 'woche' THEN 'WEE'
        WHEN 'maand' THEN 'MON' WHEN 'month' THEN 'MON' WHEN 'monat' THEN 'MON'
        WHEN 'jaar' THEN 'ANN' WHEN 'year' THEN 'ANN' WHEN 'jahr' THEN 'ANN'
        ELSE 'C62' END
FROM price_list_section s WHERE s.id = i.price_list_section_id
""",
    """
UPDATE item SET key = 'OPTION_' || trim(
    BOTH '_' FROM left(regexp_replace(upper(name), '[^A-Z0-9]+', '_', 'g'), 40))
WHERE is_additional_option
""",
    DUPLICATES.format(key="left(i.key, 55) || '_' || d.place"),
    # Those that another key was in the way of.
    DUPLICATES.format(key="left(i.key, 27) || '_' || md5(i.id::text)"),
)
PUBLISHED = (
    "UPDATE tariff_version SET published_at ="
    " least(valid_from::timestamp AT TIME ZONE 'UTC', statement_timestamp())"
)


def upgrade() -> None:
    """Versions are drafts until they are published, and items say more."""
    op.execute("DROP POLICY app_rows ON tariff_version")
    op.execute("DROP POLICY app_rows ON item")
    for column in COLUMNS:
        op.add_column("item", column)
    for statement in MOVED:
        op.execute(statement)
    for name in ("tariff_version_id", "is_additional_option", "unit_code"):
        op.alter_column("item", name, nullable=False)
    op.create_unique_constraint(
        op.f("uq_item_tariff_version_id_key"), "item", ["tariff_version_id", "key"]
    )
    op.drop_constraint(op.f("fk_item_price_list_section_id"), "item", type_="foreignkey")
    op.create_unique_constraint(
        op.f("uq_price_list_section_tariff_version_id_id"),
        "price_list_section",
        ["tariff_version_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_item_tariff_version_id_price_list_section_id"),
        "item",
        "price_list_section",
        ["tariff_version_id", "price_list_section_id"],
        ["tariff_version_id", "id"],
    )
    op.add_column("tariff", sa.Column("closed_from", sa.Date(), nullable=True))
    op.add_column("tariff", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("tariff", "version", server_default=None)
    op.add_column(
        "tariff_version", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "tariff_version", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "tariff_version", sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
    op.alter_column("tariff_version", "version", server_default=None)
    op.alter_column("tariff_version", "valid_from", existing_type=sa.DATE(), nullable=True)
    op.alter_column(
        "tariff_version", "valid_from_for_existing", existing_type=sa.DATE(), nullable=True
    )
    op.drop_constraint(
        op.f("uq_tariff_version_tariff_id_valid_from"), "tariff_version", type_="unique"
    )
    op.execute(PUBLISHED)
    op.create_index(
        "uq_tariff_version_one_on_a_day",
        "tariff_version",
        ["tariff_id", "valid_from"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_check_constraint(
        op.f("ck_item_ending_day_known"),
        "item",
        "ending_day IN ('ANY_DAY', 'END_OF_MONTH', 'END_OF_QUARTER', 'END_OF_YEAR', 'END_OF_TERM')",
    )
    op.create_check_constraint(
        op.f("ck_item_exemption_of_exempt"),
        "item",
        "vat_category = 'EXEMPT' OR num_nonnulls(vat_exemption_code, vat_exemption_text) = 0",
    )
    op.create_check_constraint(
        op.f("ck_item_notice_period_length"),
        "item",
        "notice_period_count BETWEEN 0 AND CASE notice_period_unit WHEN 'DAYS' THEN 36500 WHEN 'WEEKS' THEN 5200 WHEN 'MONTHS' THEN 1200 END",
    )
    op.create_check_constraint(
        op.f("ck_item_notice_period_unit_known"),
        "item",
        "notice_period_unit IN ('DAYS', 'WEEKS', 'MONTHS')",
    )
    op.create_check_constraint(
        op.f("ck_item_notice_terms_of_option"),
        "item",
        "num_nonnulls(notice_period_count, notice_period_unit, ending_day) IN (0, 3) AND (is_additional_option OR notice_period_count IS NULL) AND ending_day <> 'END_OF_TERM'",
    )
    op.create_check_constraint(
        op.f("ck_tariff_version_published_for_a_day"),
        "tariff_version",
        "num_nonnulls(published_at, valid_from, valid_from_for_existing) IN (0, 3) AND coalesce(withdrawn_at >= published_at, withdrawn_at IS NULL)",
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_published_price() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$DECLARE\n"
        "        versions uuid[] := '{}';\n"
        "    BEGIN\n"
        "        IF TG_OP <> 'INSERT' THEN versions := versions || OLD.tariff_version_id; END IF;\n"
        "        IF TG_OP <> 'DELETE' THEN versions := versions || NEW.tariff_version_id; END IF;\n"
        "        PERFORM FROM tariff_version v WHERE v.id = ANY (versions) ORDER BY v.id FOR SHARE;\n"
        "        IF EXISTS (SELECT FROM tariff_version v\n"
        "                WHERE v.id = ANY (versions) AND v.published_at IS NOT NULL)\n"
        "            AND NOT pg_has_role(session_user, 'portal_owner', 'MEMBER') THEN\n"
        "            RAISE insufficient_privilege USING MESSAGE = 'a published version never changes';\n"
        "        END IF;\n"
        "        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n"
        "        RETURN NEW; END$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_published_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$BEGIN\n"
        "        IF OLD.published_at IS NULL OR pg_has_role(session_user, 'portal_owner', 'MEMBER') THEN\n"
        "            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n"
        "            RETURN NEW;\n"
        "        END IF;\n"
        "        IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL\n"
        "            AND to_jsonb(NEW) - '{withdrawn_at,version}'::text[]\n"
        "                = to_jsonb(OLD) - '{withdrawn_at,version}'::text[] THEN\n"
        "            RETURN NEW;\n"
        "        END IF;\n"
        "        RAISE insufficient_privilege USING MESSAGE = 'a published version never changes'; END$body$"
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION use_offer(number text, module_id uuid, today date) RETURNS SETOF tariff_version LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$\n"
        "WITH used AS (\n"
        "    UPDATE tariff t SET offer_uses = t.offer_uses + 1\n"
        "    WHERE t.unique_offer_number = use_offer.number\n"
        "        AND t.module_id = use_offer.module_id\n"
        "        AND (t.closed_from IS NULL OR t.closed_from > use_offer.today)\n"
        "        AND (t.offer_expires_on IS NULL OR t.offer_expires_on >= use_offer.today)\n"
        "        AND (t.offer_most_uses IS NULL OR t.offer_most_uses > t.offer_uses)\n"
        "    RETURNING t.id\n"
        ")\n"
        "SELECT v.* FROM tariff_version v JOIN used ON used.id = v.tariff_id\n"
        "WHERE v.valid_from <= use_offer.today\n"
        "    AND v.published_at IS NOT NULL AND v.withdrawn_at IS NULL\n"
        "ORDER BY v.valid_from DESC LIMIT 1\n"
        "$body$"
    )
    op.execute(
        "CREATE TRIGGER refuse_published BEFORE INSERT OR DELETE OR UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION refuse_published_price()"
    )
    op.execute(
        "CREATE TRIGGER refuse_published BEFORE INSERT OR DELETE OR UPDATE ON public.price_list_section FOR EACH ROW EXECUTE FUNCTION refuse_published_price()"
    )
    op.execute(
        "CREATE TRIGGER refuse_published BEFORE DELETE OR UPDATE ON public.tariff_version FOR EACH ROW EXECUTE FUNCTION refuse_published_version()"
    )
    op.execute(
        "CREATE POLICY app_rows ON item FOR ALL TO portal_app USING (tariff_version_id = ANY (ARRAY(SELECT id FROM tariff_version))) WITH CHECK (tariff_version_id = ANY (ARRAY(SELECT id FROM tariff_version)))"
    )
    op.execute(
        "CREATE POLICY app_rows ON tariff_version FOR ALL TO portal_app USING (tariff_id = ANY (ARRAY(SELECT id FROM tariff)) AND published_at IS NOT NULL) WITH CHECK (tariff_id = ANY (ARRAY(SELECT id FROM tariff)) AND published_at IS NOT NULL)"
    )
