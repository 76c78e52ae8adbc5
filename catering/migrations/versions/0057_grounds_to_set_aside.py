"""An opened offer is left out for one of the grounds of the Code; those of before keep their reason alone.

Revision: 0057
Follows: 0051
Created: 2026-11-27 03:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0051"
branch_labels = None
depends_on = None

GROUNDS = ("irregular", "unacceptable", "unsuitable", "abnormally_low")


KEPT = "id, consultation_id, lot_id, supplier_id, submitted_at, submitted_by, amount"
GUARD = (
    "CREATE TRIGGER tenders_no_{0} BEFORE {1} ON tenders "
    "BEGIN SELECT RAISE(ABORT, 'tenders: rows are only ever added'); END"
)


def _guard_again() -> None:
    """SQLite rebuilds the table, and its triggers go with the one before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(GUARD.format("change", f"UPDATE OF {KEPT}"))
        op.execute(GUARD.format("removal", "DELETE"))


def upgrade() -> None:
    """Apply the change."""
    ground = sa.Enum(*GROUNDS, name="setasideground", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("tenders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_aside_ground", ground, nullable=True))
        batch_op.add_column(sa.Column("set_aside_answer", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("set_aside_rank", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_tenders_ground_has_reason"), "set_aside_ground IS NULL OR set_aside_reason IS NOT NULL"
        )
    _guard_again()


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("tenders", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_tenders_ground_has_reason"), type_="check")
        batch_op.drop_constraint(op.f("ck_tenders_setasideground"), type_="check")
        batch_op.drop_column("set_aside_rank")
        batch_op.drop_column("set_aside_answer")
        batch_op.drop_column("set_aside_ground")
    _guard_again()
