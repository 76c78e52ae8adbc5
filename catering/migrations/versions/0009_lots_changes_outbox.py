"""Lots of consultations, changes of contracts, the outbox; documents of receptions, invoices and purchases as keys.

Revision: 0009
Follows: 0007
Created: 2026-11-26 05:56:25.784828
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

AMOUNT = sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite")
STANDING = sa.text("withdrawn_at IS NULL")
NAMES_DOCUMENTS = (("reception_lines", "photo_id"), ("invoices", "document_id"), ("purchase_lines", "document_id"))
OF_LOTS = ("consultation_lines", "tenders", "engagements")


def upgrade() -> None:
    """Apply the change."""
    _make_tables()
    _one_lot_each()
    _lines_tenders_and_engagements_of_lots()
    _awards("lot_id")
    with op.batch_alter_table("consultations") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_consultations_estimated"), type_="check")
        batch_op.drop_column("family")
        batch_op.drop_column("estimated_amount")
        batch_op.drop_column("tender_count")
    op.add_column("contracts", sa.Column("terminated_on", sa.Date(), nullable=True))
    _revisions_by_avenants()
    _documents_as_keys()


def _make_tables() -> None:
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=300), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outgoing_mails_attempts")),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_outgoing_mails_one_end")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outgoing_mails_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint(
            "topic", "about", "party", "account_id", name=op.f("uq_outgoing_mails_topic_about_party_account_id")
        ),
    )
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mails_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_outgoing_mails_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
        )

    op.create_table(
        "consultation_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=10), nullable=False),
        sa.Column("estimated_amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "awarded",
                "without_result",
                name="lotstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_consultation_lots_decided_has_day")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (reason IS NULL)", name=op.f("ck_consultation_lots_decided_has_reason")
        ),
        sa.CheckConstraint("estimated_amount > 0", name=op.f("ck_consultation_lots_estimated")),
        sa.CheckConstraint("number > 0", name=op.f("ck_consultation_lots_number")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_lots_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_lots")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_consultation_lots_consultation_id_number")),
    )
    with op.batch_alter_table("consultation_lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_lots_family"), ["family"], unique=False)

    op.create_table(
        "contract_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "amendment",
                "termination",
                name="contractchangekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before_end_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("before_max_amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("max_amount", sa.Numeric(14, 2).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("kind <> 'termination' OR end_day = day", name=op.f("ck_contract_changes_termination_ends")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_contract_changes_rank")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_changes_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_changes")),
        sa.UniqueConstraint("contract_id", "rank", name=op.f("uq_contract_changes_contract_id_rank")),
    )
    op.create_table(
        "contract_price_changes",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("before_price_eur_per_kg", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("price_eur_per_kg", sa.Numeric(12, 4).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("base_index", sa.Numeric(14, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.CheckConstraint("base_index > 0", name=op.f("ck_contract_price_changes_base_index")),
        sa.CheckConstraint("price_eur_per_kg > 0", name=op.f("ck_contract_price_changes_price")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["contract_changes.id"], name=op.f("fk_contract_price_changes_change_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["contract_lines.id"], name=op.f("fk_contract_price_changes_line_id")),
        sa.PrimaryKeyConstraint("change_id", "line_id", name=op.f("pk_contract_price_changes")),
    )
    with op.batch_alter_table("contract_price_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_price_changes_line_id"), ["line_id"], unique=False)


def _one_lot_each() -> None:
    """What was one need is one lot of it, decided as it was."""
    op.execute(
        "INSERT INTO consultation_lots"
        " (consultation_id, number, title, family, estimated_amount, status, decided_at, decided_by, reason)"
        " SELECT id, 1, title, family, estimated_amount,"
        " CASE WHEN status IN ('awarded', 'without_result') THEN status ELSE 'waiting' END,"
        " decided_at, decided_by, reason FROM consultations ORDER BY id"
    )


def _lines_tenders_and_engagements_of_lots() -> None:
    for table in OF_LOTS:
        op.add_column(table, sa.Column("lot_id", sa.Integer(), nullable=True))
        op.execute(
            f"UPDATE {table} SET lot_id = (SELECT consultation_lots.id FROM consultation_lots"  # noqa: S608 - own names
            f" WHERE consultation_lots.consultation_id = {table}.consultation_id)"
        )
    with op.batch_alter_table("consultation_lines") as batch_op:
        batch_op.alter_column("lot_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_index(batch_op.f("ix_consultation_lines_lot_id"), ["lot_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_consultation_lines_lot_id"), "consultation_lots", ["lot_id"], ["id"], ondelete="CASCADE"
        )
    with op.batch_alter_table("tenders") as batch_op:
        batch_op.alter_column("lot_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_index("uq_tenders_standing", sqlite_where=STANDING, postgresql_where=STANDING)
        batch_op.create_index(
            "uq_tenders_standing",
            ["lot_id", "supplier_id"],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )
        batch_op.create_foreign_key(batch_op.f("fk_tenders_lot_id"), "consultation_lots", ["lot_id"], ["id"])
    with op.batch_alter_table("engagements") as batch_op:
        batch_op.create_index(batch_op.f("ix_engagements_lot_id"), ["lot_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_engagements_lot_id"), "consultation_lots", ["lot_id"], ["id"])


def _awards(key: str) -> None:
    """Make the table of awards again, by lot or by consultation; its rows are read before and written after."""
    bind = op.get_bind()
    names = ["consultation_id", "tender_id", "supplier_id", "amount", "ordered_amount", "day"]
    columns = ", ".join(f"consultation_awards.{name}" for name in names)
    rows = bind.execute(
        sa.text(
            f"SELECT consultation_lots.id AS lot_id, {columns} FROM consultation_awards"  # noqa: S608 - own names
            " JOIN consultation_lots ON consultation_lots.consultation_id = consultation_awards.consultation_id"
        )
    ).mappings()
    kept = [dict(row) for row in rows]
    op.drop_table("consultation_awards")
    by_lot = key == "lot_id"
    lot = [
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["consultation_lots.id"], name=op.f("fk_consultation_awards_lot_id")),
    ]
    op.create_table(
        "consultation_awards",
        *(lot if by_lot else []),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("tender_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("amount", AMOUNT, nullable=False),
        sa.Column("ordered_amount", AMOUNT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("ordered_amount >= 0 AND ordered_amount <= amount", name=op.f("ck_consultation_awards_max")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_awards_consultation_id")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_consultation_awards_supplier_id")),
        sa.ForeignKeyConstraint(["tender_id"], ["tenders.id"], name=op.f("fk_consultation_awards_tender_id")),
        sa.PrimaryKeyConstraint(key, name=op.f("pk_consultation_awards")),
        sa.UniqueConstraint("tender_id", name=op.f("uq_consultation_awards_tender_id")),
    )
    op.create_index(op.f("ix_consultation_awards_supplier_id"), "consultation_awards", ["supplier_id"], unique=False)
    if by_lot:
        op.create_index(
            op.f("ix_consultation_awards_consultation_id"), "consultation_awards", ["consultation_id"], unique=False
        )
    given = [*(["lot_id"] if by_lot else []), *names]
    if kept:
        table = sa.table("consultation_awards", *(sa.column(name) for name in given))
        bind.execute(sa.insert(table), [{name: row[name] for name in given} for row in kept])


def _revisions_by_avenants() -> None:
    with op.batch_alter_table("price_revisions") as batch_op:
        batch_op.add_column(sa.Column("change_id", sa.Integer(), nullable=True))
        batch_op.alter_column("index_value_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("index_value", existing_type=sa.Numeric(14, 6), nullable=True)
        batch_op.create_index(batch_op.f("ix_price_revisions_change_id"), ["change_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_price_revisions_change_id"), "contract_changes", ["change_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_price_revisions_whole_index"), "(index_value_id IS NULL) = (index_value IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_price_revisions_has_cause"), "index_value_id IS NOT NULL OR change_id IS NOT NULL"
        )


def _documents_as_keys() -> None:
    """A number that names no document never showed anything: nothing is lost with it."""
    for table, column in NAMES_DOCUMENTS:
        op.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} NOT IN (SELECT id FROM documents)")  # noqa: S608
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
            batch_op.create_foreign_key(batch_op.f(f"fk_{table}_{column}"), "documents", [column], ["id"])


def downgrade() -> None:
    """Take the change back; refused while a consultation has several lots, which the tables before cannot hold."""
    several = sa.text("SELECT consultation_id FROM consultation_lots WHERE number > 1")
    if op.get_bind().execute(several).first() is not None:
        raise RuntimeError("a consultation has several lots: they cannot be kept by the tables before")
    for table, column in NAMES_DOCUMENTS:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_{column}"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
    _revisions_by_index_alone()
    op.drop_column("contracts", "terminated_on")
    _needs_without_lots()
    _awards("consultation_id")
    _lines_tenders_and_engagements_without_lots()
    for table in ("contract_price_changes", "contract_changes", "consultation_lots", "outgoing_mails"):
        op.drop_table(table)


def _revisions_by_index_alone() -> None:
    op.execute("DELETE FROM price_revisions WHERE index_value_id IS NULL")
    with op.batch_alter_table("price_revisions") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_price_revisions_whole_index"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_price_revisions_has_cause"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_price_revisions_change_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_price_revisions_change_id"))
        batch_op.alter_column("index_value_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("index_value", existing_type=sa.Numeric(14, 6), nullable=False)
        batch_op.drop_column("change_id")


def _needs_without_lots() -> None:
    op.add_column("consultations", sa.Column("family", sa.String(length=10), nullable=True))
    op.add_column("consultations", sa.Column("estimated_amount", AMOUNT, nullable=True))
    op.add_column("consultations", sa.Column("tender_count", sa.Integer(), nullable=True))
    for name in ("family", "estimated_amount"):
        op.execute(
            f"UPDATE consultations SET {name} = (SELECT consultation_lots.{name} FROM consultation_lots"  # noqa: S608
            " WHERE consultation_lots.consultation_id = consultations.id)"
        )
    op.execute(
        "UPDATE consultations SET tender_count ="
        " (SELECT count(*) FROM tenders WHERE tenders.consultation_id = consultations.id)"
    )
    with op.batch_alter_table("consultations") as batch_op:
        batch_op.alter_column("family", existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column("estimated_amount", existing_type=AMOUNT, nullable=False)
        batch_op.alter_column("tender_count", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_consultations_estimated"), "estimated_amount > 0")


def _lines_tenders_and_engagements_without_lots() -> None:
    with op.batch_alter_table("engagements") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_engagements_lot_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_engagements_lot_id"))
        batch_op.drop_column("lot_id")
    with op.batch_alter_table("tenders") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_tenders_lot_id"), type_="foreignkey")
        batch_op.drop_index("uq_tenders_standing", sqlite_where=STANDING, postgresql_where=STANDING)
        batch_op.create_index(
            "uq_tenders_standing",
            ["consultation_id", "supplier_id"],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )
        batch_op.drop_column("lot_id")
    with op.batch_alter_table("consultation_lines") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_consultation_lines_lot_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_consultation_lines_lot_id"))
        batch_op.drop_column("lot_id")
