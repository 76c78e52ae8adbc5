"""Food waste: weighings, covers of services, campaigns, diagnostics, donations, bio-waste.

Revision: 0013
Follows: 0011
Created: 2026-11-26 05:48:22.760344
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "biowaste_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "stream",
            sa.Enum(
                "biowaste", "used_oil", name="biowastestream", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "treatment",
            sa.Enum(
                "compost_on_site",
                "composting",
                "methanisation",
                "biofuel",
                name="treatment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("collector", sa.String(length=160), nullable=True),
        sa.Column("slip", sa.String(length=80), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "quantity <> 0 AND (reverses_id IS NULL) = (quantity > 0)", name=op.f("ck_biowaste_notes_quantity")
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_biowaste_notes_kitchen_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["biowaste_notes.id"], name=op.f("fk_biowaste_notes_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_biowaste_notes")),
        sa.UniqueConstraint("kitchen_id", "entry_key", name=op.f("uq_biowaste_notes_kitchen_id_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_biowaste_notes_reverses_id")),
    )
    with op.batch_alter_table("biowaste_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_biowaste_notes_kitchen_id_day"), ["kitchen_id", "day"], unique=False)

    op.create_table(
        "donation_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("association", sa.String(length=160), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR (signed_on IS NOT NULL AND ends_on >= signed_on)",
            name=op.f("ck_donation_agreements_ends"),
        ),
        sa.CheckConstraint("signed_on IS NULL OR signed_on >= proposed_on", name=op.f("ck_donation_agreements_signed")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_donation_agreements_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation_agreements")),
        sa.UniqueConstraint("kitchen_id", "association", name=op.f("uq_donation_agreements_kitchen_id_association")),
    )
    op.create_table(
        "service_covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "breakfast",
                "lunch",
                "snack",
                "dinner",
                name="service",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("prepared", sa.Integer(), nullable=True),
        sa.Column("served", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint("planned >= 0 AND prepared >= 0 AND served >= 0", name=op.f("ck_service_covers_covers")),
        sa.CheckConstraint("served <= prepared", name=op.f("ck_service_covers_served")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_service_covers_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_covers")),
        sa.UniqueConstraint("kitchen_id", "day", "service", name=op.f("uq_service_covers_kitchen_id_day_service")),
    )
    op.create_table(
        "waste_diagnostics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("pilot", sa.String(length=160), nullable=False),
        sa.Column("team", sa.String(length=300), nullable=False),
        sa.Column("situation", sa.String(length=2000), nullable=False),
        sa.Column("measured_from", sa.Date(), nullable=True),
        sa.Column("measured_to", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(measured_from IS NULL) = (measured_to IS NULL)", name=op.f("ck_waste_diagnostics_measured")
        ),
        sa.CheckConstraint("version > 0", name=op.f("ck_waste_diagnostics_version")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_waste_diagnostics_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_diagnostics")),
        sa.UniqueConstraint("kitchen_id", "version", name=op.f("uq_waste_diagnostics_kitchen_id_version")),
    )
    op.create_table(
        "waste_sites",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "college", "ehpad", "social", name="kitchenkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("meals_per_day", sa.Integer(), nullable=True),
        sa.Column("meals_per_year", sa.Integer(), nullable=True),
        sa.Column("base_year", sa.Integer(), nullable=True),
        sa.Column("base_g_per_cover", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("biowaste_sorted_since", sa.Date(), nullable=True),
        sa.Column("collector", sa.String(length=160), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(base_year IS NULL) = (base_g_per_cover IS NULL)", name=op.f("ck_waste_sites_base")),
        sa.CheckConstraint("base_g_per_cover > 0", name=op.f("ck_waste_sites_base_g_per_cover")),
        sa.CheckConstraint("meals_per_day > 0", name=op.f("ck_waste_sites_meals_per_day")),
        sa.CheckConstraint("meals_per_year > 0", name=op.f("ck_waste_sites_meals_per_year")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_waste_sites_kitchen_id")),
        sa.PrimaryKeyConstraint("kitchen_id", name=op.f("pk_waste_sites")),
    )
    op.create_table(
        "weighing_campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_weighing_campaigns_order")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_weighing_campaigns_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighing_campaigns")),
        sa.UniqueConstraint("kitchen_id", "first_day", name=op.f("uq_weighing_campaigns_kitchen_id_first_day")),
    )
    op.create_table(
        "weighings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "service",
            sa.Enum(
                "breakfast",
                "lunch",
                "snack",
                "dinner",
                name="service",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "preparation", "unserved", "plates", name="stage", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "part",
            sa.Enum(
                "edible", "inedible", "unsorted", name="part", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("gross_g", sa.Integer(), nullable=False),
        sa.Column("tare_g", sa.Integer(), nullable=False),
        sa.Column("net_g", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=True),
        sa.Column(
            "food_group",
            sa.Enum(
                "starter",
                "meat_fish",
                "side",
                "dairy",
                "dessert",
                "bread",
                "sauce",
                "mixed",
                name="foodgroup",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "too_much_cooked",
                "absences",
                "disliked",
                "portion_too_large",
                "no_time_to_eat",
                "cooking_fault",
                "trimming",
                "hygiene",
                "other",
                name="wastecause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=True),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "stage <> 'preparation' OR part <> 'unsorted'", name=op.f("ck_weighings_preparation_is_sorted")
        ),
        sa.CheckConstraint("net_g = gross_g - tare_g", name=op.f("ck_weighings_net")),
        sa.CheckConstraint(
            "reverses_id IS NOT NULL OR (tare_g >= 0 AND net_g >= 0 AND gross_g > 0)", name=op.f("ck_weighings_mass")
        ),
        sa.CheckConstraint(
            "reverses_id IS NULL OR (tare_g <= 0 AND net_g <= 0 AND gross_g < 0)", name=op.f("ck_weighings_opposite")
        ),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_weighings_dish_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_weighings_kitchen_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["weighings.id"], name=op.f("fk_weighings_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighings")),
        sa.UniqueConstraint("kitchen_id", "entry_key", name=op.f("uq_weighings_kitchen_id_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_weighings_reverses_id")),
    )
    with op.batch_alter_table("weighings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weighings_dish_id"), ["dish_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_weighings_kitchen_id_day"), ["kitchen_id", "day"], unique=False)

    op.create_table(
        "waste_actions",
        sa.Column("diagnostic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "inscription",
                "awareness",
                "training",
                "distribution",
                "portions",
                "reuse",
                name="actionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=160), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "ongoing",
                "done",
                "abandoned",
                name="actionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_waste_actions_done")),
        sa.CheckConstraint("position > 0", name=op.f("ck_waste_actions_position")),
        sa.ForeignKeyConstraint(
            ["diagnostic_id"], ["waste_diagnostics.id"], name=op.f("fk_waste_actions_diagnostic_id")
        ),
        sa.PrimaryKeyConstraint("diagnostic_id", "position", name=op.f("pk_waste_actions")),
    )
    op.create_table(
        "waste_findings",
        sa.Column("diagnostic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "preparation", "unserved", "plates", name="stage", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "too_much_cooked",
                "absences",
                "disliked",
                "portion_too_large",
                "no_time_to_eat",
                "cooking_fault",
                "trimming",
                "hygiene",
                "other",
                name="wastecause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen", sa.String(length=300), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_waste_findings_position")),
        sa.ForeignKeyConstraint(
            ["diagnostic_id"], ["waste_diagnostics.id"], name=op.f("fk_waste_findings_diagnostic_id")
        ),
        sa.PrimaryKeyConstraint("diagnostic_id", "position", name=op.f("pk_waste_findings")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("waste_findings")
    op.drop_table("waste_actions")
    with op.batch_alter_table("weighings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_weighings_kitchen_id_day"))
        batch_op.drop_index(batch_op.f("ix_weighings_dish_id"))

    op.drop_table("weighings")
    op.drop_table("weighing_campaigns")
    op.drop_table("waste_sites")
    op.drop_table("waste_diagnostics")
    op.drop_table("service_covers")
    op.drop_table("donation_agreements")
    with op.batch_alter_table("biowaste_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_biowaste_notes_kitchen_id_day"))

    op.drop_table("biowaste_notes")
