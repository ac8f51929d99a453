"""Modules and tariffs are seen once something of them was published.

Revision ID: 20261128T101650
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128T101650"
down_revision = "20261128T101525"
branch_labels = None
depends_on = None
DRAFTED = "a1f0faf08f4e8cfc"


def upgrade() -> None:
    """Modules and tariffs are seen once something of them was published."""
    op.execute("DROP POLICY app_rows ON tariff")
    op.execute("DROP POLICY app_rows ON module")
    op.add_column(
        "module", sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "tariff", sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute("""
        UPDATE tariff t SET first_published_at = (
            SELECT min(v.published_at) FROM tariff_version v WHERE v.tariff_id = t.id)
    """)
    op.execute("""
        UPDATE module m SET first_published_at = (
            SELECT min(t.first_published_at) FROM tariff t WHERE t.module_id = m.id)
    """)
    op.execute(
        "CREATE OR REPLACE FUNCTION mark_first_published() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$BEGIN\n"
        "        IF NEW.published_at IS NULL THEN RETURN NULL; END IF;\n"
        "        UPDATE tariff SET first_published_at = NEW.published_at\n"
        "            WHERE id = NEW.tariff_id AND first_published_at IS NULL;\n"
        "        UPDATE module SET first_published_at = NEW.published_at\n"
        "            WHERE first_published_at IS NULL\n"
        "                AND id = (SELECT module_id FROM tariff WHERE id = NEW.tariff_id);\n"
        "        RETURN NULL; END$body$"
    )
    op.execute(
        "CREATE TRIGGER mark_published AFTER INSERT OR UPDATE OF published_at ON public.tariff_version FOR EACH ROW EXECUTE FUNCTION mark_first_published()"
    )
    op.execute(
        "CREATE POLICY app_rows ON module FOR ALL TO portal_app USING (first_published_at IS NOT NULL) WITH CHECK (first_published_at IS NOT NULL)"
    )
    op.execute(
        "CREATE POLICY app_rows ON tariff FOR ALL TO portal_app USING (is_public AND first_published_at IS NOT NULL OR id = ANY (ARRAY(SELECT tariff_id FROM tariff_period WHERE account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[]))))) WITH CHECK (is_public AND first_published_at IS NOT NULL OR id = ANY (ARRAY(SELECT tariff_id FROM tariff_period WHERE account_id = ANY (((SELECT current_setting('portal.accounts')::uuid[])::uuid[])))))"
    )
