"""The temperature that a producer's label tells, on its offer and on the lines of the orders for it.

Revision: 0071
Follows: 0065
Created: 2026-11-27 15:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0065"
branch_labels = None
depends_on = None

TABLES = ("offers", "order_lines")


def upgrade() -> None:
    """Apply the change. What was sold before keeps none: its label is read on arrival, as it was."""
    for table in TABLES:
        celsius = sa.Numeric(5, 1).with_variant(sa.BigInteger(), "sqlite")
        op.add_column(table, sa.Column("limit_celsius", celsius, nullable=True))


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.drop_column(table, "limit_celsius")
