"""The share of a dish's family in a lesson: what plans price while the dish was not weighed enough.

Revision: 0065
Follows: 0064
Created: 2026-11-27 10:42:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change. Lessons of before stay what they were: none."""
    share = sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite")
    op.add_column("dish_lessons", sa.Column("family_share", share, nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("dish_lessons", "family_share")
