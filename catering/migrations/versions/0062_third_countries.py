"""Why kitchens buy products from outside the European Union and Economic Area; those purchases found without a scan.

Revision: 0062
Follows: 0061
Created: 2026-11-27 09:00:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

TABLE, LINES, INDEX = "third_country_reasons", "purchase_lines", "ix_purchase_lines_third_country"
OWN = f"{TABLE}.kitchen_id = ANY ((SELECT own_kitchens())::integer[])"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f(f"fk_{TABLE}_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("kitchen_id", "year", "product", name=op.f(f"uq_{TABLE}_kitchen_id_year_product")),
    )
    abroad = sa.text("origin_zone = 'TIERS'")
    op.create_index(INDEX, LINES, ["year", "kitchen_id"], sqlite_where=abroad, postgresql_where=abroad)
    if op.get_bind().dialect.name == "postgresql":
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
    op.drop_index(INDEX, table_name=LINES)
    op.drop_table(TABLE)
