"""Goods that a supplier will not bring and that nobody else could be proposed for.

Revision: 0041
Follows: 0040
Created: 2026-11-27 03:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "shortages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("needed_g", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_shortages_grams")),
        sa.CheckConstraint("needed_g >= grams", name=op.f("ck_shortages_needed")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_shortages_ingredient_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_shortages_kitchen_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_shortages_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortages")),
    )
    op.create_index(op.f("ix_shortages_kitchen_id_week"), "shortages", ["kitchen_id", "week"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("shortages")
