"""Events announced by kitchens, and the forecasts of covers that were made.

Revision: 0019
Follows: 0016
Created: 2026-11-26 13:20:00.000000
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
TABLE = "covers_forecasts"
SQLITE = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} BEGIN SELECT RAISE(ABORT, '{0}: {3}'); END"
POSTGRES = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} FOR EACH {4} EXECUTE FUNCTION refuse_change()"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "attendance_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "trip", "exam", "strike", "other",
                name="attendanceeventkind", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_attendance_events_order")),
        sa.CheckConstraint("difference <> 0", name=op.f("ck_attendance_events_difference")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_attendance_events_withdrawn")
        ),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_attendance_events_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_events")),
    )  # fmt: skip
    with op.batch_alter_table("attendance_events", schema=None) as batch_op:
        index = batch_op.f("ix_attendance_events_kitchen_id_first_day")
        batch_op.create_index(index, ["kitchen_id", "first_day"], unique=False)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum("history", "announced", name="forecastbasis", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("expected", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("q10", "q25", "q50", "q75", "q90")),
        sa.Column("recommended", sa.Integer(), nullable=False),
        *(sa.Column(name, _amount(), nullable=False) for name in ("missing_eur", "wasted_eur")),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=False),
        sa.Column("trained_from", sa.Date(), nullable=True),
        sa.Column("trained_to", sa.Date(), nullable=True),
        sa.CheckConstraint("made_on < day", name=op.f("ck_covers_forecasts_beforehand")),
        sa.CheckConstraint("expected >= 0 AND recommended >= 0", name=op.f("ck_covers_forecasts_covers")),
        sa.CheckConstraint("(basis = 'history') = (q50 IS NOT NULL)", name=op.f("ck_covers_forecasts_quantiles")),
        sa.CheckConstraint("missing_eur > 0 AND wasted_eur > 0", name=op.f("ck_covers_forecasts_costs")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_covers_forecasts_kitchen_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers_forecasts")),
        sa.UniqueConstraint("kitchen_id", "day", "made_on", name=op.f("uq_covers_forecasts_kitchen_id_day_made_on")),
    )
    _guard()


def _amount() -> sa.types.TypeEngine[Any]:
    return sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")


def _guard() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for what, when in (("change", "UPDATE"), ("removal", "DELETE")):
        op.execute((SQLITE if sqlite else POSTGRES).format(TABLE, what, when, SAYS, "ROW"))
    if not sqlite:
        op.execute(POSTGRES.format(TABLE, "emptying", "TRUNCATE", SAYS, "STATEMENT"))


def downgrade() -> None:
    """Take the change back."""
    op.drop_table(TABLE)
    op.drop_table("attendance_events")
