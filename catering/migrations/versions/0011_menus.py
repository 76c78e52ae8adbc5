"""Menus of the kitchens, taken from the plans in use, and what the nutrition check found of them.

Revision: 0011
Follows: 0014
Created: 2026-11-26 06:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0014"
branch_labels = None
depends_on = None

SLOTS = ("starter", "main", "side", "dairy", "dessert")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "menu_dishes",
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "slot",
            sa.Enum(*SLOTS, name="slot", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.Column("served_covers", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum("plan", "kitchen", name="menusource", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("planned_dish_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_menu_dishes_rank")),
        sa.CheckConstraint("covers >= 0", name=op.f("ck_menu_dishes_covers")),
        sa.CheckConstraint("served_covers IS NULL OR served_covers >= 0", name=op.f("ck_menu_dishes_served_covers")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_menu_dishes_kitchen_id")),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_menu_dishes_dish_id")),
        sa.ForeignKeyConstraint(["planned_dish_id"], ["dishes.id"], name=op.f("fk_menu_dishes_planned_dish_id")),
        sa.PrimaryKeyConstraint("kitchen_id", "day", "slot", "rank", name=op.f("pk_menu_dishes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nutrition_results",
        sa.Column("school_year", sa.String(length=7), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("meals", sa.Integer(), nullable=False),
        sa.Column("sure", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("possible", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("outside", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "satisfied",
                "broken",
                "undecided",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("windows", sa.Integer(), nullable=False),
        sa.Column("windows_broken", sa.Integer(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_nutrition_results_period")),
        sa.CheckConstraint("sure <= possible", name=op.f("ck_nutrition_results_counts")),
        sa.CheckConstraint("windows_broken <= windows", name=op.f("ck_nutrition_results_windows")),
        sa.ForeignKeyConstraint(
            ["school_year"], ["school_years.school_year"], name=op.f("fk_nutrition_results_school_year")
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_nutrition_results_kitchen_id")),
        sa.PrimaryKeyConstraint("school_year", "kitchen_id", "rule", "first", name=op.f("pk_nutrition_results")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("nutrition_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nutrition_results_kitchen_id"), ["kitchen_id"], unique=False)
    _take_plans_in_use()


def _take_plans_in_use() -> None:
    """The menus of plans published before there were menus; `catering seed` makes their check."""
    op.execute(
        "INSERT INTO menu_dishes "
        "(kitchen_id, day, slot, rank, dish_id, covers, source, planned_dish_id) "
        "SELECT kitchen_id, day, slot, 1, dish_id, covers, 'plan', dish_id FROM planned_meals "
        "WHERE run_id IN (SELECT MAX(r.id) FROM plan_runs r JOIN plan_scenarios s ON s.id = r.scenario_id "
        "WHERE r.published_at IS NOT NULL AND r.withdrawn_at IS NULL GROUP BY s.school_year)"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("nutrition_results")
    op.drop_table("menu_dishes")
