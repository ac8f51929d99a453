"""A price list is saved whole: in between, two of its rows may have one place.

Revision ID: 0041
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

PLACES = {"price_list_section": "tariff_version_id", "item": "price_list_section_id"}


def upgrade() -> None:
    """Look at the places once all of them are there."""
    for table, whole in PLACES.items():
        name = op.f(f"uq_{table}_{whole}_position")
        op.drop_constraint(name, table, type_="unique")
        op.create_unique_constraint(
            name, table, [whole, "position"], deferrable=True, initially="DEFERRED"
        )
