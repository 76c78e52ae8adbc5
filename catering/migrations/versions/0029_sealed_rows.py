"""Offers, criteria and what became of them stay as they were written: the database refuses to change or remove them.

Revision: 0029
Follows: 0025
Created: 2026-11-26 18:30:00.000000
"""

from collections.abc import Iterator

from alembic import op

revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
KEPT = {
    "tenders": "id, consultation_id, lot_id, supplier_id, submitted_at, submitted_by, amount",
    "tender_lines": "",
    "tender_facts": "",
    "tender_outcomes": "",
    "consultation_awards": "lot_id, consultation_id, tender_id, supplier_id, amount, day",
    "consultation_criteria": "",
    "consultation_invites": "",
}
"""Columns that never change, by table; all of them where none is named."""
SQLITE = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} BEGIN SELECT RAISE(ABORT, '{0}: {3}'); END"
POSTGRES = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} FOR EACH {4} EXECUTE FUNCTION refuse_change()"


def upgrade() -> None:
    """Apply the change."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, kept in KEPT.items():
        for name, when in _guards(kept, on_sqlite=on_sqlite):
            each = "STATEMENT" if name == "emptying" else "ROW"
            op.execute((SQLITE if on_sqlite else POSTGRES).format(table, name, when, SAYS, each))


def downgrade() -> None:
    """Take the change back."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, kept in KEPT.items():
        for name, _ in _guards(kept, on_sqlite=on_sqlite):
            op.execute(f"DROP TRIGGER {table}_no_{name}" + ("" if on_sqlite else f" ON {table}"))


def _guards(kept: str, *, on_sqlite: bool) -> Iterator[tuple[str, str]]:
    yield "change", f"UPDATE OF {kept}" if kept else "UPDATE"
    yield "removal", "DELETE"
    if not on_sqlite:
        yield "emptying", "TRUNCATE"
