"""Orders, baskets and the stock of the market.

Revision: 0005
Follows: 0004
Created: 2026-11-25 22:49:17.720833
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""

    op.create_table(
        "baskets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("version >= 0", name=op.f("ck_baskets_version")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_baskets_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baskets")),
        sa.UniqueConstraint("kitchen_id", "week", name=op.f("uq_baskets_kitchen_id_week")),
    )
    with op.batch_alter_table("baskets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_baskets_week"), ["week"], unique=False)

    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "change_proposed",
                "accepted",
                "partly_accepted",
                "prepared",
                "shipped",
                "partly_received",
                "received",
                "refused",
                "failed",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("sending", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=120), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_orders_amount")),
        sa.CheckConstraint("last_seq >= 1", name=op.f("ck_orders_last_seq")),
        sa.CheckConstraint("vat >= 0", name=op.f("ck_orders_vat")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_orders_kitchen_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_orders_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_kitchen_id_week"), ["kitchen_id", "week"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_supplier_id_day"), ["supplier_id", "day"], unique=False)

    op.create_table(
        "order_events",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sent",
                "accepted",
                "refused",
                "change_proposed",
                "change_agreed",
                "change_declined",
                "prepared",
                "shipped",
                "received_in_part",
                "received",
                "reception_corrected",
                "failed",
                "cancel_asked",
                "cancel_declined",
                "cancelled",
                name="ordereventkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_order_events_seq")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "basket_lines",
        sa.Column("basket_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("planned_g", sa.Integer(), nullable=False),
        sa.Column("left_over_g", sa.Integer(), nullable=False),
        sa.Column("price_seen", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("delivery_seen", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "plan",
                "manual",
                "substitute",
                "standing",
                "resourced",
                name="linereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("left_over_g >= 0", name=op.f("ck_basket_lines_left_over")),
        sa.CheckConstraint("packs BETWEEN 1 AND 100000", name=op.f("ck_basket_lines_packs")),
        sa.CheckConstraint("planned_g >= 0", name=op.f("ck_basket_lines_planned")),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["baskets.id"], name=op.f("fk_basket_lines_basket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_basket_lines_ingredient_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_basket_lines_offer_id")),
        sa.PrimaryKeyConstraint("basket_id", "offer_id", "day", name=op.f("pk_basket_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "offer_weeks",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("available_g", sa.BigInteger(), nullable=True),
        sa.Column("reserved_g", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "available_g IS NULL OR reserved_g <= available_g", name=op.f("ck_offer_weeks_never_oversold")
        ),
        sa.CheckConstraint("reserved_g >= 0", name=op.f("ck_offer_weeks_reserved")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_weeks_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "week", name=op.f("pk_offer_weeks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "plan",
                "manual",
                "substitute",
                "standing",
                "resourced",
                name="linereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("packs_ordered", sa.Integer(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("planned_g", sa.Integer(), nullable=False),
        sa.Column("received_g", sa.Integer(), nullable=True),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("pack_g", sa.Integer(), nullable=False),
        sa.Column("pack_label", sa.String(length=120), nullable=False),
        sa.Column("price_eur_per_pack", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("delivery_eur_per_kg", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat_pct", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("certificate_number", sa.String(length=80), nullable=True),
        sa.Column("certifier", sa.String(length=120), nullable=True),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("ground", sa.String(length=200), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("amount >= 0 AND vat >= 0", name=op.f("ck_order_lines_amount")),
        sa.CheckConstraint("delivery_eur_per_kg >= 0", name=op.f("ck_order_lines_delivery")),
        sa.CheckConstraint("pack_g > 0", name=op.f("ck_order_lines_pack")),
        sa.CheckConstraint("packs <= packs_ordered", name=op.f("ck_order_lines_no_more_than_ordered")),
        sa.CheckConstraint("packs >= 0", name=op.f("ck_order_lines_packs")),
        sa.CheckConstraint("packs_ordered BETWEEN 1 AND 100000", name=op.f("ck_order_lines_packs_ordered")),
        sa.CheckConstraint("price_eur_per_pack > 0", name=op.f("ck_order_lines_price")),
        sa.CheckConstraint("received_g IS NULL OR received_g >= 0", name=op.f("ck_order_lines_received")),
        sa.CheckConstraint("vat_pct >= 0", name=op.f("ck_order_lines_vat_pct")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_order_lines_certificate_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_order_lines_ingredient_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_order_lines_offer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_lines_order_id_position")),
    )
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_lines_ingredient_id"), ["ingredient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_lines_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "standing_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_standing_orders_order")),
        sa.CheckConstraint("packs BETWEEN 1 AND 100000", name=op.f("ck_standing_orders_packs")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_standing_orders_weekdays")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_standing_orders_kitchen_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_standing_orders_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_orders")),
    )
    with op.batch_alter_table("standing_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_orders_kitchen_id"), ["kitchen_id"], unique=False)

    op.create_table(
        "standing_fills",
        sa.Column("standing_order_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["standing_order_id"],
            ["standing_orders.id"],
            name=op.f("fk_standing_fills_standing_order_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("standing_order_id", "day", name=op.f("pk_standing_fills")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the change back."""

    op.drop_table("standing_fills")
    with op.batch_alter_table("standing_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_orders_kitchen_id"))

    op.drop_table("standing_orders")
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_lines_offer_id"))
        batch_op.drop_index(batch_op.f("ix_order_lines_ingredient_id"))

    op.drop_table("order_lines")
    op.drop_table("offer_weeks")
    op.drop_table("basket_lines")
    op.drop_table("order_events")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_supplier_id_day"))
        batch_op.drop_index(batch_op.f("ix_orders_kitchen_id_week"))

    op.drop_table("orders")
    with op.batch_alter_table("baskets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_baskets_week"))

    op.drop_table("baskets")
