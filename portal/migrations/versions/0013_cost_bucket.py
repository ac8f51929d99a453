"""The budget of each caller: a leaky bucket that all processes share.

Revision ID: 0013

A process takes a lease from it and counts by itself until the lease is used up, so most requests
ask nothing of this table. The serving roles call one function and see no rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SIGNATURE = (
    "lease_cost(caller bytea, needed double precision, wanted double precision,"
    " capacity double precision, per_second double precision, at timestamptz)"
)
# A clock that is behind another's must not fill the bucket: time never runs backwards in it.
LEASE = f"""
CREATE FUNCTION {SIGNATURE}
RETURNS TABLE (granted double precision, remaining double precision) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
#variable_conflict use_column
DECLARE
    bucket cost_bucket;
BEGIN
    DELETE FROM cost_bucket WHERE caller IN (
        SELECT b.caller FROM cost_bucket b
        WHERE b.at < lease_cost.at - make_interval(
            secs => 60 + lease_cost.capacity / lease_cost.per_second)
        LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO cost_bucket (caller, level, at)
    VALUES (lease_cost.caller, 0, lease_cost.at) ON CONFLICT DO NOTHING;
    SELECT * INTO bucket FROM cost_bucket b WHERE b.caller = lease_cost.caller FOR UPDATE;
    bucket.level := greatest(0, bucket.level - lease_cost.per_second
        * greatest(0, extract(epoch FROM lease_cost.at - bucket.at)));
    remaining := lease_cost.capacity - bucket.level;
    granted := CASE WHEN lease_cost.needed <= remaining
        THEN least(lease_cost.wanted, remaining) ELSE 0 END;
    UPDATE cost_bucket b SET level = greatest(0, bucket.level + granted),
        at = greatest(bucket.at, lease_cost.at)
    WHERE b.caller = lease_cost.caller;
    remaining := remaining - granted;
    RETURN NEXT;
END $body$
"""


def upgrade() -> None:
    """Make the table, close it, and give its function to those who serve."""
    op.create_table(
        "cost_bucket",
        sa.Column("caller", sa.LargeBinary(), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("caller", name=op.f("pk_cost_bucket")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_cost_bucket_at"), "cost_bucket", ["at"], unique=False)
    op.execute("ALTER TABLE cost_bucket ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE cost_bucket FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY owner_rows ON cost_bucket TO portal_owner USING (true) WITH CHECK (true)"
    )
    op.execute(LEASE)
    arguments = "bytea, double precision, double precision, double precision, double precision,"
    function = f"lease_cost({arguments} timestamptz)"
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO portal_app")
