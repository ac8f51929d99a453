"""${message.rstrip(".")}.

Revision ID: ${up_revision}
"""
<% steps = "\n".join(line for line in (upgrades or "pass").splitlines() if "# ###" not in line).strip() %>
% if "sa." in steps:
import sqlalchemy as sa
% endif
from alembic import op
${imports if imports else ""}

revision = "${up_revision}"
down_revision = "${down_revision}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """${message.rstrip(".")}."""
    ${steps}
