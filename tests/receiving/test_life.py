"""Whatever people do, in whatever order: receptions, purchases, stock, invoices and orders always agree."""

import asyncio
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from catering.db import Database
from catering.purchases.models import PurchaseLine
from catering.receiving.models import CreditRequest, Invoice, ReceptionLine, StockLot
from catering.receiving.service.credit import grant
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import Noted, correct, receive
from catering.receiving.service.stock import Used, count, lose, use
from catering.receiving.vocabulary import Decision, ReceptionReason
from catering.refusal import Refusal
from tests.receiving.books import faults
from tests.receiving.world import (
    CARROT,
    CHEF,
    FARMER,
    GOODS,
    MILK,
    PACKS,
    TODAY,
    a_pass,
    fill,
    noted,
    order_id,
    uai,
)  # fmt: skip
from tests.servers import made_file, make_tables

GOOD = st.sampled_from([CARROT, MILK])
DECISION = st.sampled_from(Decision)
SOME = st.integers(0, 6)
LOT = st.sampled_from(["A", "B"])


def a_note(good: int, decision: Decision, packs: int, kept: int, odd_g: int) -> dict[str, Any]:
    """A note as a tablet might send it: often right, sometimes absurd."""
    pack_g = GOODS[good][3]
    delivered_g = packs * pack_g + odd_g if packs else 0
    whole = {Decision.ACCEPTED: (packs, delivered_g), Decision.REFUSED: (0, 0)}
    accepted = whole.get(decision, (min(kept, packs), min(kept * pack_g, delivered_g)))
    return {
        "decision": decision,
        "delivered_g": delivered_g,
        "accepted_packs": accepted[0],
        "accepted_g": accepted[1],
        "reason": None if decision is Decision.ACCEPTED else ReceptionReason.QUALITY,
    }


class Life(RuleBasedStateMachine):
    """One order of one collège to one farm, from the lorry to the last credit note."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "life.db")
        self.runner = asyncio.Runner()
        self.database = Database(f"sqlite+aiosqlite:///{self.folder}/life.db")

    def teardown(self) -> None:
        try:
            self.attempt(issue, FARMER, [order_id()], TODAY)
            assert self.total(Invoice) == self.total(PurchaseLine)
        finally:
            self.runner.run(self.database.dispose())
            self.runner.close()
            shutil.rmtree(self.folder)

    def attempt(self, verb: Any, *given: Any) -> None:
        """Do something in one transaction; what is refused leaves nothing."""

        async def do() -> None:
            async with self.database.unit_of_work() as session:
                await verb(session, *given)

        try:
            self.runner.run(do())
        except Refusal:
            return

    def read(self, statement: Any) -> list[Any]:
        async def do() -> list[Any]:
            async with self.database.reading() as session:
                return list((await session.scalars(statement)).all())

        return self.runner.run(do())

    def total(self, table: Any) -> Decimal:
        return sum((row.amount_excl_tax for row in self.read(select(table))), Decimal(0))

    @rule(good=GOOD, decision=DECISION, packs=SOME, kept=SOME, odd=st.integers(-50, 50), lot=LOT, done=st.booleans())
    def receive(self, good: int, decision: Decision, packs: int, kept: int, odd: int, lot: str, done: bool) -> None:
        mine = select(ReceptionLine).where(ReceptionLine.order_line_id % 10 == good)
        rows = self.read(mine)
        replaced = {row.corrects_id for row in rows}
        already = sum(row.delivered_packs for row in rows if row.id not in replaced)
        note = noted(good, min(packs, PACKS[good]), already_packs=already, lot=lot, **a_note(
            good, decision, min(packs, PACKS[good]), kept, odd
        ))  # fmt: skip
        self.attempt(receive, CHEF, a_pass(note, complete=done))

    @rule(which=SOME, decision=DECISION, packs=SOME, kept=SOME, odd=st.integers(-50, 50), lot=LOT)
    def correct(self, which: int, decision: Decision, packs: int, kept: int, odd: int, lot: str) -> None:
        rows = self.read(select(ReceptionLine).order_by(ReceptionLine.id))
        if rows:
            row = rows[which % len(rows)]
            good = row.ingredient_id
            note = Noted(delivered_packs=packs, lot=lot, **a_note(good, decision, packs, kept, odd))
            self.attempt(correct, CHEF, row.id, note, "recompté")

    @rule(good=GOOD, grams=st.integers(1, 45_000))
    def use(self, good: int, grams: int) -> None:
        self.attempt(use, CHEF, uai(0), TODAY, [Used(GOODS[good][0], grams)])

    @rule(which=SOME, grams=st.integers(0, 20_000), really=st.booleans())
    def count_or_lose(self, which: int, grams: int, really: bool) -> None:
        rows = self.read(select(StockLot).order_by(StockLot.id))
        if rows:
            verb = count if really else lose
            self.attempt(verb, CHEF, rows[which % len(rows)].id, grams, TODAY, "inventaire")

    @rule()
    def bill(self) -> None:
        self.attempt(issue, FARMER, [order_id()], TODAY)

    @rule(which=SOME)
    def give_back(self, which: int) -> None:
        rows = self.read(select(CreditRequest).order_by(CreditRequest.id))
        if rows:
            self.attempt(grant, FARMER, rows[which % len(rows)].id, TODAY)

    @invariant()
    def the_books_agree(self) -> None:
        async def do() -> list[str]:
            async with self.database.reading() as session:
                return await faults(session)

        assert self.runner.run(do()) == []


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The world before anything arrived, in a file."""

    async def make(database: Database) -> None:
        await make_tables(database)
        async with database.unit_of_work() as session:
            await fill(session)

    return made_file(tmp_path / "template.db", make)


def test_the_books_agree_whatever_happens(template: Path) -> None:
    Life.template = template
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


async def test_a_book_that_is_wrong_is_noticed(world: Database) -> None:
    """The check above can fail: one gram more in one lot is seen."""
    async with world.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(CARROT)))
    async with world.unit_of_work() as session:
        assert await faults(session) == []
        (await session.get_one(StockLot, 1)).on_hand_g += 1
        assert len(await faults(session)) == 1
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PurchaseLine)) == 1
