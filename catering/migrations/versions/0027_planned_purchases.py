"""What each kitchen buys over a whole plan by supplier and ingredient, added up from its lines.

Revision: 0027
Follows: 0029
Created: 2026-11-26 18:35:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0029"
branch_labels = None
depends_on = None

ADD_UP = """
INSERT INTO planned_purchases (run_id, kitchen_id, supplier_id, ingredient_id, grams, amount)
SELECT line.run_id, line.kitchen_id, offers.supplier_id, line.ingredient_id, SUM(line.grams), SUM(line.amount)
FROM sourced_lines AS line JOIN offers ON offers.id = line.offer_id
GROUP BY line.run_id, line.kitchen_id, offers.supplier_id, line.ingredient_id
ORDER BY line.run_id, line.kitchen_id, offers.supplier_id, line.ingredient_id
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "planned_purchases",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_planned_purchases_grams")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_planned_purchases_ingredient_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_planned_purchases_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_planned_purchases_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_planned_purchases_supplier_id")),
        sa.PrimaryKeyConstraint(
            "run_id", "kitchen_id", "supplier_id", "ingredient_id", name=op.f("pk_planned_purchases")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(ADD_UP)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("planned_purchases")
