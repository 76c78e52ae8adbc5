"""What a need reads of the commitments is one index; what files never tell of a purchase is indexed where it is told.

Revision: 0022
Follows: 0019
Created: 2026-11-26 17:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

NEED = ["kitchen_id", "family", "contract_id", "day", "counted", "amount"]
OLD = ["kitchen_id", "family", "day"]
TOLD = (["ingredient_id"], ["document_id"], ["corrects_id"], ["supplier_id", "bought_on"])
"""Columns of the indexes of purchase lines that hold the rows whose first one is told."""


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_engagements_kitchen_id_family_day", "engagements")
    op.create_index("ix_engagements_need", "engagements", NEED)
    for columns in TOLD:
        name, told = f"ix_purchase_lines_{'_'.join(columns)}", sa.text(f"{columns[0]} IS NOT NULL")
        op.drop_index(name, "purchase_lines")
        op.create_index(name, "purchase_lines", columns, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_engagements_need", "engagements")
    op.create_index("ix_engagements_kitchen_id_family_day", "engagements", OLD)
    for columns in TOLD:
        name = f"ix_purchase_lines_{'_'.join(columns)}"
        op.drop_index(name, "purchase_lines")
        op.create_index(name, "purchase_lines", columns)
