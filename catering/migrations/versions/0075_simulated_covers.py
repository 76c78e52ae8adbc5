"""Covers that were drawn for the demonstration, told apart from those that somebody counted.

Revision: 0075
Follows: 0073
Created: 2026-11-27 15:05:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Rows that nobody said came with the seeds: they are the demonstration's."""
    simulated = sa.Column("simulated", sa.Boolean(), nullable=False, server_default=sa.false())
    with op.batch_alter_table("service_covers") as table:
        table.add_column(simulated)
    op.execute(sa.text("UPDATE service_covers SET simulated = true WHERE made_by IS NULL"))
    with op.batch_alter_table("service_covers") as table:
        table.alter_column("simulated", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("service_covers") as table:
        table.drop_column("simulated")
