"""Imports of purchases can be taken back; a purchase that the ledger has is found by kitchen, day and amount.

Revision: 0042
Follows: 0047
Created: 2026-11-27 03:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0047"
branch_labels = None
depends_on = None

BOUGHT = ("kitchen_id", "bought_on")
INVOICED = ("invoiced_on", "kitchen_id", "amount_excl_tax")


def upgrade() -> None:
    """Apply the change."""
    for name, kind in (("at", sa.DateTime(timezone=True)), ("by", sa.String(120)), ("why", sa.String(200))):
        op.add_column("purchase_imports", sa.Column(f"withdrawn_{name}", kind, nullable=True))
    op.drop_index(_name(BOUGHT), table_name="purchase_lines")
    op.create_index(_name((*BOUGHT, "amount_excl_tax")), "purchase_lines", [*BOUGHT, "amount_excl_tax"])
    told = sa.text("invoiced_on IS NOT NULL")
    op.create_index(_name(INVOICED), "purchase_lines", INVOICED, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(_name(INVOICED), table_name="purchase_lines")
    op.drop_index(_name((*BOUGHT, "amount_excl_tax")), table_name="purchase_lines")
    op.create_index(_name(BOUGHT), "purchase_lines", BOUGHT)
    for name in ("at", "by", "why"):
        op.drop_column("purchase_imports", f"withdrawn_{name}")


def _name(columns: tuple[str, ...]) -> str:
    return f"ix_purchase_lines_{'_'.join(columns)}"
