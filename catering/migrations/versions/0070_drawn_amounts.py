"""Sending begins another filling of the basket; what is drawn on contracts and awards is kept in one table.

Revision: 0070
Follows: 0066
Created: 2026-11-27 10:15:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0066"
branch_labels = None
depends_on = None

AMOUNT = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")
KEY = ["basket_id", "offer_id", "day"]
WHOSE = (
    "(contract_id IS NOT NULL AND lot_id IS NULL AND name = 'contract ' || contract_id) OR "
    "(contract_id IS NULL AND lot_id IS NOT NULL AND name = 'lot ' || lot_id)"
)
DRAWN_ON = (
    ("contracts", "contract_id", "contract ", "id", "max_amount"),
    ("consultation_awards", "lot_id", "lot ", "lot_id", "amount"),
)
"""Table, column that names its row, how it is called, its key, its maximum."""
KEPT = "lot_id, consultation_id, tender_id, supplier_id, amount, day"
SAYS = "consultation_awards: rows are only ever added"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("baskets", sa.Column("filling", sa.Integer(), server_default="0", nullable=False))
    op.add_column("basket_lines", sa.Column("filling", sa.Integer(), server_default="0", nullable=False))
    _keyed_by([*KEY, "filling"])
    for table, _, _, key, most in DRAWN_ON:
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_{key}_{most}"), [key, most])
    _make_drawn_amounts()
    for table, column, called, key, most in DRAWN_ON:
        op.execute(
            f"INSERT INTO drawn_amounts (name, {column}, most, ordered) "  # noqa: S608 - own names
            f"SELECT '{called}' || {key}, {key}, {most}, ordered_amount FROM {table} WHERE ordered_amount > 0"
        )
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_max"), type_="check")
            batch_op.drop_column("ordered_amount")
    _guard("UPDATE")


def downgrade() -> None:
    """Take the change back; what was sent is in no basket."""
    on_awards = "" if op.get_bind().dialect.name == "sqlite" else " ON consultation_awards"
    op.execute(f"DROP TRIGGER consultation_awards_no_change{on_awards}")
    for table, column, _, key, _ in DRAWN_ON:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("ordered_amount", AMOUNT, server_default="0", nullable=False))
        op.execute(
            f"UPDATE {table} SET ordered_amount = drawn_amounts.ordered FROM drawn_amounts "  # noqa: S608 - own names
            f"WHERE drawn_amounts.{column} = {table}.{key}"
        )
    op.drop_table("drawn_amounts")
    for table, _, _, key, most in DRAWN_ON:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_{key}_{most}"), type_="unique")
            batch_op.alter_column("ordered_amount", existing_type=AMOUNT, existing_nullable=False, server_default=None)
            batch_op.create_check_constraint(
                batch_op.f(f"ck_{table}_max"), f"ordered_amount >= 0 AND ordered_amount <= {most}"
            )
    _guard(f"UPDATE OF {KEPT}")
    op.execute(
        "DELETE FROM basket_lines WHERE filling < "
        "(SELECT filling FROM baskets WHERE baskets.id = basket_lines.basket_id)"
    )
    _keyed_by(KEY)
    for table in ("basket_lines", "baskets"):
        op.drop_column(table, "filling")


def _keyed_by(columns: list[str]) -> None:
    with op.batch_alter_table("basket_lines", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f("pk_basket_lines"), type_="primary")
        batch_op.create_primary_key(batch_op.f("pk_basket_lines"), columns)


def _make_drawn_amounts() -> None:
    op.create_table(
        "drawn_amounts",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("most", AMOUNT, nullable=False),
        sa.Column("ordered", AMOUNT, nullable=False),
        sa.CheckConstraint(WHOSE, name=op.f("ck_drawn_amounts_whose")),
        sa.CheckConstraint("ordered >= 0 AND ordered <= most", name=op.f("ck_drawn_amounts_max")),
        sa.ForeignKeyConstraint(
            ["contract_id", "most"],
            ["contracts.id", "contracts.max_amount"],
            name=op.f("fk_drawn_amounts_contract_id_most"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "most"],
            ["consultation_awards.lot_id", "consultation_awards.amount"],
            name=op.f("fk_drawn_amounts_lot_id_most"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_drawn_amounts")),
    )
    op.create_index(op.f("ix_drawn_amounts_contract_id"), "drawn_amounts", ["contract_id"], unique=False)
    op.create_index(op.f("ix_drawn_amounts_lot_id"), "drawn_amounts", ["lot_id"], unique=False)


def _guard(change: str) -> None:
    """Rows of awards are only ever added: SQLite rebuilds the table, and its triggers go with the one before."""
    if op.get_bind().dialect.name == "sqlite":
        for what, when in (("change", change), ("removal", "DELETE")):
            op.execute(
                f"CREATE TRIGGER consultation_awards_no_{what} BEFORE {when} ON consultation_awards "
                f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
            )
        return
    op.execute("DROP TRIGGER IF EXISTS consultation_awards_no_change ON consultation_awards")
    op.execute(
        f"CREATE TRIGGER consultation_awards_no_change BEFORE {change} ON consultation_awards "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
