"""Which tables PostgreSQL guards row by row, and how: the second lock, behind ``visible_to``.

A row is its kitchen's, its supplier's, or that of the row it is part of. A transaction says on whose behalf it runs
(``catering.sight``); a row of somebody else is neither read nor written then, whatever the statement. Superusers and
the owner of the tables pass by: the application connects as neither (``catering.roles``).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, event, text

from catering.db import Base

KITCHEN = ("kitchen",)
BOTH = ("kitchen", "supplier")
OWNED: dict[str, tuple[str, ...]] = {
    "attendance_events": KITCHEN,
    "baskets": KITCHEN,
    "biowaste_notes": KITCHEN,
    "covers_forecasts": KITCHEN,
    "credit_requests": BOTH,
    "declarations": KITCHEN,
    "donation_agreements": KITCHEN,
    "invoices": BOTH,
    "orders": BOTH,
    "protein_plans": KITCHEN,
    "purchase_lines": KITCHEN,
    "purchase_months": KITCHEN,
    "purchase_sums": KITCHEN,
    "receptions": BOTH,
    "service_covers": KITCHEN,
    "standing_orders": KITCHEN,
    "stock_lots": KITCHEN,
    "temperature_tolerances": KITCHEN,
    "third_country_reasons": KITCHEN,
    "waste_diagnostics": KITCHEN,
    "waste_sites": KITCHEN,
    "weighing_campaigns": KITCHEN,
    "weighings": KITCHEN,
}
"""Tables by whose their rows are. A supplier reads no purchase, no stock and no weighing of who it sells to."""
PARTS: dict[str, tuple[str, str]] = {
    "basket_lines": ("basket_id", "baskets"),
    "declared_lines": ("declaration_id", "declarations"),
    "invoice_events": ("invoice_id", "invoices"),
    "invoice_lines": ("invoice_id", "invoices"),
    "order_events": ("order_id", "orders"),
    "order_lines": ("order_id", "orders"),
    "reception_lines": ("reception_id", "receptions"),
    "standing_fills": ("standing_order_id", "standing_orders"),
    "stock_moves": ("lot_id", "stock_lots"),
    "waste_actions": ("diagnostic_id", "waste_diagnostics"),
    "waste_findings": ("diagnostic_id", "waste_diagnostics"),
}
"""Tables whose rows are part of a row of another: the column, and the table it leads to."""
REOPENED = "baskets"
"""What a supplier cannot deliver goes back into the baskets of its customers: it writes them, and reads none."""


def functions() -> Iterator[str]:
    """The statements that make what the policies ask: the numbers of whose rows are one's own."""
    for of, key in (("kitchen", "uai"), ("supplier", "slug")):
        listed = f"string_to_array(current_setting('catering.{of}s', true), ',')"
        body = f"SELECT ARRAY(SELECT id FROM {of}s WHERE {key} = ANY ({listed}))"  # noqa: S608 - names of ours
        yield f"CREATE OR REPLACE FUNCTION own_{of}s() RETURNS integer[] LANGUAGE sql STABLE AS $$ {body} $$"


def is_own(table: str, called: str, *, writes: bool) -> str:
    """The condition that a row of a table belongs to whom the transaction runs for.

    The functions stand in a SELECT of their own: PostgreSQL then asks them once per statement, not once per row.
    """
    if table in PARTS:
        column, parent = PARTS[table]
        own = is_own(parent, "whole", writes=writes)
        return f"EXISTS (SELECT 1 FROM {parent} whole WHERE whole.id = {called}.{column} AND ({own}))"  # noqa: S608 - names of ours
    each = [f"{called}.{of}_id = ANY ((SELECT own_{of}s())::integer[])" for of in OWNED[table]]
    if writes and table == REOPENED:
        sold = "sold.supplier_id = ANY ((SELECT own_suppliers())::integer[])"
        each.append(f"EXISTS (SELECT 1 FROM orders sold WHERE sold.kitchen_id = {called}.kitchen_id AND {sold})")  # noqa: S608
    return " OR ".join(each)


def guards(table: str) -> Iterator[str]:
    """The statements that guard a table."""
    reads, writes = (
        f"((SELECT current_setting('catering.{what}', true)) = 'all' OR {is_own(table, table, writes=writing)})"
        for what, writing in (("reads", False), ("writes", True))
    )
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {table}_read ON {table} FOR SELECT USING {reads}"
    yield f"CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK {writes}"
    yield f"CREATE POLICY {table}_change ON {table} FOR UPDATE USING {writes} WITH CHECK {writes}"
    yield f"CREATE POLICY {table}_remove ON {table} FOR DELETE USING {writes}"


def _guard_all(metadata: MetaData, connection: Connection, **_: Any) -> None:
    """Tables made from the models are guarded as those made by the migrations; a test compares them."""
    if connection.dialect.name != "postgresql":
        return
    guarded = [table for table in (*OWNED, *PARTS) if table in metadata.tables]
    statements = [*functions(), *(each for table in guarded for each in guards(table))] if guarded else []
    for statement in statements:
        connection.execute(text(statement))


event.listen(Base.metadata, "after_create", _guard_all)
