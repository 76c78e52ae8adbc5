"""Row-level security on PostgreSQL: rows of a kitchen or a supplier are theirs, whatever the statement.

Revision: 0044
Follows: 0059
Created: 2026-11-27 03:15:00.000000
"""

from alembic import op

revision = "0044"
down_revision = "0059"
branch_labels = None
depends_on = None

BY_KITCHEN = (
    "attendance_events", "baskets", "biowaste_notes", "covers_forecasts", "declarations", "donation_agreements",
    "purchase_lines", "purchase_months", "purchase_sums", "service_covers", "standing_orders", "stock_lots",
    "temperature_tolerances", "waste_diagnostics", "waste_sites", "weighing_campaigns", "weighings",
)  # fmt: skip
BY_BOTH = ("credit_requests", "invoices", "orders", "receptions")
PARTS = {
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
OWN_KITCHEN = "{called}.kitchen_id = ANY ((SELECT own_kitchens())::integer[])"
OWN_SUPPLIER = "{called}.supplier_id = ANY ((SELECT own_suppliers())::integer[])"
SOLD = OWN_SUPPLIER.format(called="sold")
CUSTOMER = f"EXISTS (SELECT 1 FROM orders sold WHERE sold.kitchen_id = {{called}}.kitchen_id AND {SOLD})"  # noqa: S608
"""A supplier puts what it cannot deliver back into the baskets of who ordered from it."""
POLICIES = ("read", "add", "change", "remove")


def upgrade() -> None:
    """Apply the change; SQLite has no such lock."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for of, key in (("kitchen", "uai"), ("supplier", "slug")):
        listed = f"string_to_array(current_setting('catering.{of}s', true), ',')"
        body = f"SELECT ARRAY(SELECT id FROM {of}s WHERE {key} = ANY ({listed}))"  # noqa: S608 - names of ours
        op.execute(f"CREATE FUNCTION own_{of}s() RETURNS integer[] LANGUAGE sql STABLE AS $$ {body} $$")
    for table in (*BY_KITCHEN, *BY_BOTH, *PARTS):
        reads = f"((SELECT current_setting('catering.reads', true)) = 'all' OR {_own(table, table, writes=False)})"
        writes = f"((SELECT current_setting('catering.writes', true)) = 'all' OR {_own(table, table, writes=True)})"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING {reads}")
        op.execute(f"CREATE POLICY {table}_add ON {table} FOR INSERT WITH CHECK {writes}")
        op.execute(f"CREATE POLICY {table}_change ON {table} FOR UPDATE USING {writes} WITH CHECK {writes}")
        op.execute(f"CREATE POLICY {table}_remove ON {table} FOR DELETE USING {writes}")


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*BY_KITCHEN, *BY_BOTH, *PARTS):
        for policy in POLICIES:
            op.execute(f"DROP POLICY {table}_{policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION own_kitchens()")
    op.execute("DROP FUNCTION own_suppliers()")


def _own(table: str, called: str, *, writes: bool) -> str:
    """The condition that a row is that of whom the transaction runs for."""
    if table in PARTS:
        column, whole = PARTS[table]
        own = _own(whole, "whole", writes=writes)
        return f"EXISTS (SELECT 1 FROM {whole} whole WHERE whole.id = {called}.{column} AND ({own}))"  # noqa: S608
    each = [OWN_KITCHEN]
    if table in BY_BOTH:
        each.append(OWN_SUPPLIER)
    if writes and table == "baskets":
        each.append(CUSTOMER)
    return " OR ".join(one.format(called=called) for one in each)
