"""The shape of a tariff version's terms: lengths, a renewal with its term, and the ending day.

Revision ID: 0024

A version that is there already and has another shape stops the migration; ``portal migrate`` and
``portal doctor`` name it.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "tariff_version"
MOST = "WHEN 'DAYS' THEN 36500 WHEN 'WEEKS' THEN 5200 WHEN 'MONTHS' THEN 1200"
REPLACED = (
    "initial_term_count_positive",
    "notice_period_count_positive",
    "renewal_term_above_zero",
)
SHAPE = {
    "initial_term_length": f"initial_term_count BETWEEN 0 AND CASE initial_term_unit {MOST} END",
    "renewal_term_length": f"renewal_term_count BETWEEN 1 AND CASE renewal_term_unit {MOST} END",
    "notice_period_length": f"notice_period_count BETWEEN 0 AND CASE notice_period_unit {MOST} END",
    "renewal_with_its_term": (
        "(renewal = 'RENEWAL_TERM') = (renewal_term_count IS NOT NULL)"
        " AND (renewal_term_count IS NULL) = (renewal_term_unit IS NULL)"
    ),
    "ending_day_of_renewal": (
        "CASE renewal WHEN 'RENEWAL_TERM' THEN ending_day = 'END_OF_TERM'"
        " WHEN 'OPEN_ENDED' THEN ending_day <> 'END_OF_TERM' ELSE initial_term_count > 0 END"
    ),
}


def upgrade() -> None:
    """Say it in the table too."""
    for name in REPLACED:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check")
    for name, condition in SHAPE.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, condition)
