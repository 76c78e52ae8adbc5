"""What buyers state of the essential data of their contracts.

Revision: 0023
Follows: 0028
Created: 2026-11-26 17:50:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0028"
branch_labels = None
depends_on = None

SAYS = "rows are only ever added"
TABLE = "essential_statements"
SQLITE = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} BEGIN SELECT RAISE(ABORT, '{0}: {3}'); END"
POSTGRES = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} FOR EACH {4} EXECUTE FUNCTION refuse_change()"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_essential_statements_version")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_essential_statements_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essential_statements")),
        sa.UniqueConstraint("contract_id", "version", name=op.f("uq_essential_statements_contract_id_version")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for what, when in (("change", "UPDATE"), ("removal", "DELETE")):
        op.execute((SQLITE if sqlite else POSTGRES).format(TABLE, what, when, SAYS, "ROW"))
    if not sqlite:
        op.execute(POSTGRES.format(TABLE, "emptying", "TRUNCATE", SAYS, "STATEMENT"))


def downgrade() -> None:
    """Take the change back."""
    op.drop_table(TABLE)
