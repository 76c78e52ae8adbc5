"""Who forgets to ask for their own rows only is kept from others' by PostgreSQL itself, on pooled connections too."""

import asyncio
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime
from importlib import import_module
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from catering.attendance.models import AttendanceEvent, AttendanceEventKind
from catering.db import Base, Database
from catering.kitchens.models import Kitchen
from catering.orders.queries import orders_visible_to
from catering.people.viewer import Role, Viewer, sight_of
from catering.receiving.queries import receptions_visible_to
from catering.row_security import OWNED, PARTS
from catering.sight import EVERYTHING, NOTHING, Sight
from catering.tables import all_tables
from catering.waste.queries import weighings_visible_to
from tests.api.conftest import Client
from tests.api.dataset_people import OTHER_KITCHEN, OWN_KITCHEN, viewer_of
from tests.lints.sources import ROOT
from tests.lints.test_visible_to import query_modules

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")

GUARDED = (*OWNED, *PARTS)
CHEF, PRODUCER, AUDITOR = (viewer_of(role) for role in (Role.CHEF, Role.PRODUCER, Role.AUDITOR))
TURNS = 120
UNGUARDED = {
    "account_kitchens", "account_suppliers",  # who acts for whom is asked before anybody is known
    "canteens",  # the SIRET of a buyer stands in the contracts that its suppliers read
    "capacities", "certificates", "hygiene_permits", "offers", "price_lists", "supplier_pauses",  # buyers read sellers
    "consultation_invites", "consultation_lines", "consultation_questions", "consultations", "contract_members",
    "contracts", "engagements", "consultation_awards", "tenders",  # groups of buyers, the public, sealed by dates
    "dish_in_kitchen_lessons", "kitchen_covers", "kitchen_closures", "kitchen_lessons", "portion_changes",  # plans
    "invoice_sequences",  # a counter
    "kitchen_ratios", "kitchen_standings", "plan_conflicts", "plan_scenario_covers", "plan_scenario_kitchens",
    "plan_suppositions", "plan_swaps", "planned_drops", "planned_meals", "planned_purchases", "rule_standings",
    "sourced_lines",  # plans: needs near are sums
    "pat_supplies",  # buyers read which sellers are under a territorial project
    "shortages",  # written by who sells, read by who buys: whose they are is both
    "menu_dishes", "nutrition_results", "satellites",  # open to whoever eats
}  # fmt: skip
"""Tables of kitchens or suppliers that ``visible_to`` alone guards, and why; docs/security.md says what that leaves."""


async def seen(database: Database, sight: Sight) -> dict[str, int]:
    """Rows of each guarded table that somebody finds who asks for all of them."""
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in GUARDED)
    async with database.seeing(sight).reading() as session:
        return dict(zip(GUARDED, (await session.execute(text(f"SELECT {counts}"))).one(), strict=True))


async def lawful(database: Database, viewer: Viewer) -> list[int]:
    """Orders, receptions and weighings that ``visible_to`` shows somebody."""
    async with database.reading() as session:
        statements = orders_visible_to(viewer), receptions_visible_to(viewer), weighings_visible_to(viewer)
        return [len((await session.scalars(each)).all()) for each in statements]


def test_every_table_of_a_kitchen_or_a_supplier_is_guarded_or_named() -> None:
    all_tables()
    owned = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if {"kitchen_id", "supplier_id", "kitchen", "supplier"} & set(mapper.local_table.columns.keys())
    }
    assert owned - set(GUARDED) == UNGUARDED & owned
    assert set(OWNED) <= owned


@pytest.mark.parametrize("viewer", [CHEF, PRODUCER])
async def test_a_read_that_forgets_whose_it_is_finds_own_rows_only(viewer: Viewer, guarded: Client) -> None:
    everything, mine = await seen(guarded.database, EVERYTHING), await seen(guarded.database, sight_of(viewer))
    assert [mine[of] for of in ("orders", "receptions", "weighings")] == await lawful(guarded.database, viewer)
    assert 0 < mine["orders"] < everything["orders"]
    assert 0 < mine["order_lines"] < everything["order_lines"]
    private = {"purchase_lines", "purchase_sums", "stock_lots", "stock_moves", "weighings", "baskets"}
    assert {table for table in private if everything[table] == 0} == set()
    hidden = {table for table in private if mine[table] == 0}
    assert hidden == (private if viewer.sells else set())


async def test_nobody_finds_nothing(guarded: Client) -> None:
    assert await seen(guarded.database, NOTHING) == dict.fromkeys(GUARDED, 0)


async def test_a_write_that_forgets_whose_it_is_changes_nothing_of_others(guarded: Client) -> None:
    mine = guarded.database.seeing(sight_of(CHEF))
    theirs = f"kitchen_id = (SELECT id FROM kitchens WHERE uai = '{OTHER_KITCHEN}')"
    async with mine.unit_of_work() as session:
        for table in ("orders", "baskets", "weighings"):
            found = await session.scalar(text(f"SELECT count(*) FROM {table} WHERE {theirs}"))
            assert found, "a write judges over the rows of others too"
            touched = await session.execute(text(f"UPDATE {table} SET kitchen_id = kitchen_id WHERE {theirs}"))
            removed = await session.execute(text(f"DELETE FROM {table} WHERE {theirs}"))
            assert (touched.rowcount, removed.rowcount) == (0, 0), table


