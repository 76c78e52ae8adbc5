"""What conversion and equivalence depend on, told on the certificate.

Revision: 0058
Follows: 0042
Created: 2026-11-27 04:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("certificates") as batch_op:
        batch_op.add_column(sa.Column("conversion_since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("agricultural_ingredients", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("equivalent_to", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_certificates_agricultural_ingredients"), "agricultural_ingredients > 0"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("certificates") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_certificates_agricultural_ingredients"), type_="check")
        for name in ("equivalent_to", "agricultural_ingredients", "conversion_since"):
            batch_op.drop_column(name)
