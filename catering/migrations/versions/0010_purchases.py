"""Purchases from files, how each line counts, and their sums by kitchen and year.

Revision: 0010
Follows: 0009
Created: 2026-11-26 06:06:40.338461
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=200), sa.String(length=500)
SOURCES_BEFORE = "source IN ('reception', 'correction')"
SOURCES = "source IN ('reception', 'correction', 'import')"
CHECKS = (
    ("import_names_its_file", "(source = 'import') = (import_id IS NOT NULL)"),
    (
        "told_at_reception",
        "source = 'import' OR (supplier_id IS NOT NULL AND ingredient_id IS NOT NULL AND grams IS NOT NULL "
        "AND vat_pct IS NOT NULL)",
    ),
    ("local_km", "local_km IS NULL OR local_definition = 'KM'"),
)
LINES = sa.table(
    "purchase_lines",
    sa.column("bought_on", sa.Date),
    sa.column("invoiced_on", sa.Date),
    sa.column("source", sa.String),
    sa.column("year", sa.Integer),
    sa.column("sign", sa.String),
    sa.column("not_counted", sa.String),
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "purchase_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount_excl_tax", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("length(identity) = 64", name=op.f("ck_purchase_imports_identity_length")),
        sa.CheckConstraint("lines > 0 AND amount_excl_tax >= 0", name=op.f("ck_purchase_imports_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_imports")),
        sa.UniqueConstraint("identity", name=op.f("uq_purchase_imports_identity")),
    )
    op.create_table(
        "canteens",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("cantine_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("cantine_id > 0", name=op.f("ck_canteens_cantine_id")),
        sa.CheckConstraint("length(siret) = 14", name=op.f("ck_canteens_siret_length")),
        sa.ForeignKeyConstraint(
            ["kitchen_id"], ["kitchens.id"], name=op.f("fk_canteens_kitchen_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kitchen_id", name=op.f("pk_canteens")),
        sa.UniqueConstraint("cantine_id", name=op.f("uq_canteens_cantine_id")),
        sa.UniqueConstraint("siret", name=op.f("uq_canteens_siret")),
    )
    op.create_table(
        "purchase_sums",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
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
        sa.Column("sign", sa.String(length=40), nullable=False),
        sa.Column("fair_trade", sa.Boolean(), nullable=False),
        sa.Column("origin_zone", sa.String(length=10), nullable=False),
        sa.Column("circuit_court", sa.Boolean(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("pat", sa.Boolean(), nullable=False),
        sa.Column("amount_excl_tax", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_purchase_sums_kitchen_id")),
        sa.PrimaryKeyConstraint(
            "year",
            "kitchen_id",
            "family",
            "sign",
            "fair_trade",
            "origin_zone",
            "circuit_court",
            "local",
            "pat",
            name=op.f("pk_purchase_sums"),
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("supplier_name", sa.String(length=500), nullable=True))
        batch_op.add_column(
            sa.Column(
                "origin_zone",
                sa.Enum(
                    "FRANCE", "EUROPE", "TIERS", name="originzone", native_enum=False, create_constraint=True, length=40
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "local_definition",
                sa.Enum(
                    "PAT",
                    "COMMUNE",
                    "DEPARTEMENT",
                    "REGION",
                    "KM",
                    "AUTOUR_SERVICE",
                    "AUTRE",
                    name="localdefinition",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("local_km", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("file_line", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sign", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("not_counted", sa.String(length=200), nullable=True))
    _fill()
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.alter_column("supplier_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("ingredient_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("product", existing_type=SHORT, type_=LONG, existing_nullable=False)
        batch_op.alter_column("grams", existing_type=sa.BIGINT(), nullable=True)
        batch_op.alter_column("vat_pct", existing_type=sa.BIGINT(), nullable=True)
        for name in ("year", "sign", "not_counted"):
            batch_op.alter_column(name, nullable=False)
        batch_op.drop_constraint(batch_op.f("ck_purchase_lines_purchasesource"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_purchase_lines_purchasesource"), SOURCES)
        for name, told in CHECKS:
            batch_op.create_check_constraint(batch_op.f(f"ck_purchase_lines_{name}"), told)
        batch_op.create_index(batch_op.f("ix_purchase_lines_kitchen_id_year"), ["kitchen_id", "year"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_purchase_lines_import_id"), "purchase_imports", ["import_id"], ["id"]
        )


def _fill() -> None:
    """The year of the lines that are there; the program judges how they count at its next start."""
    day = sa.func.coalesce(LINES.c.invoiced_on, LINES.c.bought_on, type_=sa.Date())
    op.execute(LINES.update().values(year=sa.extract("year", day), sign="", not_counted=""))


def downgrade() -> None:
    """Take the change back."""
    op.execute(LINES.delete().where(LINES.c.source == "import"))
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        for name, _ in CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_purchase_lines_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_purchase_lines_localdefinition"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_purchase_lines_originzone"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_purchase_lines_purchasesource"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_purchase_lines_purchasesource"), SOURCES_BEFORE)
        batch_op.drop_constraint(batch_op.f("fk_purchase_lines_import_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_purchase_lines_kitchen_id_year"))
        batch_op.alter_column("vat_pct", existing_type=sa.BIGINT(), nullable=False)
        batch_op.alter_column("grams", existing_type=sa.BIGINT(), nullable=False)
        batch_op.alter_column("product", existing_type=LONG, type_=SHORT, existing_nullable=False)
        batch_op.alter_column("ingredient_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("supplier_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("not_counted")
        batch_op.drop_column("sign")
        batch_op.drop_column("year")
        batch_op.drop_column("file_line")
        batch_op.drop_column("import_id")
        batch_op.drop_column("local_km")
        batch_op.drop_column("local_definition")
        batch_op.drop_column("origin_zone")
        batch_op.drop_column("supplier_name")

    op.drop_table("purchase_sums")
    op.drop_table("canteens")
    op.drop_table("purchase_imports")
