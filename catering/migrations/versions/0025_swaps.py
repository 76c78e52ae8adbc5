"""Dishes swapped in a plan in use, plans made again from a date; what plans are worth in the three orientations.

Revision: 0025
Follows: 0026
Created: 2026-11-26 17:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("plan_runs", sa.Column("indicators", sa.JSON(), nullable=True))
    op.create_table(
        "plan_swaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "slot",
            sa.Enum(
                "starter", "main", "side", "dairy", "dessert",
                name="slot", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("old_dish_id", sa.Integer(), nullable=False),
        sa.Column("new_dish_id", sa.Integer(), nullable=False),
        sa.Column("old_cost", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("new_cost", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("old_co2e_kg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("new_co2e_kg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("old_lines", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("old_dish_id <> new_dish_id", name=op.f("ck_plan_swaps_other_dish")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_plan_swaps_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_plan_swaps_kitchen_id")),
        sa.ForeignKeyConstraint(["old_dish_id"], ["dishes.id"], name=op.f("fk_plan_swaps_old_dish_id")),
        sa.ForeignKeyConstraint(["new_dish_id"], ["dishes.id"], name=op.f("fk_plan_swaps_new_dish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_swaps")),
    )  # fmt: skip
    with op.batch_alter_table("plan_swaps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_swaps_run_id"), ["run_id"], unique=False)
    op.create_table(
        "plan_resumptions",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("moved_eur", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("moved_eur >= 0", name=op.f("ck_plan_resumptions_moved_eur")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"], name=op.f("fk_plan_resumptions_scenario_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_plan_resumptions_run_id")),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_plan_resumptions")),
    )
    with op.batch_alter_table("plan_resumptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_resumptions_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("plan_resumptions")
    op.drop_table("plan_swaps")
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.drop_column("indicators")
