"""What a need reads of the commitments is one index.

Revision: 0022
Follows: 0019
Created: 2026-11-26 17:40:00.000000
"""

from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

NEED = ["kitchen_id", "family", "contract_id", "day", "counted", "amount"]
OLD = ["kitchen_id", "family", "day"]


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_engagements_kitchen_id_family_day", "engagements")
    op.create_index("ix_engagements_need", "engagements", NEED)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_engagements_need", "engagements")
    op.create_index("ix_engagements_kitchen_id_family_day", "engagements", OLD)
