"""Ceilings among what plans are asked: footprint and transport of a meal.

Revision: 0047
Follows: 0056
Created: 2026-11-27 04:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0056"
branch_labels = None
depends_on = None

BEFORE = (
    "co2e_kg", "ton_km", "not_bio_eur", "not_producer_eur", "long_chain_eur",
    "producer_share", "short_chain_share", "bio_share", "budget",
)  # fmt: skip
CEILINGS = ("co2e_kg_per_meal", "kg_km_per_meal")
TABLE, CHECK = "plan_scenario_aims", "ck_plan_scenario_aims_aimkind"


def upgrade() -> None:
    """Apply the change."""
    _take(*BEFORE[:-1], *CEILINGS, *BEFORE[-1:])


def downgrade() -> None:
    """Take the change back; ceilings that were asked are forgotten."""
    aims = sa.table(TABLE, sa.column("aim", sa.String))
    op.execute(sa.delete(aims).where(aims.c.aim.in_(CEILINGS)))
    _take(*BEFORE)


def _take(*kinds: str) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.create_check_constraint(batch_op.f(CHECK), f"aim IN ({words})")
