"""Certificates that are withdrawn from a day on, with the reason.

Revision: 0016
Follows: 0018
Created: 2026-11-26 12:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0018"
branch_labels = None
depends_on = None

ORDER = "valid_from <= valid_to"


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.String(length=200), nullable=True))
        batch_op.drop_constraint(op.f("ck_certificates_order"), type_="check")
        batch_op.create_check_constraint(op.f("ck_certificates_order"), f"{ORDER} OR withdrawn_from IS NOT NULL")
        batch_op.create_check_constraint(
            op.f("ck_certificates_withdrawn"),
            "(withdrawn_from IS NULL) = (withdrawn_reason IS NULL) AND withdrawn_from >= valid_from "
            "AND valid_to < withdrawn_from",
        )


def downgrade() -> None:
    """Take the change back; a certificate that never proved anything is given one day, which the trace tells."""
    op.execute("UPDATE certificates SET valid_to = valid_from WHERE valid_to < valid_from")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_certificates_withdrawn"), type_="check")
        batch_op.drop_constraint(op.f("ck_certificates_order"), type_="check")
        batch_op.create_check_constraint(op.f("ck_certificates_order"), ORDER)
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("withdrawn_from")
