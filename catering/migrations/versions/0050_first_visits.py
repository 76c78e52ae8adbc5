"""Who ended the guided first visit of the pages is not led through it again.

Revision: 0050
Follows: 0035
Created: 2026-11-27 03:10:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("toured_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("toured_at")
