"""Tables whose rows are only ever added: the database itself refuses to change or to remove one.

The refusal is a trigger, on SQLite and on PostgreSQL, made with the table: whoever writes, by the program or by hand,
meets it. A migration that rebuilds such a table on SQLite makes its triggers again; a test compares them.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Table, event, text

from catering.db import Base

SAYS = "rows are only ever added"
FUNCTION = f"""CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': {SAYS}', ERRCODE = 'integrity_constraint_violation'; END $$"""
"""On PostgreSQL; SQLite says it in the trigger."""


def append_only(model: type[Base], but: Collection[str] = ()) -> None:
    """Have the database keep the rows of a model as they were written.

    Args:
        model: whose table it is.
        but: columns that are written later; the model says when, and by whom.
    """
    table = model.metadata.tables[model.__tablename__]
    kept = [column.name for column in table.columns if column.name not in but] if but else []

    def guard(_table: Table, connection: Connection, **_: object) -> None:
        for statement in statements(table.name, kept, connection.dialect.name):
            connection.execute(text(statement))

    event.listen(table, "after_create", guard)


def statements(table: str, kept: Collection[str], dialect: str) -> Iterator[str]:
    """What guards a table; ``kept`` names the columns that never change, none of them named means all."""
    changed = f"UPDATE OF {', '.join(kept)}" if kept else "UPDATE"
    if dialect == "sqlite":
        for what, when in (("change", changed), ("removal", "DELETE")):
            yield (
                f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {SAYS}'); END"
            )
        return
    yield FUNCTION
    for what, when in (("change", changed), ("removal", "DELETE")):
        yield (
            f"CREATE TRIGGER {table}_no_{what} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    yield (
        f"CREATE TRIGGER {table}_no_emptying BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
        "EXECUTE FUNCTION refuse_change()"
    )
