"""market.

Revision: 0003
Follows: 0002
Created: 2026-11-25 22:51:03.690415
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'"})


def folded(text: str) -> str:
    """As the program folded names on that day: a migration never depends on code that changes."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pdf",
                "png",
                "jpeg",
                "webp",
                "csv",
                "xlsx",
                name="filekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_documents_sha256_length")),
        sa.CheckConstraint("size > 0", name=op.f("ck_documents_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("sha256", "actor", name=op.f("uq_documents_sha256_actor")),
    )
    op.create_table(
        "hygiene_permits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "approval",
                "derogation",
                "packing_centre",
                name="permitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("max_km", sa.Integer(), nullable=True),
        sa.Column("large_share", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint("max_km > 0", name=op.f("ck_hygiene_permits_max_km")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_hygiene_permits_order")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_hygiene_permits_document_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_hygiene_permits_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hygiene_permits")),
        sa.UniqueConstraint("supplier_id", "kind", "number", name=op.f("uq_hygiene_permits_supplier_id_kind_number")),
    )
    with op.batch_alter_table("hygiene_permits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hygiene_permits_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hygiene_permits_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "price_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("contract", sa.String(length=80), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_price_lists_order")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_price_lists_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("slug", name=op.f("uq_price_lists_slug")),
    )
    with op.batch_alter_table("price_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_lists_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "supplier_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_supplier_pauses_order")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_supplier_pauses_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_pauses")),
    )
    with op.batch_alter_table("supplier_pauses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_pauses_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "price_list_kitchens",
        sa.Column("price_list_id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["uai"], ["kitchens.uai"], name=op.f("fk_price_list_kitchens_uai"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["price_list_id"], ["price_lists.id"], name=op.f("fk_price_list_kitchens_price_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("price_list_id", "uai", name=op.f("pk_price_list_kitchens")),
    )
    with op.batch_alter_table("price_list_kitchens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_list_kitchens_uai"), ["uai"], unique=False)

    op.create_table(
        "offer_allergens",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column(
            "allergen",
            sa.Enum(
                "gluten",
                "crustaceans",
                "eggs",
                "fish",
                "peanuts",
                "soy",
                "milk",
                "nuts",
                "celery",
                "mustard",
                "sesame",
                "sulphites",
                "lupin",
                "molluscs",
                name="allergen",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("traces", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_offer_allergens_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "allergen", name=op.f("pk_offer_allergens")),
    )
    op.create_table(
        "offer_photos",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_offer_photos_position")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_offer_photos_document_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_offer_photos_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "document_id", name=op.f("pk_offer_photos")),
    )
    with op.batch_alter_table("offer_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_photos_document_id"), ["document_id"], unique=False)

    op.create_table(
        "price_list_lines",
        sa.Column("price_list_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("price_eur_per_pack", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("price_eur_per_pack > 0", name=op.f("ck_price_list_lines_price")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_price_list_lines_offer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["price_list_id"], ["price_lists.id"], name=op.f("fk_price_list_lines_price_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("price_list_id", "offer_id", "valid_from", name=op.f("pk_price_list_lines")),
    )
    with op.batch_alter_table("price_list_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_list_lines_offer_id"), ["offer_id"], unique=False)

    op.create_table(
        "standing_availabilities",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("grams_per_week", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("grams_per_week > 0", name=op.f("ck_standing_availabilities_grams")),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_standing_availabilities_month")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_standing_availabilities_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", "month", name=op.f("pk_standing_availabilities")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("document_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("made_by", sa.String(length=120), nullable=True))
        batch_op.create_index(batch_op.f("ix_certificates_document_id"), ["document_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_certificates_document_id"), "documents", ["document_id"], ["id"])

    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "unit",
                sa.Enum(
                    "kg",
                    "piece",
                    "litre",
                    "bunch",
                    name="saleunit",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="kg",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("unit_g", sa.Integer(), server_default="1000", nullable=False))
        batch_op.add_column(sa.Column("variable_weight", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("origin_country", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("born_in", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("reared_in", sa.String(length=2), nullable=True))
        batch_op.add_column(sa.Column("slaughtered_in", sa.String(length=2), nullable=True))
        batch_op.add_column(
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
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "animal_product",
                sa.Enum(
                    "heated_milk",
                    "dairy",
                    "butcher_meat",
                    "other_meat",
                    "meat_product",
                    "treated_egg_or_milk",
                    "fish",
                    "processed_fish",
                    "snail",
                    "minced_meat",
                    "egg_product",
                    "raw_egg_or_milk",
                    "shell_egg",
                    name="animalproduct",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "date_kind",
                sa.Enum("dlc", "ddm", "none", name="datekind", native_enum=False, create_constraint=True, length=40),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("allergens_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("allergen_document_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("search", sa.String(length=400), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("made_by", sa.String(length=120), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_offers_unit"), "unit_g > 0")
        batch_op.create_check_constraint(batch_op.f("ck_offers_order"), "valid_from <= valid_to")
        batch_op.create_index(batch_op.f("ix_offers_allergen_document_id"), ["allergen_document_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_offers_allergen_document_id"), "documents", ["allergen_document_id"], ["id"]
        )

    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("siret", sa.String(length=14), nullable=True))
        batch_op.add_column(sa.Column("vat_number", sa.String(length=14), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column(
                "vat_regime",
                sa.Enum(
                    "standard",
                    "franchise",
                    "flat_rate",
                    name="vatregime",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="standard",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("made_by", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("made_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_suppliers_siret"), ["siret"])
        batch_op.create_unique_constraint(batch_op.f("uq_suppliers_vat_number"), ["vat_number"])
        batch_op.create_check_constraint(batch_op.f("ck_suppliers_siret_length"), "siret IS NULL OR length(siret) = 14")
    _index_words()


def _index_words() -> None:
    """The words of the offers that are there already, so that they are found."""
    offers = sa.table(
        "offers", sa.column("id", sa.Integer), sa.column("product", sa.String), sa.column("search", sa.String)
    )
    connection = op.get_bind()
    words = [
        {"of": number, "found_by": folded(product)}
        for number, product in connection.execute(sa.select(offers.c.id, offers.c.product))
    ]
    if words:
        change = offers.update().where(offers.c.id == sa.bindparam("of")).values(search=sa.bindparam("found_by"))
        connection.execute(change, words)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_suppliers_siret_length"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_suppliers_vatregime"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_suppliers_vat_number"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_suppliers_siret"), type_="unique")
        batch_op.drop_column("made_at")
        batch_op.drop_column("made_by")
        batch_op.drop_column("vat_regime")
        batch_op.drop_column("address")
        batch_op.drop_column("vat_number")
        batch_op.drop_column("siret")

    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_offers_order"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_offers_unit"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_offers_datekind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_offers_animalproduct"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_offers_productcategory"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_offers_saleunit"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_offers_allergen_document_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_offers_allergen_document_id"))
        batch_op.drop_column("made_by")
        batch_op.drop_column("search")
        batch_op.drop_column("valid_to")
        batch_op.drop_column("valid_from")
        batch_op.drop_column("allergen_document_id")
        batch_op.drop_column("allergens_on")
        batch_op.drop_column("date_kind")
        batch_op.drop_column("animal_product")
        batch_op.drop_column("category")
        batch_op.drop_column("slaughtered_in")
        batch_op.drop_column("reared_in")
        batch_op.drop_column("born_in")
        batch_op.drop_column("origin_country")
        batch_op.drop_column("variable_weight")
        batch_op.drop_column("unit_g")
        batch_op.drop_column("unit")

    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificates_document_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_certificates_document_id"))
        batch_op.drop_column("made_by")
        batch_op.drop_column("document_id")

    op.drop_table("standing_availabilities")
    with op.batch_alter_table("price_list_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_list_lines_offer_id"))

    op.drop_table("price_list_lines")
    with op.batch_alter_table("offer_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_photos_document_id"))

    op.drop_table("offer_photos")
    op.drop_table("offer_allergens")
    with op.batch_alter_table("price_list_kitchens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_list_kitchens_uai"))

    op.drop_table("price_list_kitchens")
    with op.batch_alter_table("supplier_pauses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_pauses_supplier_id"))

    op.drop_table("supplier_pauses")
    with op.batch_alter_table("price_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_lists_supplier_id"))

    op.drop_table("price_lists")
    with op.batch_alter_table("hygiene_permits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hygiene_permits_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_hygiene_permits_document_id"))

    op.drop_table("hygiene_permits")
    op.drop_table("documents")
