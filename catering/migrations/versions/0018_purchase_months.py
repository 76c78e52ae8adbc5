"""What counts for each EGAlim rate month by month, by kitchen; lines entered before are summed at the next start.

Revision: 0018
Follows: 0020
Created: 2026-11-26 11:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None


def _cents() -> sa.types.TypeEngine[object]:
    return sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "purchase_months",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted", _cents(), nullable=False),
        sa.Column("value", _cents(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_purchase_months_month")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_purchase_months_kitchen_id")),
        sa.PrimaryKeyConstraint("year", "kitchen_id", "rule", "month", name=op.f("pk_purchase_months")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("purchase_months")
