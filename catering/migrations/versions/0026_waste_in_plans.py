"""Plans for forecast covers, their cost of waste, and portions of single kitchens.

Revision: 0026
Follows: 0023
Created: 2026-11-26 17:40:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
TABLE = "portion_changes"
LATER = "before_g, served_g, least_g, most_g, grammage, valid_from, reason, evidence, decided_at, decided_by"
BEFORE, AFTER = f"id, dish_id, {LATER}", f"id, dish_id, kitchen_id, {LATER}"
"""Columns of a portion that never change."""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "plan_scenario_forecasts",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_forecasts_scenario_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scenario_id", name=op.f("pk_plan_scenario_forecasts")),
    )  # fmt: skip
    op.create_table(
        "plan_scenario_covers",
        sa.Column("scenario_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("forecast_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["plan_scenarios.id"],
            name=op.f("fk_plan_scenario_covers_scenario_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_plan_scenario_covers_kitchen_id")),
        sa.ForeignKeyConstraint(
            ["forecast_id"], ["covers_forecasts.id"], name=op.f("fk_plan_scenario_covers_forecast_id")
        ),
        sa.PrimaryKeyConstraint("scenario_id", "kitchen_id", "day", name=op.f("pk_plan_scenario_covers")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("waste", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=True)
        )
    _unguard()
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("kitchen_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_portion_changes_kitchen_id"), "kitchens", ["kitchen_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_portion_changes_kitchen_id"), ["kitchen_id"], unique=False)
    _guard(AFTER)


def downgrade() -> None:
    """Take the change back; portions of single kitchens would hold for all, and are removed."""
    _unguard()
    op.execute(
        "DELETE FROM plan_run_portions WHERE change_id IN (SELECT id FROM portion_changes WHERE kitchen_id IS NOT NULL)"
    )
    op.execute("DELETE FROM portion_changes WHERE kitchen_id IS NOT NULL")
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portion_changes_kitchen_id"))
        batch_op.drop_constraint(batch_op.f("fk_portion_changes_kitchen_id"), type_="foreignkey")
        batch_op.drop_column("kitchen_id")
    _guard(BEFORE)
    with op.batch_alter_table("plan_runs", schema=None) as batch_op:
        batch_op.drop_column("waste")
    op.drop_table("plan_scenario_covers")
    op.drop_table("plan_scenario_forecasts")


def _guard(kept: str) -> None:
    """Have the database refuse to change a row but for its end."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for what, when in (("change", f"UPDATE OF {kept}"), ("removal", "DELETE")):
        does = (
            f"BEGIN SELECT RAISE(ABORT, '{TABLE}: {SAYS}'); END"
            if on_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.get_bind().exec_driver_sql(f"CREATE TRIGGER {TABLE}_no_{what} BEFORE {when} ON {TABLE} {does}")


def _unguard() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for what in ("change", "removal"):
        op.execute(f"DROP TRIGGER {TABLE}_no_{what}" + ("" if on_sqlite else f" ON {TABLE}"))
