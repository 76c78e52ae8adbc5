"""Establishments of care, known by their FINESS where they have no UAI; who registered a kitchen.

Revision: 0076
Follows: 0075
Created: 2026-11-27 15:30:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

NAMING = (("account_kitchens", "kitchen"), ("price_list_kitchens", "uai"), ("plan_conflicts", "kitchen"))
"""Columns that hold what a kitchen is known by."""


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("kitchens") as table:
        table.add_column(sa.Column("made_by", sa.String(length=120), nullable=True))
        table.alter_column("uai", existing_type=sa.String(length=8), type_=sa.String(length=9))
        table.drop_constraint(op.f("ck_kitchens_uai_length"), type_="check")
        table.create_check_constraint(op.f("ck_kitchens_uai_length"), "length(uai) IN (8, 9)")
    _widen(8, 9)


def downgrade() -> None:
    """Take the change back; refused while an establishment is known by its FINESS."""
    _widen(9, 8)
    with op.batch_alter_table("kitchens") as table:
        table.drop_constraint(op.f("ck_kitchens_uai_length"), type_="check")
        table.create_check_constraint(op.f("ck_kitchens_uai_length"), "length(uai) = 8")
        table.alter_column("uai", existing_type=sa.String(length=9), type_=sa.String(length=8))
        table.drop_column("made_by")


def _widen(old: int, new: int) -> None:
    for name, column in NAMING:
        with op.batch_alter_table(name) as table:
            table.alter_column(column, existing_type=sa.String(length=old), type_=sa.String(length=new))
