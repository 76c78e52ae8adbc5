"""The day on which planned covers were said: a forecast learns from a word only if it was said that long before.

Revision: 0064
Follows: 0070
Created: 2026-11-27 10:36:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Of older rows nobody knows the day: none."""
    op.add_column("service_covers", sa.Column("planned_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("service_covers") as batch_op:
        batch_op.drop_column("planned_on")
