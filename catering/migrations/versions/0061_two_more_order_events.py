"""Notices that people put away; orders whose permit ended, orders that stand again because they had come.

Revision: 0061
Follows: 0060
Created: 2026-11-27 09:20:00.000000
"""

import sqlalchemy as sa
from alembic import op

from catering.append_only import statements

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLE, NOTICES = "order_events", "notices_put_away"
BEFORE = (
    "sent", "accepted", "refused", "change_proposed", "change_agreed", "change_declined", "prepared", "shipped",
    "received_in_part", "received", "reception_corrected", "failed", "cancel_asked", "cancel_declined", "cancelled",
)  # fmt: skip
KINDS = (*BEFORE, "reinstated", "permit_ended")


def upgrade() -> None:
    """Apply the change."""
    _kinds(KINDS)
    op.create_table(
        NOTICES,
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notices_put_away_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "notice", name=op.f("pk_notices_put_away")),
    )
    op.create_index(op.f("ix_notices_put_away_account_id_at"), NOTICES, ["account_id", "at"])


def downgrade() -> None:
    """Take the change back. Its events become one that changes nothing: the numbers of an order's events follow each
    other without a gap. An order that stood again is then no more what its events make."""
    op.drop_table(NOTICES)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER {TABLE}_no_change" + ("" if on_sqlite else f" ON {TABLE}"))
    op.execute("UPDATE order_events SET kind = 'cancel_declined' WHERE kind IN ('permit_ended', 'reinstated')")
    (change,) = (each for each in statements(TABLE, (), op.get_bind().dialect.name) if f"{TABLE}_no_change" in each)
    op.execute(change)
    _kinds(BEFORE)


def _kinds(kinds: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite changes no CHECK in place, and alembic copies none: the table is stated whole, then rebuilt.
        table = _events(kinds)
        with op.batch_alter_table(TABLE, recreate="always", copy_from=table):
            pass
        for statement in statements(TABLE, (), "sqlite"):
            op.execute(statement)
        return
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.drop_constraint(op.f(f"ck_{TABLE}_ordereventkind"), TABLE, type_="check")
    op.create_check_constraint(op.f(f"ck_{TABLE}_ordereventkind"), TABLE, f"kind IN ({listed})")


def _events(kinds: tuple[str, ...]) -> sa.Table:
    """The table of what happened to orders."""
    kind = sa.Enum(*kinds, name="ordereventkind", native_enum=False, create_constraint=True, length=40)
    table = sa.Table(
        TABLE,
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_order_events_seq")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "seq", name=op.f("pk_order_events")),
        sqlite_with_rowid=False,
    )
    sa.Index(op.f("ix_order_events_at"), table.c.at)
    return table
