"""Room for the registration number of an operator of any country.

Revision: 0028
Follows: 0022
Created: 2026-11-26 18:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.alter_column("vat_number", existing_type=sa.String(length=14), type_=sa.String(length=24))


def downgrade() -> None:
    """Take the change back; refused by PostgreSQL while a longer number is stored."""
    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.alter_column("vat_number", existing_type=sa.String(length=24), type_=sa.String(length=14))
