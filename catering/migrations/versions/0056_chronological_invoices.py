"""Invoices that the platform numbers follow each other in time; a credit note names what it corrects.

Revision: 0056
Follows: 0055
Created: 2026-11-27 04:14:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change: what was numbered before is dated by its last invoice; credit notes before name none."""
    # Not in a batch: invoices are named by many tables, and nothing of the rows changes.
    op.add_column("invoice_sequences", sa.Column("last_day", sa.Date(), nullable=True))
    op.add_column("invoices", sa.Column("corrects", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    sequences = sa.table("invoice_sequences", *map(sa.column, ("supplier_id", "year", "last_day")))
    invoices = sa.table("invoices", *map(sa.column, ("supplier_id", "number", "issued_on")))
    of_series = sa.literal("P").concat(sa.cast(sequences.c.year, sa.String)).concat("-%")
    latest = (
        sa.select(sa.func.max(invoices.c.issued_on))
        .where(invoices.c.supplier_id == sequences.c.supplier_id, invoices.c.number.like(of_series))
        .scalar_subquery()
    )
    op.execute(sa.update(sequences).values(last_day=latest))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("invoices", "corrects")
    op.drop_column("invoice_sequences", "last_day")