@pytest.mark.parametrize(("uai", "kept"), [(OWN_KITCHEN, True), (OTHER_KITCHEN, False)])
async def test_a_row_is_entered_for_oneself_only(uai: str, kept: bool, guarded: Client) -> None:
    async with guarded.database.reading() as session:
        kitchen_id = (await session.scalars(select(Kitchen.id).where(Kitchen.uai == uai))).one()
    day = date(2026, 12, 1)
    row = AttendanceEvent(
        kitchen_id=kitchen_id, kind=AttendanceEventKind.TRIP, first_day=day, last_day=day, difference=-5,
        made_at=datetime(2026, 11, 27, tzinfo=UTC), made_by="x",
    )  # fmt: skip
    with nullcontext() if kept else pytest.raises(ProgrammingError, match="row-level security"):
        async with guarded.database.seeing(sight_of(CHEF)).unit_of_work() as session:
            session.add(row)
    async with guarded.database.reading() as session:
        assert (await session.get(AttendanceEvent, row.id) is not None) if kept else row.id is None


async def test_who_controls_writes_nothing(guarded: Client) -> None:
    async with guarded.database.seeing(sight_of(AUDITOR)).unit_of_work() as session:
        assert await session.scalar(text("SELECT count(*) FROM orders"))
        assert (await session.execute(text("UPDATE orders SET kitchen_id = kitchen_id"))).rowcount == 0


@pytest.mark.parametrize("ending", ["read", "kept", "failed"])
async def test_nobodys_sight_is_left_on_a_connection(ending: str, guarded: Client) -> None:
    """One connection at a time: the pool gives the next in line the one that was given back."""
    database, who = guarded.database, text("SELECT pg_backend_pid()")
    chef = database.seeing(sight_of(CHEF))
    used: list[int | None] = []
    if ending == "read":
        async with chef.reading() as session:
            used.append(await session.scalar(who))
    elif ending == "kept":
        async with chef.unit_of_work() as session:
            used.append(await session.scalar(who))
    else:
        with pytest.raises(DBAPIError):
            async with chef.unit_of_work() as session:
                used.append(await session.scalar(who))
                await session.execute(text("SELECT 1 / 0"))
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        cursor = await driver.execute("SELECT pg_backend_pid(), current_setting('catering.kitchens', true)")
        assert await cursor.fetchone() in [(used[0], ""), (used[0], None)]
        cursor = await driver.execute("SELECT count(*) FROM orders")
        assert await cursor.fetchone() == (0,), "outside of a transaction of ours nothing is seen"


async def test_many_at_once_on_few_connections_each_see_their_own(guarded: Client) -> None:
    database = guarded.database
    sights = [sight_of(CHEF), EVERYTHING, sight_of(PRODUCER), NOTHING]
    expected = [(await seen(database, sight))["orders"] for sight in sights]
    assert len(set(expected)) == len(sights), "each would notice the eyes of another"

    async def orders(turn: int) -> int | None:
        async with database.seeing(sights[turn % len(sights)]).reading() as session:
            await asyncio.sleep(turn % 3 / 1_000)
            found: int | None = await session.scalar(text("SELECT count(*) FROM orders"))
            return found

    found = await asyncio.gather(*(orders(turn) for turn in range(TURNS)))
    assert found == [expected[turn % len(sights)] for turn in range(TURNS)]


@pytest.mark.parametrize("name", ["x', true), set_config('catering.reads', 'all", "0620001A,0620002B", "é", "a;b"])
def test_an_identifier_cannot_say_more_than_itself(name: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        Sight(kitchens=frozenset({name})).settings(writes=False)


BEYOND = {
    "displayed_sums_visible_to", "displayed_declarations_visible_to", "meats_used_visible_to",  # open to who eats
    "ordered_visible_to",  # sums over many kitchens, for who sells
}  # fmt: skip
"""Functions that give rows of others, whoever asks; who uses them reads by ``Request.of_everybody``."""


def scopes() -> dict[str, Callable[[Viewer], Select[Any]]]:
    """Each function of the rooms that states which rows of a guarded table a viewer may see."""
    found = {}
    for path in query_modules():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, function in vars(module).items():
            if name.endswith("visible_to") and getattr(function, "__module__", "") == module.__name__:
                asked = [each for each in signature(function).parameters.values() if each.default is each.empty]
                if len(asked) == 1 and set(re.findall(r"\w+", str(function(CHEF)))) & set(GUARDED):
                    found[f"{module.__name__}.{name}"] = function
    return found


@pytest.mark.parametrize("role", Role)
async def test_the_lock_hides_nothing_that_visible_to_shows(role: Role, guarded: Client) -> None:
    """Both say the same, table by table: what only the lock hides would be missing from sums without a word."""
    viewer, hidden = viewer_of(role), set()
    for name, function in scopes().items():
        counted = select(func.count()).select_from(function(viewer).order_by(None).subquery())
        found = []
        for sight in (EVERYTHING, sight_of(viewer)):
            async with guarded.database.seeing(sight).reading() as session:
                found.append(await session.scalar(counted))
        if found[0] != found[1]:
            hidden.add(name.rsplit(".", 1)[1])
    assert len(scopes()) > 30
    assert hidden <= BEYOND
    assert viewer.sees_everything or hidden
