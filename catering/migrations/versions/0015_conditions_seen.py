"""Lines of baskets keep every condition of sale that was seen; orders may have the price of an award; standing orders
say what became of each of their days.

Revision: 0015
Follows: 0013
Created: 2026-11-26 11:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

OWN_PRICE = "Prix de l'offre"
SOURCES = ("offer", "list", "award", "contract")
OUTCOMES = (
    "filled", "too_late", "not_a_delivery_day", "too_far", "not_for_sale", "supplier_away", "not_proven",
    "not_hygienic", "not_enough", "above_threshold", "beyond_maximum", "beyond_award", "bad_quantity",
)  # fmt: skip
SEEN = {
    "product_seen": (sa.String(length=200), "product", False),
    "origin_seen": (sa.String(length=200), "origin", False),
    "label_seen": (sa.String(length=40), "label", True),
    "pack_g_seen": (sa.Integer(), "pack_g", False),
    "pack_label_seen": (sa.String(length=200), "pack_label", False),
    "variable_weight_seen": (sa.Boolean(), "variable_weight", False),
    "vat_pct_seen": (sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), "vat_pct", False),
}
"""Column, its type, the column of the offer it is of, whether it may be empty."""


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("basket_lines", schema=None) as batch_op:
        for name, (kind, _, _) in SEEN.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        # Never kept either: whoever sends the line is told what is stated now.
        batch_op.add_column(sa.Column("allergens_seen", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("certificate_seen", sa.String(length=210), nullable=True))
        batch_op.add_column(sa.Column("price_words_seen", sa.String(length=200), nullable=True))
    # What was seen of lines that are there was never kept: they are taken to show the offer as it is now.
    lines = sa.table("basket_lines", sa.column("offer_id"), *map(sa.column, SEEN))
    offers = sa.table("offers", sa.column("id"), *(sa.column(of) for _, of, _ in SEEN.values()))
    own = offers.c.id == lines.c.offer_id
    now = {name: sa.select(offers.c[of]).where(own).scalar_subquery() for name, (_, of, _) in SEEN.items()}
    op.execute(lines.update().values(now))
    op.execute(
        "UPDATE basket_lines SET certificate_seen = (SELECT certificates.number || ' (' || certificates.certifier || "
        "')' FROM certificates JOIN offers ON offers.certificate_id = certificates.id "
        "WHERE offers.id = basket_lines.offer_id)"
    )
    op.execute(sa.text("UPDATE basket_lines SET price_words_seen = :words").bindparams(words=OWN_PRICE))
    with op.batch_alter_table("basket_lines", schema=None) as batch_op:
        for name, (kind, _, may_be_empty) in SEEN.items():
            batch_op.alter_column(name, existing_type=kind, nullable=may_be_empty)
        batch_op.alter_column("price_words_seen", existing_type=sa.String(length=200), nullable=False)
    _sources(SOURCES, "price_source IN ('award', 'contract')")
    with op.batch_alter_table("standing_fills", schema=None) as batch_op:
        kind = sa.Enum(*OUTCOMES, name="standingoutcome", native_enum=False, create_constraint=True, length=40)
        batch_op.add_column(sa.Column("outcome", kind, server_default="filled", nullable=False))
        batch_op.add_column(sa.Column("message", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.execute("DELETE FROM standing_fills WHERE outcome <> 'filled'")
    with op.batch_alter_table("standing_fills", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_standing_fills_standingoutcome"), type_="check")
        batch_op.drop_column("message")
        batch_op.drop_column("outcome")
    _sources(tuple(each for each in SOURCES if each != "award"), "price_source = 'contract'")
    with op.batch_alter_table("basket_lines", schema=None) as batch_op:
        for name in ("price_words_seen", "certificate_seen", "allergens_seen", *reversed(SEEN)):
            batch_op.drop_column(name)


def _sources(names: tuple[str, ...], with_line: str) -> None:
    """Let lines of orders have a price of these sources; those of ``with_line`` name the line it is of."""
    listed = ", ".join(f"'{name}'" for name in names)
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        for name in ("pricesource", "price_line"):
            batch_op.drop_constraint(batch_op.f(f"ck_order_lines_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_order_lines_pricesource"), f"price_source IN ({listed})")
        batch_op.create_check_constraint(
            batch_op.f("ck_order_lines_price_line"), f"({with_line}) = (price_line IS NOT NULL)"
        )
