"""Ledgers and logs are kept by the database: nobody changes or removes a row, not even by hand."""

from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from catering.db import Base, Database
from catering.purchases.models import JUDGED
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import receive
from catering.tables import all_tables
from tests.receiving.conftest import any_world
from tests.receiving.test_invoices import done
from tests.receiving.world import CHEF, FARMER, TODAY, order_id, whole
from tests.servers import OF_THE_TEST, as_application, copy_on_server

__all__ = ["any_world"]
LEDGERS = (
    "order_events", "invoice_lines", "invoice_events", "receptions", "reception_lines", "stock_moves",
    "purchase_lines", "engagements", "index_values", "price_revisions", "consultation_events", "change_events",
    "tenders", "tender_lines", "tender_facts", "tender_documents",
    "tender_outcomes", "consultation_awards", "consultation_criteria",
    "consultation_invites", "declarations", "declared_lines", "essential_statements",
    "contract_changes", "contract_price_changes",
    "waste_lessons", "dish_lessons", "kitchen_lessons", "dish_in_kitchen_lessons", "portion_changes",
    "contract_changes", "contract_price_changes", "covers_forecasts", "contract_lot_qualities", "pat_supplies",
    "protein_plans",
)  # fmt: skip
FILLED = (
    "order_events", "invoice_lines", "invoice_events", "receptions", "reception_lines", "stock_moves", "purchase_lines",
)  # fmt: skip


def key_of(table: str) -> str:
    return next(iter(all_tables().tables[table].primary_key.columns)).name


@pytest.mark.parametrize("what", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
async def test_a_row_stays_as_it_was_written(what: str, any_world: Database) -> None:
    await done(any_world, receive, whole(), viewer=CHEF)
    await done(any_world, issue, [order_id()], TODAY, viewer=FARMER)
    for table in FILLED:
        with pytest.raises(IntegrityError, match="only ever added"):
            async with any_world.unit_of_work() as session:
                await session.execute(text(what.format(table, key_of(table))))


async def test_only_the_invoice_and_how_it_counts_are_written_into_a_purchase(any_world: Database) -> None:
    await done(any_world, receive, whole(), viewer=CHEF)
    async with any_world.unit_of_work() as session:
        await session.execute(text("UPDATE purchase_lines SET invoice_number = 'F1', invoiced_on = bought_on"))
    columns = {column.name for column in all_tables().tables["purchase_lines"].columns}
    for column in sorted(columns - {"invoice_number", "invoiced_on", "certificate_id", *JUDGED}):
        with pytest.raises(IntegrityError, match="only ever added"):
            async with any_world.unit_of_work() as session:
                await session.execute(text(f"UPDATE purchase_lines SET {column} = {column}"))


async def test_no_table_is_emptied_on_postgresql_not_even_by_its_owner(server: str) -> None:
    """SQLite has no TRUNCATE; the application's role may not say it at all."""
    owner, application = await copy_on_server(server, as_owner=True), Database(as_application(server, OF_THE_TEST))
    for database, said in ((owner, "only ever added"), (application, "permission denied")):
        for table in LEDGERS:
            with pytest.raises(DBAPIError, match=said):
                async with database.unit_of_work() as session:
                    await session.execute(text(f"TRUNCATE {table} CASCADE"))
        await database.dispose()


async def test_what_says_that_rows_are_only_added_is_guarded(database: Database) -> None:
    """A table whose model says so in words has its triggers; so has each that we name."""

    def models() -> list[Any]:
        return [mapper.class_ for mapper in Base.registry.mappers]

    all_tables()
    told = {model.__tablename__ for model in models() if "only ever added" in (inspect(model).class_.__doc__ or "")}
    assert told <= set(LEDGERS)
    async with database.reading() as session:
        names = set(await session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    assert names == {f"{table}_no_{what}" for table in LEDGERS for what in ("change", "removal")}
