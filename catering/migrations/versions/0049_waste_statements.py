"""Which meals a place serves, its used oil, since when it is past 3,000 meals, and by what an association may receive.

Revision: 0049
Follows: 0048
Created: 2026-11-27 03:45:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("waste_sites", schema=None) as batch_op:
        batch_op.add_column(sa.Column("services", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("many_meals_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("oil_l_per_year", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_waste_sites_oil_l_per_year"), "oil_l_per_year >= 0")
    with op.batch_alter_table("donation_agreements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority", sa.String(length=160), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("donation_agreements", schema=None) as batch_op:
        batch_op.drop_column("authority")
    with op.batch_alter_table("waste_sites", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_waste_sites_oil_l_per_year"), type_="check")
        for name in ("oil_l_per_year", "many_meals_since", "services"):
            batch_op.drop_column(name)
