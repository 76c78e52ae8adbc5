"""Sending a basket begins another filling of it; what goods without a sign draw on an award is told apart.

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

TABLES = ("baskets", "basket_lines")


def upgrade() -> None:
    """Apply the change."""
    for table in TABLES:
        op.add_column(table, sa.Column("filling", sa.Integer(), server_default="0", nullable=False))
    # What was drawn before counts as promised: nobody can tell any more what it was sold under.
    op.add_column("engagements", sa.Column("bare", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take the change back; what was sent is in no basket."""
    op.drop_column("engagements", "bare")
    op.execute(
        "DELETE FROM basket_lines WHERE filling < "
        "(SELECT filling FROM baskets WHERE baskets.id = basket_lines.basket_id)"
    )
    for table in TABLES:
        op.drop_column(table, "filling")
