"""The administration ends a permit with its reason; a reception keeps whether a permit covered its day.

Revision: 0055
Follows: 0054
Created: 2026-11-27 03:58:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("hygiene_permits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.String(length=200), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_hygiene_permits_order"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_hygiene_permits_order"), "valid_from <= valid_to OR withdrawn_from IS NOT NULL"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_hygiene_permits_withdrawn"),
            "(withdrawn_from IS NULL) = (withdrawn_reason IS NULL) AND valid_to < withdrawn_from",
        )
    # Not in a batch, which would rebuild the table without the triggers that keep its rows.
    op.add_column("reception_lines", sa.Column("permitted", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take the change back: what was withdrawn from its first day on is gone, it never allowed anything."""
    op.drop_column("reception_lines", "permitted")
    op.execute("DELETE FROM hygiene_permits WHERE valid_to < valid_from")
    with op.batch_alter_table("hygiene_permits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_hygiene_permits_withdrawn"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_hygiene_permits_order"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_hygiene_permits_order"), "valid_from <= valid_to")
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("withdrawn_from")
