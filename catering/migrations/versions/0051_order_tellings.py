"""Events of orders that were told by mail; what happened before this version counts as told.

Revision: 0051
Follows: 0050
Created: 2026-11-27 03:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "order_tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id", "seq"],
            ["order_events.order_id", "order_events.seq"],
            name=op.f("fk_order_tellings_order_id_seq"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_tellings")),
        sa.UniqueConstraint("order_id", "seq", name=op.f("uq_order_tellings_order_id_seq")),
    )
    op.execute("INSERT INTO order_tellings (order_id, seq, told_at) SELECT order_id, seq, at FROM order_events")
    op.create_index(op.f("ix_order_events_at"), "order_events", ["at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_order_events_at"), table_name="order_events")
    op.drop_table("order_tellings")
