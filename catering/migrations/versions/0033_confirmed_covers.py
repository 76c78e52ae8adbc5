"""Covers that make a day unusual are confirmed, as weighings are.

Revision: 0033
Follows: 0027
Created: 2026-11-26 21:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("service_covers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("service_covers", schema=None) as batch_op:
        batch_op.alter_column("confirmed", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("service_covers", schema=None) as batch_op:
        batch_op.drop_column("confirmed")
