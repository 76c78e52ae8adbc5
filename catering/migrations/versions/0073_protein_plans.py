"""Plans by which kitchens diversify proteins (VEG-10).

Revision: 0073
Follows: 0072
Created: 2026-11-27 15:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

from catering.append_only import statements

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

TABLE = "protein_plans"
OWN = f"{TABLE}.kitchen_id = ANY ((SELECT own_kitchens())::integer[])"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f(f"ck_{TABLE}_order")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f(f"fk_{TABLE}_kitchen_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f(f"fk_{TABLE}_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_kitchen_id"), TABLE, ["kitchen_id"])
    op.create_index(op.f(f"ix_{TABLE}_document_id"), TABLE, ["document_id"])
    dialect = op.get_bind().dialect.name
    for statement in statements(TABLE, (), dialect):
        op.execute(statement)
    if dialect == "postgresql":
        _guard()


def _guard() -> None:
    reads, writes = (
        f"((SELECT current_setting('catering.{what}', true)) = 'all' OR {OWN})" for what in ("reads", "writes")
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {TABLE}_read ON {TABLE} FOR SELECT USING {reads}")
    op.execute(f"CREATE POLICY {TABLE}_add ON {TABLE} FOR INSERT WITH CHECK {writes}")
    op.execute(f"CREATE POLICY {TABLE}_change ON {TABLE} FOR UPDATE USING {writes} WITH CHECK {writes}")
    op.execute(f"CREATE POLICY {TABLE}_remove ON {TABLE} FOR DELETE USING {writes}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table(TABLE)
