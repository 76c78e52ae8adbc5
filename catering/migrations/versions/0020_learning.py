"""Learning from weighings: lessons, portions changed by people, and what plans took of both.

Revision: 0020
Follows: 0017
Created: 2026-11-26 12:06:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0017"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
FUNCTION = f"""CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': {SAYS}', ERRCODE = 'integrity_constraint_violation'; END $$"""
KEPT = (
    "id, dish_id, before_g, served_g, least_g, most_g, grammage, valid_from, reason, evidence, decided_at, decided_by"
)
WRITTEN_ONCE = {
    "waste_lessons": "",
    "dish_lessons": "",
    "kitchen_lessons": "",
    "dish_in_kitchen_lessons": "",
    "portion_changes": f" OF {KEPT}",
}


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "waste_lessons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("last_weighing_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("eur_per_kg", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("variances", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_waste_lessons_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_lessons")),
    )
    op.create_table(
        "dish_in_kitchen_lessons",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_dish_in_kitchen_lessons_dish_id")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_dish_in_kitchen_lessons_kitchen_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["waste_lessons.id"], name=op.f("fk_dish_in_kitchen_lessons_lesson_id")),
        sa.PrimaryKeyConstraint("lesson_id", "kitchen_id", "dish_id", name=op.f("pk_dish_in_kitchen_lessons")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dish_lessons",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(length=60), nullable=False),
        sa.Column("share", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("error", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("alone", sa.Integer(), nullable=False),
        sa.Column("together", sa.Integer(), nullable=False),
        sa.Column("served_g", sa.Integer(), nullable=False),
        sa.Column("best_rank", sa.Integer(), nullable=True),
        sa.Column("worst_rank", sa.Integer(), nullable=True),
        sa.Column("ranked", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_dish_lessons_dish_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["waste_lessons.id"], name=op.f("fk_dish_lessons_lesson_id")),
        sa.PrimaryKeyConstraint("lesson_id", "dish_id", name=op.f("pk_dish_lessons")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kitchen_lessons",
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_kitchen_lessons_kitchen_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["waste_lessons.id"], name=op.f("fk_kitchen_lessons_lesson_id")),
        sa.PrimaryKeyConstraint("lesson_id", "kitchen_id", name=op.f("pk_kitchen_lessons")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "portion_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dish_id", sa.Integer(), nullable=False),
        sa.Column("before_g", sa.Integer(), nullable=False),
        sa.Column("served_g", sa.Integer(), nullable=False),
        sa.Column("least_g", sa.Integer(), nullable=False),
        sa.Column("most_g", sa.Integer(), nullable=False),
        sa.Column("grammage", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "served_g > 0 AND before_g > 0 AND served_g <> before_g", name=op.f("ck_portion_changes_portion")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR ended_at IS NOT NULL", name=op.f("ck_portion_changes_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["dish_id"], ["dishes.id"], name=op.f("fk_portion_changes_dish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portion_changes")),
    )
    with op.batch_alter_table("portion_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portion_changes_dish_id"), ["dish_id"], unique=False)

    op.create_table(
        "plan_scenario_lessons",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["waste_lessons.id"], name=op.f("fk_plan_scenario_lessons_lesson_id")),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_lessons_scenario_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_plan_scenario_lessons")),
    )
    op.create_table(
        "plan_run_portions",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["portion_changes.id"], name=op.f("fk_plan_run_portions_change_id")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["plan_runs.id"], name=op.f("fk_plan_run_portions_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "change_id", name=op.f("pk_plan_run_portions")),
    )
    for table, columns in WRITTEN_ONCE.items():
        for statement in _guards(table, columns):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take it back."""
    for table in WRITTEN_ONCE:
        _unguard(table)
    op.drop_table("plan_run_portions")
    op.drop_table("plan_scenario_lessons")
    with op.batch_alter_table("portion_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portion_changes_dish_id"))

    op.drop_table("portion_changes")
    op.drop_table("kitchen_lessons")
    op.drop_table("dish_lessons")
    op.drop_table("dish_in_kitchen_lessons")
    op.drop_table("waste_lessons")


def _guards(table: str, columns: str) -> list[str]:
    """What has the database refuse to change a row."""
    changes = (("change", f"UPDATE{columns}"), ("removal", "DELETE"))
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: {SAYS}'); END"
            for what, when in changes
        ]
    return [
        FUNCTION,
        *(
            f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for what, when in changes
        ),
        f"CREATE TRIGGER {table}_no_emptying BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_change()",
    ]


def _unguard(table: str) -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for what in ("change", "removal", *(() if on_sqlite else ("emptying",))):
        op.execute(f"DROP TRIGGER {table}_no_{what}" + ("" if on_sqlite else f" ON {table}"))
