"""A forecast keeps which events and which noted covers it knew, so that what is said later can be told.

Revision: 0048
Follows: 0056
Created: 2026-11-27 03:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0056"
branch_labels = None
depends_on = None

TABLE = "covers_forecasts"


def upgrade() -> None:
    """Apply the change. Columns are added in place: a copy of the table would lose the triggers that guard it."""
    op.add_column(TABLE, sa.Column("announced", sa.Integer(), nullable=True))
    op.add_column(TABLE, sa.Column("event_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column(TABLE, "event_ids")
    op.drop_column(TABLE, "announced")
