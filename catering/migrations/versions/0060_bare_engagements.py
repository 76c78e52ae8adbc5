"""What goods without a sign draw on an award is told apart.

Revision: 0060
Follows: 0046
Created: 2026-11-27 09:10:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    # What was drawn before counts as promised: nobody can tell any more what it was sold under.
    op.add_column("engagements", sa.Column("bare", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("engagements", "bare")
