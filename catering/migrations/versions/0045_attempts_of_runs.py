"""How many processes have taken up a calculation: one that dies leaves it to the next.

Revision: 0045
Follows: 0044
Created: 2026-11-27 04:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change; the version before leaves the column at what it is by itself."""
    op.add_column("plan_runs", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("plan_runs", "attempts")
