"""A draft goes with its assessments.

Revision ID: 20261128T032637
"""

from alembic import op

revision = "20261128T032637"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A draft goes with its assessments."""
    op.drop_constraint(op.f("fk_version_job_tariff_version_id"), "version_job", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_version_job_tariff_version_id"),
        "version_job",
        "tariff_version",
        ["tariff_version_id"],
        ["id"],
        ondelete="CASCADE",
    )
