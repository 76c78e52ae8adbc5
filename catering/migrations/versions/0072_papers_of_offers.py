"""The papers that an offer to a consultation brings, sealed with it.

Revision: 0072
Follows: 0071
Created: 2026-11-27 15:42:00.000000
"""

import sqlalchemy as sa
from alembic import op

from catering.append_only import statements

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "tender_documents",
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["tender_id"], ["tenders.id"], name=op.f("fk_tender_documents_tender_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_tender_documents_document_id")),
        sa.PrimaryKeyConstraint("tender_id", "document_id", name=op.f("pk_tender_documents")),
    )
    op.create_index(op.f("ix_tender_documents_document_id"), "tender_documents", ["document_id"], unique=False)
    for statement in statements("tender_documents", (), op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take the change back; its guards go with the table."""
    op.drop_table("tender_documents")
