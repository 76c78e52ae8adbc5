"""Suppliers under a territorial food project, told also of what was received; how lots of contracts were judged.

Revision: 0059
Follows: 0058
Created: 2026-11-27 04:10:00.000000
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from catering.append_only import statements

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

TABLE, QUALITIES, LINES = "pat_supplies", "contract_lot_qualities", "purchase_lines"
KEPT = (
    "id", "kitchen_id", "supplier_id", "supplier_name", "ingredient_id", "source", "bought_on", "product", "family",
    "labels", "certificate_number", "origin", "origin_zone", "circuit_court", "local", "local_definition", "local_km",
    "grams", "amount_excl_tax", "vat_pct", "document_id", "reception_line_id", "corrects_id", "import_id", "file_line",
    "entered_at", "entered_by",
)  # fmt: skip
"""Columns of a purchase that nobody changed so far."""
TOLD_LATER = {"local", "local_definition"}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=160), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_pat_supplies_order")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_pat_supplies_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pat_supplies")),
        sa.UniqueConstraint("supplier_id", "first_day", name=op.f("uq_pat_supplies_supplier_id_first_day")),
    )
    percent = sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite")
    op.create_table(
        QUALITIES,
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=40), nullable=False),
        sa.Column("weight_pct", percent, nullable=False),
        sa.Column("direct_weight_pct", percent, nullable=True),
        sa.Column("mark_pct", percent, nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "weight_pct > 0 AND direct_weight_pct > 0 AND mark_pct >= 0",
            name=op.f("ck_contract_lot_qualities_positive"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["contract_lots.id"], name=op.f("fk_contract_lot_qualities_lot_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_contract_lot_qualities_document_id")),
        sa.PrimaryKeyConstraint("lot_id", "sign", name=op.f("pk_contract_lot_qualities")),
    )
    op.create_index(op.f("ix_contract_lot_qualities_document_id"), QUALITIES, ["document_id"])
    for table in (TABLE, QUALITIES):
        for statement in statements(table, (), op.get_bind().dialect.name):
            op.execute(statement)
    _guard([name for name in KEPT if name not in TOLD_LATER])


def downgrade() -> None:
    """Take the change back."""
    _guard(KEPT)
    for table in (QUALITIES, TABLE):
        op.drop_table(table)


def _guard(kept: Iterable[str]) -> None:
    """Make the trigger anew that refuses changes of purchases, of these columns."""
    dialect = op.get_bind().dialect.name
    (change,) = (each for each in statements(LINES, list(kept), dialect) if f"{LINES}_no_change" in each)
    op.execute(f"DROP TRIGGER {LINES}_no_change" + ("" if dialect == "sqlite" else f" ON {LINES}"))
    op.execute(change)
