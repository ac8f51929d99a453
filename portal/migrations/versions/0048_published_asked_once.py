"""Whether a version is published is asked once for each of its rows.

Revision ID: 0048
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None
DRAFTED = "d81f1d222de90029"


def upgrade() -> None:
    """Whether a version is published is asked once for each of its rows."""
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_published_price() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $body$DECLARE\n"
        "        versions uuid[] := '{}';\n"
        "        version record;\n"
        "    BEGIN\n"
        "        IF TG_OP <> 'INSERT' THEN versions := ARRAY[OLD.tariff_version_id]; END IF;\n"
        "        IF TG_OP <> 'DELETE' THEN versions := versions || NEW.tariff_version_id; END IF;\n"
        "        FOR version IN SELECT v.published_at FROM tariff_version v\n"
        "            WHERE v.id = ANY (versions) ORDER BY v.id FOR SHARE\n"
        "        LOOP\n"
        "            IF version.published_at IS NOT NULL\n"
        "                AND NOT pg_has_role(session_user, 'portal_owner', 'MEMBER') THEN\n"
        "                RAISE insufficient_privilege USING MESSAGE = 'a published version never changes';\n"
        "            END IF;\n"
        "        END LOOP;\n"
        "        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n"
        "        RETURN NEW; END$body$"
    )
