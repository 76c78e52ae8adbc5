"""A line of an order keeps what its product was to hygiene and origin when it was sold.

Revision: 0040
Follows: 0057
Created: 2026-11-27 03:10:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0057"
branch_labels = None
depends_on = None

WORDS = {
    "category": (
        "productcategory",
        (
            "minced_meat", "offal", "meat_preparation", "poultry", "meat_cut", "carcass", "fresh_fish", "egg_product",
            "raw_milk", "producer_defined", "very_perishable", "perishable", "cold_dish", "ice_cream",
            "frozen_minced_fish_surgele", "frozen_other", "hot_dish", "ambient",
        ),
    ),
    "animal_product": (
        "animalproduct",
        (
            "heated_milk", "dairy", "butcher_meat", "other_meat", "meat_product", "treated_egg_or_milk", "fish",
            "processed_fish", "snail", "minced_meat", "egg_product", "raw_egg_or_milk", "shell_egg",
        ),
    ),
    "date_kind": ("datekind", ("dlc", "ddm", "none")),
}  # fmt: skip
COUNTRIES = ("origin_country", "born_in", "reared_in", "slaughtered_in")
KEPT = (*WORDS, *COUNTRIES)


def upgrade() -> None:
    """Apply the change: what was sold before is taken to have been as its offer stands today."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        for column, (name, words) in WORDS.items():
            kind = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
            batch_op.add_column(sa.Column(column, kind, nullable=True))
        for column in COUNTRIES:
            batch_op.add_column(sa.Column(column, sa.String(length=2), nullable=True))
    order_lines, offers = (
        sa.table(name, *map(sa.column, ("id", "offer_id", *KEPT))) for name in ("order_lines", "offers")
    )
    for column in KEPT:
        of_the_offer = sa.select(offers.c[column]).where(offers.c.id == order_lines.c.offer_id).scalar_subquery()
        op.execute(sa.update(order_lines).values({column: of_the_offer}))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        for name, _ in WORDS.values():
            batch_op.drop_constraint(batch_op.f(f"ck_order_lines_{name}"), type_="check")
        for column in KEPT:
            batch_op.drop_column(column)
