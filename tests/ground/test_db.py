"""The database keeps money exact, instants aware, and changes all or nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint, ForeignKey, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from catering.db import Amount, Database, ExactDecimal, Instant


class Own(DeclarativeBase):
    """Tables of this test only."""


class Line(Own):
    __tablename__ = "line"
    __table_args__ = (CheckConstraint("grams <= 10"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    amount: Mapped[Amount]
    seen: Mapped[Instant | None]
    grams: Mapped[int] = mapped_column(default=0)


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/new/own.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(Own.metadata.create_all)
    yield database
    await database.dispose()


@given(st.decimals(min_value="-999999999.99", max_value="999999999.99", places=2))
def test_a_decimal_comes_back_from_sqlite_as_it_went_in(value: Decimal) -> None:
    column = ExactDecimal(14, 2)
    dialect = sqlite.dialect()
    stored = column.process_bind_param(value, dialect)
    assert isinstance(stored, int)
    assert column.process_result_value(stored, dialect) == value


def test_postgresql_keeps_a_numeric() -> None:
    assert str(ExactDecimal(12, 4).load_dialect_impl(postgresql.dialect())) == "NUMERIC(12, 4)"


async def test_sums_of_money_are_exact_in_sql(own: Database) -> None:
    async with own.unit_of_work() as session:
        session.add_all(Line(amount=Decimal("0.10")) for _ in range(3))
    async with own.reading() as session:
        assert await session.scalar(select(func.sum(Line.amount))) == Decimal("0.30")


@pytest.mark.parametrize("amount", [Decimal("0.101"), 0.1])
async def test_an_amount_that_would_lose_digits_is_refused(own: Database, amount: Decimal) -> None:
    with pytest.raises(StatementError, match=r"decimals|binary float"):
        async with own.unit_of_work() as session:
            session.add(Line(amount=amount))


async def test_an_instant_keeps_its_moment_whatever_its_zone(own: Database) -> None:
    paris = datetime(2026, 9, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    async with own.unit_of_work() as session:
        session.add(Line(amount=Decimal(1), seen=paris))
    async with own.reading() as session:
        seen = await session.scalar(select(Line.seen))
    assert seen == paris
    assert seen is not None
    assert seen.tzinfo == UTC


async def test_an_instant_without_zone_is_refused(own: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with own.unit_of_work() as session:
            session.add(Line(amount=Decimal(1), seen=datetime(2026, 9, 1)))  # noqa: DTZ001


async def test_a_unit_of_work_that_fails_leaves_nothing(own: Database) -> None:
    with pytest.raises(RuntimeError):
        async with own.unit_of_work() as session:
            session.add(Line(amount=Decimal(1)))
            await session.flush()
            raise RuntimeError("the reception was refused")
    async with own.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Line)) == 0


async def test_reading_never_keeps_a_change(own: Database) -> None:
    async with own.reading() as session:
        session.add(Line(amount=Decimal(1)))
        await session.flush()
    async with own.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Line)) == 0


@pytest.mark.parametrize("line", [Line(amount=Decimal(1), parent_id=99), Line(amount=Decimal(1), grams=11)])
async def test_sqlite_enforces_references_and_checks(own: Database, line: Line) -> None:
    with pytest.raises(IntegrityError):
        async with own.unit_of_work() as session:
            session.add(Line(amount=line.amount, parent_id=line.parent_id, grams=line.grams))


async def test_a_reader_sees_the_last_kept_state_while_somebody_writes(own: Database) -> None:
    async with own.unit_of_work() as writer:
        writer.add(Line(amount=Decimal(1)))
        await writer.flush()
        async with own.reading() as reader:
            assert await reader.scalar(select(func.count()).select_from(Line)) == 0
            assert await reader.scalar(text("PRAGMA journal_mode")) == "wal"
