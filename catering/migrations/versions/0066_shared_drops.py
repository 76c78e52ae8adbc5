"""What a supplier leaves at one door at least when kitchens near each other share its delivery.

Revision: 0066
Follows: 0062
Created: 2026-11-27 09:05:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0062"
branch_labels = None
depends_on = None

NAME = "ck_suppliers_shared_door"


def upgrade() -> None:
    """Apply the change."""
    amount = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")
    with op.batch_alter_table("suppliers") as batch_op:
        batch_op.add_column(sa.Column("shared_door_eur", amount, nullable=True))
        batch_op.create_check_constraint(batch_op.f(NAME), "shared_door_eur >= 0 AND shared_door_eur <= min_drop_eur")


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("suppliers") as batch_op:
        batch_op.drop_constraint(batch_op.f(NAME), type_="check")
        batch_op.drop_column("shared_door_eur")
