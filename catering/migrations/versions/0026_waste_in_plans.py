"""Plans for forecast covers, their cost of waste, and portions of single kitchens.

Revision: 0026
Follows: 0019
Created: 2026-11-26 17:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "plan_scenario_forecasts",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_forecasts_scenario_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_plan_scenario_forecasts")),
    )  # fmt: skip
    op.create_table(
        "plan_scenario_covers",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("forecast_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_covers_scenario_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_plan_scenario_covers_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["forecast_id"], ["covers_forecasts.id"], name=op.f("fk_plan_scenario_covers_forecast_id")
        ),
        sa.PrimaryKeyConstraint("scenario_id", "kitchen_id", "day", name=op.f("pk_plan_scenario_covers")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("waste", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True)
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.drop_column("waste")
    op.drop_table("plan_scenario_covers")
    op.drop_table("plan_scenario_forecasts")
