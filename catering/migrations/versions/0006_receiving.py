"""Receptions, stock of the kitchens, credits, invoices and the purchases made of them.

Revision: 0006
Follows: 0005
Created: 2026-11-25 23:11:11.504710
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "invoice_sequences",
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_invoice_sequences_last")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_invoice_sequences_supplier_id")),
        sa.PrimaryKeyConstraint("supplier_id", "year", name=op.f("pk_invoice_sequences")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("invoice", "credit_note", name="invoicekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "matched",
                "disputed",
                "approved",
                name="invoicestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("amount_excl_tax", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("stated_total", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'credit_note' OR (amount_excl_tax <= 0 AND vat <= 0)", name=op.f("ck_invoices_credit_note_gives")
        ),
        sa.CheckConstraint(
            "kind <> 'invoice' OR (amount_excl_tax >= 0 AND vat >= 0)", name=op.f("ck_invoices_invoice_asks")
        ),
        sa.CheckConstraint("last_seq >= 1", name=op.f("ck_invoices_last_seq")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_invoices_kitchen_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_invoices_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("supplier_id", "number", name=op.f("uq_invoices_supplier_id_number")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_kitchen_id_issued_on"), ["kitchen_id", "issued_on"], unique=False)

    op.create_table(
        "stock_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=60), nullable=False),
        sa.Column(
            "date_kind",
            sa.Enum("use_by", "best_before", name="expirykind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("on_hand_g", sa.Integer(), nullable=False),
        sa.CheckConstraint("(date_kind IS NULL) = (expires_on IS NULL)", name=op.f("ck_stock_lots_date")),
        sa.CheckConstraint("on_hand_g >= 0", name=op.f("ck_stock_lots_never_negative")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_stock_lots_ingredient_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_stock_lots_kitchen_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_stock_lots_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_lots")),
        sa.UniqueConstraint(
            "kitchen_id", "ingredient_id", "mark", name=op.f("uq_stock_lots_kitchen_id_ingredient_id_mark")
        ),
    )
    with op.batch_alter_table("stock_lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_lots_ingredient_id"), ["ingredient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_lots_lot"), ["lot"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_lots_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "temperature_tolerances",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "minced_meat",
                "offal",
                "meat_preparation",
                "poultry",
                "meat_cut",
                "carcass",
                "fresh_fish",
                "egg_product",
                "raw_milk",
                "producer_defined",
                "very_perishable",
                "perishable",
                "cold_dish",
                "ice_cream",
                "frozen_minced_fish_surgele",
                "frozen_other",
                "hot_dish",
                "ambient",
                name="productcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("celsius", sa.Numeric(5, 1).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["kitchen_id"], ["kitchens.id"], name=op.f("fk_temperature_tolerances_kitchen_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kitchen_id", "category", name=op.f("pk_temperature_tolerances")),
    )
    op.create_table(
        "invoice_events",
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "matched",
                "disputed",
                "approved",
                name="invoicestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_invoice_events_seq")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_events_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", "seq", name=op.f("pk_invoice_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("delivery_note", sa.String(length=80), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_receptions_kitchen_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_receptions_order_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_receptions_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
    )
    with op.batch_alter_table("receptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receptions_kitchen_id"), ["kitchen_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receptions_order_id"), ["order_id"], unique=False)

    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=True),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("amount_excl_tax", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat_pct", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("vat_pct >= 0", name=op.f("ck_invoice_lines_vat_pct")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_invoice_lines_order_line_id")),
        sa.PrimaryKeyConstraint("invoice_id", "position", name=op.f("pk_invoice_lines")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invoice_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_lines_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "reception_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reception_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("lot", sa.String(length=60), nullable=False),
        sa.Column(
            "date_kind",
            sa.Enum("use_by", "best_before", name="expirykind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("delivered_packs", sa.Integer(), nullable=False),
        sa.Column("delivered_g", sa.Integer(), nullable=False),
        sa.Column("accepted_packs", sa.Integer(), nullable=False),
        sa.Column("accepted_g", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "minced_meat",
                "offal",
                "meat_preparation",
                "poultry",
                "meat_cut",
                "carcass",
                "fresh_fish",
                "egg_product",
                "raw_milk",
                "producer_defined",
                "very_perishable",
                "perishable",
                "cold_dish",
                "ice_cream",
                "frozen_minced_fish_surgele",
                "frozen_other",
                "hot_dish",
                "ambient",
                name="productcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("celsius", sa.Numeric(5, 1).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("limit_celsius", sa.Numeric(5, 1).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("tolerance_celsius", sa.Numeric(5, 1).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "no_limit",
                "unmeasured",
                "within",
                "tolerated",
                "exceeded",
                name="temperatureverdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "accepted", "reserved", "refused", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "temperature",
                "expired",
                "short_dated",
                "damaged",
                "quality",
                "weight",
                "labelling",
                "not_ordered",
                "other",
                name="receptionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.Column("added_g", sa.Integer(), nullable=False),
        sa.Column("added_amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(decision = 'accepted') = (reason IS NULL)", name=op.f("ck_reception_lines_reason")),
        sa.CheckConstraint(
            "(decision = 'refused') = (accepted_g = 0)", name=op.f("ck_reception_lines_refused_is_nothing")
        ),
        sa.CheckConstraint(
            "decision <> 'accepted' OR accepted_g = delivered_g", name=op.f("ck_reception_lines_accepted_is_all")
        ),
        sa.CheckConstraint("(date_kind IS NULL) = (expires_on IS NULL)", name=op.f("ck_reception_lines_date")),
        sa.CheckConstraint("accepted_g BETWEEN 0 AND delivered_g", name=op.f("ck_reception_lines_accepted")),
        sa.CheckConstraint(
            "accepted_packs BETWEEN 0 AND delivered_packs", name=op.f("ck_reception_lines_accepted_packs")
        ),
        sa.CheckConstraint(
            "corrects_id IS NOT NULL OR added_g = accepted_g", name=op.f("ck_reception_lines_first_adds_all")
        ),
        sa.CheckConstraint("delivered_packs >= 0 AND delivered_g >= 0", name=op.f("ck_reception_lines_delivered")),
        sa.ForeignKeyConstraint(["corrects_id"], ["reception_lines.id"], name=op.f("fk_reception_lines_corrects_id")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_reception_lines_ingredient_id")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_reception_lines_order_line_id")),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_reception_lines_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reception_lines")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_reception_lines_corrects_id")),
    )
    with op.batch_alter_table("reception_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reception_lines_lot"), ["lot"], unique=False)
        batch_op.create_index(batch_op.f("ix_reception_lines_order_line_id"), ["order_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reception_lines_reception_id"), ["reception_id"], unique=False)

    op.create_table(
        "credit_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reception_line_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "temperature",
                "expired",
                "short_dated",
                "damaged",
                "quality",
                "weight",
                "labelling",
                "not_ordered",
                "other",
                name="receptionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "not_invoiced",
                "granted",
                "declined",
                "withdrawn",
                name="creditstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("credit_note_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'granted') = (credit_note_id IS NOT NULL)", name=op.f("ck_credit_requests_granted_by_a_note")
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR answer IS NOT NULL", name=op.f("ck_credit_requests_declined_says_why")
        ),
        sa.CheckConstraint("amount >= 0 AND vat >= 0", name=op.f("ck_credit_requests_amount")),
        sa.CheckConstraint("grams > 0", name=op.f("ck_credit_requests_grams")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["invoices.id"], name=op.f("fk_credit_requests_credit_note_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_credit_requests_kitchen_id")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_credit_requests_order_line_id")),
        sa.ForeignKeyConstraint(
            ["reception_line_id"], ["reception_lines.id"], name=op.f("fk_credit_requests_reception_line_id")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_credit_requests_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_requests")),
        sa.UniqueConstraint("reception_line_id", name=op.f("uq_credit_requests_reception_line_id")),
    )
    with op.batch_alter_table("credit_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_requests_credit_note_id"), ["credit_note_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_requests_kitchen_id"), ["kitchen_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_requests_order_line_id"), ["order_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_requests_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "purchase_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "reception", "correction", name="purchasesource", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column(
            "family",
            sa.Enum(
                "VIANDES_VOLAILLES",
                "CHARCUTERIE",
                "PRODUITS_DE_LA_MER",
                "FRUITS_ET_LEGUMES",
                "PRODUITS_LAITIERS",
                "BOULANGERIE",
                "BOISSONS",
                "AUTRES",
                name="family",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("labels", sa.String(length=200), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("certificate_number", sa.String(length=80), nullable=True),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("circuit_court", sa.Boolean(), nullable=True),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("grams", sa.BigInteger(), nullable=False),
        sa.Column("amount_excl_tax", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("vat_pct", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=True),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("reception_line_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(source = 'correction') = (corrects_id IS NOT NULL)",
            name=op.f("ck_purchase_lines_correction_names_its_line"),
        ),
        sa.CheckConstraint(
            "source <> 'reception' OR (grams >= 0 AND amount_excl_tax >= 0)", name=op.f("ck_purchase_lines_sign")
        ),
        sa.CheckConstraint("(invoice_number IS NULL) = (invoiced_on IS NULL)", name=op.f("ck_purchase_lines_invoice")),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_purchase_lines_certificate_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["purchase_lines.id"], name=op.f("fk_purchase_lines_corrects_id")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_purchase_lines_ingredient_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_purchase_lines_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["reception_line_id"], ["reception_lines.id"], name=op.f("fk_purchase_lines_reception_line_id")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_purchase_lines_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_lines")),
        sa.UniqueConstraint("reception_line_id", name=op.f("uq_purchase_lines_reception_line_id")),
    )
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_lines_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_lines_ingredient_id"), ["ingredient_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_purchase_lines_kitchen_id_bought_on"), ["kitchen_id", "bought_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_purchase_lines_supplier_id_bought_on"), ["supplier_id", "bought_on"], unique=False
        )

    op.create_table(
        "stock_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reception",
                "reception_corrected",
                "use",
                "loss",
                "count",
                "transfer_out",
                "transfer_in",
                name="movekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("menu_day", sa.Date(), nullable=True),
        sa.Column("reception_line_id", sa.Integer(), nullable=True),
        sa.Column("transfer", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(kind = 'use') = (menu_day IS NOT NULL)", name=op.f("ck_stock_moves_menu_day")),
        sa.CheckConstraint(
            "(kind IN ('transfer_out', 'transfer_in')) = (transfer IS NOT NULL)", name=op.f("ck_stock_moves_transfer")
        ),
        sa.CheckConstraint("kind NOT IN ('reception', 'transfer_in') OR grams > 0", name=op.f("ck_stock_moves_comes")),
        sa.CheckConstraint(
            "kind NOT IN ('use', 'loss', 'transfer_out') OR grams < 0", name=op.f("ck_stock_moves_leaves")
        ),
        sa.CheckConstraint("grams <> 0", name=op.f("ck_stock_moves_grams")),
        sa.ForeignKeyConstraint(["lot_id"], ["stock_lots.id"], name=op.f("fk_stock_moves_lot_id")),
        sa.ForeignKeyConstraint(
            ["reception_line_id"], ["reception_lines.id"], name=op.f("fk_stock_moves_reception_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_moves_lot_id_menu_day"), ["lot_id", "menu_day"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_moves_reception_line_id"), ["reception_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_moves_transfer"), ["transfer"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_moves_transfer"))
        batch_op.drop_index(batch_op.f("ix_stock_moves_reception_line_id"))
        batch_op.drop_index(batch_op.f("ix_stock_moves_lot_id_menu_day"))

    op.drop_table("stock_moves")
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_lines_supplier_id_bought_on"))
        batch_op.drop_index(batch_op.f("ix_purchase_lines_kitchen_id_bought_on"))
        batch_op.drop_index(batch_op.f("ix_purchase_lines_ingredient_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_lines_corrects_id"))

    op.drop_table("purchase_lines")
    with op.batch_alter_table("credit_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_requests_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_credit_requests_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_credit_requests_kitchen_id"))
        batch_op.drop_index(batch_op.f("ix_credit_requests_credit_note_id"))

    op.drop_table("credit_requests")
    with op.batch_alter_table("reception_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reception_lines_reception_id"))
        batch_op.drop_index(batch_op.f("ix_reception_lines_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_reception_lines_lot"))

    op.drop_table("reception_lines")
    with op.batch_alter_table("invoice_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_lines_order_line_id"))

    op.drop_table("invoice_lines")
    with op.batch_alter_table("receptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receptions_order_id"))
        batch_op.drop_index(batch_op.f("ix_receptions_kitchen_id"))

    op.drop_table("receptions")
    op.drop_table("invoice_events")
    op.drop_table("temperature_tolerances")
    with op.batch_alter_table("stock_lots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_lots_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_stock_lots_lot"))
        batch_op.drop_index(batch_op.f("ix_stock_lots_ingredient_id"))

    op.drop_table("stock_lots")
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoices_kitchen_id_issued_on"))

    op.drop_table("invoices")
    op.drop_table("invoice_sequences")
