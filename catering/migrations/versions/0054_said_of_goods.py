"""A line of an order keeps the allergens its seller had stated and the permit its delivery rests on.

Revision: 0054
Follows: 0041
Created: 2026-11-27 03:45:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0041"
branch_labels = None
depends_on = None

PERMITS = ("approval", "derogation", "packing_centre")
PERMIT_COLUMNS = {"permit_kind": "kind", "permit_number": "number", "permit_max_km": "max_km"}


def upgrade() -> None:
    """Apply the change: what was sold before is taken to have been as its offer and its permits stand today."""
    kind = sa.Enum(*PERMITS, name="permitkind", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allergens_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("allergens", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("allergen_document_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("permit_kind", kind, nullable=True))
        batch_op.add_column(sa.Column("permit_number", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("permit_max_km", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_order_lines_allergen_document_id"), "documents", ["allergen_document_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_order_lines_allergen_document_id"), ["allergen_document_id"])
    _keep_allergens()
    _keep_permits()


def _keep_allergens() -> None:
    lines = sa.table("order_lines", *map(sa.column, ("offer_id", "allergens_on", "allergens", "allergen_document_id")))
    offers = sa.table("offers", *map(sa.column, ("id", "allergens_on", "allergen_document_id")))
    stated = sa.table("offer_allergens", *map(sa.column, ("offer_id", "allergen", "traces")))
    for column in ("allergens_on", "allergen_document_id"):
        today = sa.select(offers.c[column]).where(offers.c.id == lines.c.offer_id).scalar_subquery()
        op.execute(sa.update(lines).values({column: today}))
    mark = sa.case((stated.c.traces, "?"), else_="")
    told = sa.func.aggregate_strings(sa.cast(stated.c.allergen, sa.String).concat(mark), " ")
    of_line = sa.select(told).where(stated.c.offer_id == lines.c.offer_id).scalar_subquery()
    op.execute(sa.update(lines).values(allergens=of_line))


def _keep_permits() -> None:
    lines = sa.table("order_lines", *map(sa.column, ("order_id", "animal_product", *PERMIT_COLUMNS)))
    orders = sa.table("orders", *map(sa.column, ("id", "supplier_id", "day")))
    permits = sa.table(
        "hygiene_permits",
        *map(sa.column, ("id", "supplier_id", "kind", "number", "max_km", "valid_from", "valid_to")),
    )
    fits = sa.case(
        (lines.c.animal_product == "shell_egg", permits.c.kind == "packing_centre"),
        else_=permits.c.kind != "packing_centre",
    )
    for column, of_permit in PERMIT_COLUMNS.items():
        rests_on = (
            sa.select(permits.c[of_permit])
            .select_from(orders.join(permits, permits.c.supplier_id == orders.c.supplier_id))
            .where(
                orders.c.id == lines.c.order_id,
                permits.c.valid_from <= orders.c.day,
                sa.or_(permits.c.valid_to.is_(None), permits.c.valid_to >= orders.c.day),
                fits,
            )
            .order_by(sa.case((permits.c.kind == "approval", 0), else_=1), permits.c.id.desc())
            .limit(1)
            .correlate(lines)
            .scalar_subquery()
        )
        op.execute(sa.update(lines).where(lines.c.animal_product.is_not(None)).values({column: rests_on}))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_order_lines_permitkind"), type_="check")
        batch_op.drop_index(batch_op.f("ix_order_lines_allergen_document_id"))
        batch_op.drop_constraint(batch_op.f("fk_order_lines_allergen_document_id"), type_="foreignkey")
        for column in (*PERMIT_COLUMNS, "allergen_document_id", "allergens", "allergens_on"):
            batch_op.drop_column(column)
