"""Declarations of a civil year, kept by the database as they were declared, and the restaurants a kitchen serves.

Revision: 0017
Follows: 0015
Created: 2026-11-26 11:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
LEDGERS = ("declarations", "declared_lines")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum("simple", "detailed", name="declarationform", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("form_version", sa.String(length=40), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("cantine_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("acknowledged", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_declarations_reason")),
        sa.CheckConstraint("length(siret) = 14", name=op.f("ck_declarations_siret_length")),
        sa.CheckConstraint("version > 0", name=op.f("ck_declarations_version")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_declarations_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("kitchen_id", "year", "version", name=op.f("uq_declarations_kitchen_id_year_version")),
    )
    op.create_index(op.f("ix_declarations_year"), "declarations", ["year"], unique=False)
    op.create_table(
        "declared_lines",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("purchase_line_id", sa.Integer(), nullable=False),
        sa.Column("sign", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["declarations.id"], name=op.f("fk_declared_lines_declaration_id")),
        sa.ForeignKeyConstraint(
            ["purchase_line_id"], ["purchase_lines.id"], name=op.f("fk_declared_lines_purchase_line_id")
        ),
        sa.PrimaryKeyConstraint("declaration_id", "purchase_line_id", name=op.f("pk_declared_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "satellites",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cantine_id", sa.BigInteger(), nullable=True),
        sa.Column("yearly_meals", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(siret) = 14", name=op.f("ck_satellites_siret_length")),
        sa.CheckConstraint("yearly_meals > 0", name=op.f("ck_satellites_yearly_meals")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_satellites_kitchen_id")),
        sa.PrimaryKeyConstraint("kitchen_id", "year", "siret", name=op.f("pk_satellites")),
        sqlite_with_rowid=False,
    )
    for table in LEDGERS:
        for statement in _guards(table):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the change back; what was declared is lost."""
    op.drop_table("satellites")
    op.drop_table("declared_lines")
    op.drop_index(op.f("ix_declarations_year"), table_name="declarations")
    op.drop_table("declarations")


def _guards(table: str) -> list[str]:
    """What has the database refuse to change a row; the function that refuses is there already."""
    changes = (("change", "UPDATE"), ("removal", "DELETE"))
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {SAYS}'); END"
            for what, when in changes
        ]
    return [
        *(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for what, when in changes
        ),
        f"CREATE TRIGGER {table}_no_emptying BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_change()",
    ]
