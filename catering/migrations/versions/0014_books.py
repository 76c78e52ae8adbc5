"""Rejected invoices, packs of variable weight on order lines, and ledgers that the database keeps as written.

Revision: 0014
Follows: 0010
Created: 2026-11-26 06:25:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
FUNCTION = f"""CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': {SAYS}', ERRCODE = 'integrity_constraint_violation'; END $$"""
STATES = ("received", "matched", "disputed", "approved")
REJECTED = "state <> 'rejected'"
PURCHASE = (
    "id, kitchen_id, supplier_id, supplier_name, ingredient_id, source, bought_on, product, family, labels, "
    "certificate_number, origin, origin_zone, circuit_court, local, local_definition, local_km, grams, "
    "amount_excl_tax, vat_pct, document_id, reception_line_id, corrects_id, import_id, file_line, entered_at, "
    "entered_by"
)
LEDGERS = {
    "order_events": "",
    "invoice_lines": "",
    "invoice_events": "",
    "receptions": "",
    "reception_lines": "",
    "stock_moves": "",
    "purchase_lines": f" OF {PURCHASE}",
    "engagements": "",
    "index_values": "",
    "price_revisions": "",
    "consultation_events": "",
    "contract_changes": "",
    "contract_price_changes": "",
    "change_events": "",
}
"""Tables whose rows are only ever added, and the columns that never change where others may."""


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("variable_weight", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE order_lines SET variable_weight = "
        "(SELECT offers.variable_weight FROM offers WHERE offers.id = order_lines.offer_id)"
    )
    _states((*STATES, "rejected"), one_sign=False)
    op.create_index(
        "ux_invoices_supplier_id_number",
        "invoices",
        ["supplier_id", "number"],
        unique=True,
        sqlite_where=sa.text(REJECTED),
        postgresql_where=sa.text(REJECTED),
    )
    for table, columns in LEDGERS.items():
        for statement in _guards(table, columns):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take the change back; an invoice that was rejected is disputed again, under a number that says so."""
    for table in LEDGERS:
        _unguard(table)
    op.drop_index("ux_invoices_supplier_id_number", table_name="invoices")
    # Its number may have been used again since.
    op.execute(
        "UPDATE invoices SET state = 'disputed', number = substr(number, 1, 24) || ' rejet ' || id "
        "WHERE state = 'rejected'"
    )
    op.execute("UPDATE invoice_events SET state = 'disputed' WHERE state = 'rejected'")
    _states(STATES, one_sign=True)
    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_column("variable_weight")


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


def _states(states: tuple[str, ...], *, one_sign: bool) -> None:
    """Have invoices take these states; ``one_sign``: a number once whatever its state, and VAT of the sign of the
    amount."""
    if op.get_bind().dialect.name == "sqlite":
        # SQLite changes no CHECK in place, and alembic copies none: the tables are stated whole, then rebuilt.
        for table in (_invoices(states, one_sign=one_sign), _invoice_events(states)):
            with op.batch_alter_table(table.name, recreate="always", copy_from=table):
                pass
        return
    listed = ", ".join(f"'{state}'" for state in states)
    for table in ("invoices", "invoice_events"):
        op.drop_constraint(op.f(f"ck_{table}_invoicestate"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_invoicestate"), table, f"state IN ({listed})")
    for name, sql in _signs(one_sign=one_sign).items():
        op.drop_constraint(op.f(f"ck_invoices_{name}"), "invoices", type_="check")
        op.create_check_constraint(op.f(f"ck_invoices_{name}"), "invoices", sql)
    number = op.f("uq_invoices_supplier_id_number")
    if one_sign:
        op.create_unique_constraint(number, "invoices", ["supplier_id", "number"])
    else:
        op.drop_constraint(number, "invoices", type_="unique")


def _signs(*, one_sign: bool) -> dict[str, str]:
    """CHECKs of the amount of an invoice and of a credit note."""
    if one_sign:
        return {
            "credit_note_gives": "kind <> 'credit_note' OR (amount_excl_tax <= 0 AND vat <= 0)",
            "invoice_asks": "kind <> 'invoice' OR (amount_excl_tax >= 0 AND vat >= 0)",
        }
    return {
        "credit_note_gives": "kind <> 'credit_note' OR amount_excl_tax <= 0",
        "invoice_asks": "kind <> 'invoice' OR amount_excl_tax >= 0",
    }


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _amount() -> sa.types.TypeEngine[object]:
    return sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")


def _invoices(states: tuple[str, ...], *, one_sign: bool) -> sa.Table:
    """The table of invoices with its index."""
    table = sa.Table(
        "invoices",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("kitchen_id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum("invoicekind", "invoice", "credit_note"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("state", _enum("invoicestate", *states), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("amount_excl_tax", _amount(), nullable=False),
        sa.Column("vat", _amount(), nullable=False),
        sa.Column("stated_total", _amount(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_invoices_{name}")) for name, sql in _signs(one_sign=one_sign).items()),
        sa.CheckConstraint("last_seq >= 1", name=op.f("ck_invoices_last_seq")),
        sa.ForeignKeyConstraint(["kitchen_id"], ["kitchens.id"], name=op.f("fk_invoices_kitchen_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_invoices_supplier_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_invoices_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.Index("ix_invoices_document_id", "document_id"),
        sa.Index("ix_invoices_kitchen_id_issued_on", "kitchen_id", "issued_on"),
    )
    if one_sign:
        table.append_constraint(
            sa.UniqueConstraint("supplier_id", "number", name=op.f("uq_invoices_supplier_id_number"))
        )
    return table


def _invoice_events(states: tuple[str, ...]) -> sa.Table:
    """The table of what happened to invoices."""
    return sa.Table(
        "invoice_events",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("state", _enum("invoicestate", *states), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_invoice_events_seq")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_events_invoice_id")),
        sa.PrimaryKeyConstraint("invoice_id", "seq", name=op.f("pk_invoice_events")),
        sqlite_with_rowid=False,
    )
