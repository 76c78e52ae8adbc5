"""Which price a line of an order was sold at: the offer's, a price list's or a contract's.

Revision: 0007
Follows: 0006
Created: 2026-11-26 05:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "price_source",
                sa.Enum(
                    "offer",
                    "list",
                    "contract",
                    name="pricesource",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="offer",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("price_name", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("price_line", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("price_since", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_order_lines_price_name"), "(price_source = 'offer') = (price_name IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_order_lines_price_line"), "(price_source = 'contract') = (price_line IS NOT NULL)"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_order_lines_price_line"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_order_lines_price_name"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_order_lines_pricesource"), type_="check")
        batch_op.drop_column("price_since")
        batch_op.drop_column("price_line")
        batch_op.drop_column("price_name")
        batch_op.drop_column("price_source")
