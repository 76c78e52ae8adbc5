"""What plans are asked beside the law and the lowest cost: weights, floors, a budget.

Revision: 0035
Follows: 0027
Created: 2026-11-26 22:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None

KINDS = (
    "co2e_kg", "ton_km", "not_bio_eur", "not_producer_eur", "long_chain_eur",
    "producer_share", "short_chain_share", "bio_share", "budget",
)  # fmt: skip


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "plan_scenario_aims",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column(
            "aim", sa.Enum(*KINDS, name="aimkind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("value", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_plan_scenario_aims_value")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"], name=op.f("fk_plan_scenario_aims_scenario_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scenario_id", "aim", name=op.f("pk_plan_scenario_aims")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("plan_scenario_aims")
