"""initial tables.

Revision: 0001
Follows: none
Created: 2026-11-23 18:55:29.937678
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "bridges",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=1), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("zone IN ('A', 'B', 'C')", name=op.f("ck_bridges_zone")),
        sa.PrimaryKeyConstraint("day", "zone", name=op.f("pk_bridges")),
    )
    op.create_table(
        "change_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name=op.f("ck_change_events_something_changed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_events")),
    )
    with op.batch_alter_table("change_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_events_subject_key"), ["subject", "key"], unique=False)

    op.create_table(
        "client_requests",
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) >= 8", name=op.f("ck_client_requests_key_length")),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_client_requests")),
    )
    op.create_table(
        "dishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "slot",
            sa.Enum(
                "starter",
                "main",
                "side",
                "dairy",
                "dessert",
                name="slot",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "technique",
            sa.Enum(
                "raw",
                "boiled",
                "steamed",
                "braised",
                "roasted",
                "grilled",
                "baked",
                "sauteed",
                "deep_fried",
                "cold_assembled",
                "none",
                name="technique",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("served_g", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("equipment", sa.String(length=200), nullable=True),
        sa.Column("prep_minutes_per_100", sa.Integer(), nullable=True),
        sa.Column("regional", sa.String(length=160), nullable=True),
        sa.Column("steps", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 4095", name=op.f("ck_dishes_months")),
        sa.CheckConstraint("prep_minutes_per_100 >= 0", name=op.f("ck_dishes_prep")),
        sa.CheckConstraint("served_g > 0", name=op.f("ck_dishes_served")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dishes")),
        sa.UniqueConstraint("slug", name=op.f("uq_dishes_slug")),
    )
    with op.batch_alter_table("dishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dishes_slot"), ["slot"], unique=False)

    op.create_table(
        "ingredients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
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
        sa.Column(
            "kind",
            sa.Enum(
                "beef",
                "veal",
                "lamb",
                "pork",
                "poultry",
                "rabbit",
                "offal",
                "processed_meat",
                "fish",
                "shellfish",
                "egg",
                "cheese",
                "milk",
                "yoghurt",
                "cream",
                "butter",
                "oil",
                "vegetable_raw",
                "vegetable_cooked",
                "mushroom",
                "potato",
                "pulse",
                "cereal",
                "pasta_rice",
                "bread",
                "flour",
                "fruit",
                "dried_fruit",
                "nut",
                "soy",
                "sugar",
                "chocolate",
                "condiment",
                "herb_spice",
                "stock",
                "gelatine",
                "drink",
                "pastry_dough",
                "plant_protein",
                "compote",
                name="ingredientkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ciqual_code", sa.String(length=12), nullable=True),
        sa.Column("ciqual_name", sa.String(length=200), nullable=True),
        sa.Column("kcal", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("protein_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("fat_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("saturates_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("carbs_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("sugars_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("fibre_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("salt_g", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("calcium_mg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("iron_mg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("edible_pct", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("animal_flesh", sa.Boolean(), nullable=True),
        sa.Column("minced", sa.Boolean(), nullable=False),
        sa.Column(
            "frying",
            sa.Enum("deep", "prefried", name="frying", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("keeping_days", sa.Integer(), nullable=True),
        sa.Column("agribalyse_code", sa.String(length=20), nullable=True),
        sa.Column("co2e_kg_per_kg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("co2e_transport_kg_per_kg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("calcium_mg >= 0", name=op.f("ck_ingredients_calcium_mg")),
        sa.CheckConstraint("carbs_g >= 0", name=op.f("ck_ingredients_carbs_g")),
        sa.CheckConstraint("co2e_kg_per_kg >= 0", name=op.f("ck_ingredients_co2e")),
        sa.CheckConstraint("co2e_transport_kg_per_kg >= 0", name=op.f("ck_ingredients_co2e_transport")),
        sa.CheckConstraint("edible_pct > 0", name=op.f("ck_ingredients_edible")),
        sa.CheckConstraint("fat_g >= 0", name=op.f("ck_ingredients_fat_g")),
        sa.CheckConstraint("fibre_g >= 0", name=op.f("ck_ingredients_fibre_g")),
        sa.CheckConstraint("iron_mg >= 0", name=op.f("ck_ingredients_iron_mg")),
        sa.CheckConstraint("kcal >= 0", name=op.f("ck_ingredients_kcal")),
        sa.CheckConstraint("keeping_days >= 0", name=op.f("ck_ingredients_keeping")),
        sa.CheckConstraint("months BETWEEN 1 AND 4095", name=op.f("ck_ingredients_months")),
        sa.CheckConstraint("protein_g >= 0", name=op.f("ck_ingredients_protein_g")),
        sa.CheckConstraint("salt_g >= 0", name=op.f("ck_ingredients_salt_g")),
        sa.CheckConstraint("saturates_g >= 0", name=op.f("ck_ingredients_saturates_g")),
        sa.CheckConstraint("sugars_g >= 0", name=op.f("ck_ingredients_sugars_g")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingredients")),
        sa.UniqueConstraint("slug", name=op.f("uq_ingredients_slug")),
    )
    with op.batch_alter_table("ingredients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ingredients_kind"), ["kind"], unique=False)

    op.create_table(
        "kitchens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uai", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=5), nullable=False),
        sa.Column("commune", sa.String(length=100), nullable=False),
        sa.Column("insee", sa.String(length=5), nullable=False),
        sa.Column("epci", sa.String(length=120), nullable=False),
        sa.Column("lat", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("lon", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column(
            "priority_education",
            sa.Enum("REP", "REP+", name="priorityeducation", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("budget_eur_per_meal", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("budget_eur_per_meal > 0", name=op.f("ck_kitchens_budget")),
        sa.CheckConstraint("length(insee) = 5", name=op.f("ck_kitchens_insee_length")),
        sa.CheckConstraint("length(uai) = 8", name=op.f("ck_kitchens_uai_length")),
        sa.CheckConstraint("pupils > 0", name=op.f("ck_kitchens_pupils")),
        sa.CheckConstraint("siren IS NULL OR length(siren) = 9", name=op.f("ck_kitchens_siren_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kitchens")),
        sa.UniqueConstraint("uai", name=op.f("uq_kitchens_uai")),
    )
    with op.batch_alter_table("kitchens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kitchens_epci"), ["epci"], unique=False)

    op.create_table(
        "school_years",
        sa.Column("school_year", sa.String(length=7), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("first_day < last_day", name=op.f("ck_school_years_order")),
        sa.PrimaryKeyConstraint("school_year", name=op.f("pk_school_years")),
    )
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "producer",
                "wholesaler",
                "hub",
                name="supplierkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("commune", sa.String(length=100), nullable=False),
        sa.Column("insee", sa.String(length=5), nullable=False),
        sa.Column("lat", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("lon", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("delivery_weekdays", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("min_drop_eur", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("max_km", sa.Integer(), nullable=True),
        sa.Column(
            "delivery_eur_per_kg_base", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column(
            "delivery_eur_per_kg_per_100km", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column("activity", sa.String(length=300), nullable=False),
        sa.CheckConstraint("delivery_eur_per_kg_base >= 0", name=op.f("ck_suppliers_delivery_base")),
        sa.CheckConstraint("delivery_eur_per_kg_per_100km >= 0", name=op.f("ck_suppliers_delivery_distance")),
        sa.CheckConstraint("delivery_weekdays BETWEEN 1 AND 127", name=op.f("ck_suppliers_weekdays")),
        sa.CheckConstraint("lead_days >= 0", name=op.f("ck_suppliers_lead")),
        sa.CheckConstraint("length(insee) = 5", name=op.f("ck_suppliers_insee_length")),
        sa.CheckConstraint("max_km > 0", name=op.f("ck_suppliers_max_km")),
        sa.CheckConstraint("min_drop_eur >= 0", name=op.f("ck_suppliers_min_drop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("slug", name=op.f("uq_suppliers_slug")),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("certifier", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_certificates_order")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_certificates_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("id", "supplier_id", name=op.f("uq_certificates_id_supplier_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_certificates_slug")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "dish_lines",
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_dish_lines_grams")),
        sa.CheckConstraint("position > 0", name=op.f("ck_dish_lines_position")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_dish_lines_dish_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_dish_lines_ingredient_id")),
        sa.PrimaryKeyConstraint("dish_id", "ingredient_id", name=op.f("pk_dish_lines")),
    )
    with op.batch_alter_table("dish_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dish_lines_ingredient_id"), ["ingredient_id"], unique=False)

    op.create_table(
        "ingredient_allergens",
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["ingredient_id"],
            ["ingredients.id"],
            name=op.f("fk_ingredient_allergens_ingredient_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ingredient_id", "allergen", name=op.f("pk_ingredient_allergens")),
    )
    with op.batch_alter_table("ingredient_allergens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ingredient_allergens_allergen"), ["allergen"], unique=False)

    op.create_table(
        "kitchen_closures",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["kitchen_id"], ["kitchens.id"], name=op.f("fk_kitchen_closures_kitchen_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kitchen_id", "day", name=op.f("pk_kitchen_closures")),
    )
    op.create_table(
        "kitchen_covers",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.CheckConstraint("covers > 0", name=op.f("ck_kitchen_covers_covers")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 4", name=op.f("ck_kitchen_covers_weekday")),
        sa.ForeignKeyConstraint(
            ["kitchen_id"], ["kitchens.id"], name=op.f("fk_kitchen_covers_kitchen_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kitchen_id", "weekday", name=op.f("pk_kitchen_covers")),
    )
    op.create_table(
        "plan_scenarios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("school_year", sa.String(length=7), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_plan_scenarios_order")),
        sa.ForeignKeyConstraint(
            ["school_year"], ["school_years.school_year"], name=op.f("fk_plan_scenarios_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_scenarios")),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("pack_g", sa.Integer(), nullable=False),
        sa.Column("pack_label", sa.String(length=120), nullable=False),
        sa.Column("price_eur_per_pack", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("vat_pct", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("(label IS NULL) = (certificate_id IS NULL)", name=op.f("ck_offers_label_has_certificate")),
        sa.CheckConstraint("pack_g > 0", name=op.f("ck_offers_pack")),
        sa.CheckConstraint("price_eur_per_pack > 0", name=op.f("ck_offers_price")),
        sa.CheckConstraint("vat_pct >= 0", name=op.f("ck_offers_vat")),
        sa.ForeignKeyConstraint(
            ["certificate_id", "supplier_id"],
            ["certificates.id", "certificates.supplier_id"],
            name="fk_offers_own_certificate",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_offers_ingredient_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_offers_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("slug", name=op.f("uq_offers_slug")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_ingredient_id"), ["ingredient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_label"), ["label"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "plan_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="runstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("time_limit_seconds", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phase", sa.String(length=120), nullable=False),
        sa.Column("done_steps", sa.Integer(), nullable=False),
        sa.Column("total_steps", sa.Integer(), nullable=False),
        sa.Column("best_cost", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("lower_bound", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("cost", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("penalty", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("objective", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("gap", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("meals", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("peak_memory_mb", sa.Integer(), nullable=True),
        sa.Column("solver", sa.String(length=80), nullable=True),
        sa.Column("problem_sha256", sa.String(length=64), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=120), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR status = 'done'", name=op.f("ck_plan_runs_only_a_plan_is_published")
        ),
        sa.CheckConstraint(
            "status <> 'done' OR (cost IS NOT NULL AND ended_at IS NOT NULL)", name=op.f("ck_plan_runs_done_has_a_plan")
        ),
        sa.CheckConstraint("done_steps >= 0 AND total_steps >= 0", name=op.f("ck_plan_runs_steps")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR published_at IS NOT NULL", name=op.f("ck_plan_runs_withdrawn_was_published")
        ),
        sa.ForeignKeyConstraint(["scenario_id"], ["plan_scenarios.id"], name=op.f("fk_plan_runs_scenario_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_runs")),
    )
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_runs_scenario_id"), ["scenario_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_runs_status"), ["status"], unique=False)

    op.create_table(
        "plan_scenario_kitchens",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_plan_scenario_kitchens_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_kitchens_scenario_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", "kitchen_id", name=op.f("pk_plan_scenario_kitchens")),
    )
    op.create_table(
        "plan_scenario_staples",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_plan_scenario_staples_grams")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredients.id"], name=op.f("fk_plan_scenario_staples_ingredient_id")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_staples_scenario_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", "ingredient_id", name=op.f("pk_plan_scenario_staples")),
    )
    op.create_table(
        "capacities",
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("grams_per_week", sa.Integer(), nullable=True),
        sa.CheckConstraint("grams_per_week > 0", name=op.f("ck_capacities_grams")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_capacities_order")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_capacities_offer_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("offer_id", "valid_from", name=op.f("pk_capacities")),
    )
    op.create_table(
        "kitchen_ratios",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("share", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_kitchen_ratios_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_kitchen_ratios_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "kitchen_id", "rule", "year", name=op.f("pk_kitchen_ratios")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kitchen_standings",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("cost_per_meal", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_kitchen_standings_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_kitchen_standings_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "kitchen_id", name=op.f("pk_kitchen_standings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plan_conflicts",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("kitchen", sa.String(length=8), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_plan_conflicts_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "rank", name=op.f("pk_plan_conflicts")),
    )
    op.create_table(
        "plan_rules",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_plan_rules_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "rule", name=op.f("pk_plan_rules")),
    )
    op.create_table(
        "planned_drops",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_planned_drops_grams")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_planned_drops_kitchen_id")),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_planned_drops_run_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_planned_drops_supplier_id")),
        sa.PrimaryKeyConstraint("run_id", "kitchen_id", "day", "supplier_id", name=op.f("pk_planned_drops")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("planned_drops", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_planned_drops_run_id_supplier_id_day"), ["run_id", "supplier_id", "day"], unique=False
        )

    op.create_table(
        "planned_meals",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "slot",
            sa.Enum(
                "starter",
                "main",
                "side",
                "dairy",
                "dessert",
                name="slot",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.CheckConstraint("covers > 0", name=op.f("ck_planned_meals_covers")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_planned_meals_dish_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_planned_meals_kitchen_id")),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_planned_meals_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kitchen_id", "day", "slot", name=op.f("pk_planned_meals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rule_standings",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("minimum", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("maximum", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_rule_standings_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_rule_standings_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "rule", "kitchen_id", "period", name=op.f("pk_rule_standings")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("rule_standings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_standings_run_id_holds"), ["run_id", "holds"], unique=False)

    op.create_table(
        "sourced_lines",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.CheckConstraint("grams > 0", name=op.f("ck_sourced_lines_grams")),
        sa.ForeignKeyConstraint(["ingredient_id"], ["ingredients.id"], name=op.f("fk_sourced_lines_ingredient_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_sourced_lines_kitchen_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_sourced_lines_offer_id")),
        sa.ForeignKeyConstraint(["run_id"], ["plan_runs.id"], name=op.f("fk_sourced_lines_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kitchen_id", "week", "offer_id", name=op.f("pk_sourced_lines")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sourced_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sourced_lines_run_id_ingredient_id_week"), ["run_id", "ingredient_id", "week"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sourced_lines_run_id_offer_id_week"), ["run_id", "offer_id", "week"], unique=False
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("sourced_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sourced_lines_run_id_offer_id_week"))
        batch_op.drop_index(batch_op.f("ix_sourced_lines_run_id_ingredient_id_week"))

    op.drop_table("sourced_lines")
    with op.batch_alter_table("rule_standings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_standings_run_id_holds"))

    op.drop_table("rule_standings")
    op.drop_table("planned_meals")
    with op.batch_alter_table("planned_drops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_drops_run_id_supplier_id_day"))

    op.drop_table("planned_drops")
    op.drop_table("plan_rules")
    op.drop_table("plan_conflicts")
    op.drop_table("kitchen_standings")
    op.drop_table("kitchen_ratios")
    op.drop_table("capacities")
    op.drop_table("plan_scenario_staples")
    op.drop_table("plan_scenario_kitchens")
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_runs_status"))
        batch_op.drop_index(batch_op.f("ix_plan_runs_scenario_id"))

    op.drop_table("plan_runs")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_offers_label"))
        batch_op.drop_index(batch_op.f("ix_offers_ingredient_id"))

    op.drop_table("offers")
    op.drop_table("plan_scenarios")
    op.drop_table("kitchen_covers")
    op.drop_table("kitchen_closures")
    with op.batch_alter_table("ingredient_allergens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ingredient_allergens_allergen"))

    op.drop_table("ingredient_allergens")
    with op.batch_alter_table("dish_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dish_lines_ingredient_id"))

    op.drop_table("dish_lines")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_supplier_id"))

    op.drop_table("certificates")
    op.drop_table("suppliers")
    op.drop_table("school_years")
    with op.batch_alter_table("kitchens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kitchens_epci"))

    op.drop_table("kitchens")
    with op.batch_alter_table("ingredients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ingredients_kind"))

    op.drop_table("ingredients")
    with op.batch_alter_table("dishes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dishes_slot"))

    op.drop_table("dishes")
    op.drop_table("client_requests")
    with op.batch_alter_table("change_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_events_subject_key"))

    op.drop_table("change_events")
    op.drop_table("bridges")
