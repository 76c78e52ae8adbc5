"""The sums by kitchen and year: kept with the lines in one transaction, read as tallies, made again from the lines."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, cast, delete, false, func, insert, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.viewer import Viewer
from catering.purchases.models import LocalDefinition, PurchaseLine, PurchaseSum
from catering.purchases.queries import purchases_visible_to, sums
from catering.recipes.vocabulary import Family
from catering.rules.egalim_year import CENTS, FAIR_TRADE, Cell, Tally, cents_of, euros

Place: TypeAlias = tuple[int, int, Cell]
"""Year, kitchen and cell."""
KEY = (
    "year", "kitchen_id", "family", "sign", "fair_trade", "origin_zone", "circuit_court", "local", "pat",
)  # fmt: skip


class Sums:
    """What some lines add to the sums; ``remove`` what they are to stop adding. Write with ``store``."""

    def __init__(self) -> None:
        self._deltas: dict[Place, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, row: PurchaseLine) -> None:
        """A judged line is added."""
        self._move(row, 1)

    def remove(self, row: PurchaseLine) -> None:
        """A judged line is taken back, as it stands."""
        self._move(row, -1)

    def count(self, place: Place, cents: int, lines: int = 1) -> None:
        """Cents of some lines that are summed in one place."""
        delta = self._deltas[place]
        delta[0] += cents
        delta[1] += lines

    def _move(self, row: PurchaseLine, sign: int) -> None:
        self.count((row.year, row.kitchen_id, cell_of(row)), sign * cents_of(row.amount_excl_tax), sign)

    async def store(self, session: AsyncSession) -> None:
        """Write what changed; always in one order, so that two writers cannot wait for each other in a ring."""
        changed = [_row(place, *delta) for place, delta in sorted(self._deltas.items()) if any(delta)]
        if changed:
            await session.execute(_upsert(session), changed)
        self._deltas.clear()


def cell_of(row: PurchaseLine) -> Cell:
    """The cell in which a judged line is summed."""
    return Cell(
        row.family.value,
        row.sign,
        not FAIR_TRADE.isdisjoint(row.labels.split()),
        row.origin_zone.value if row.origin_zone else "",
        bool(row.circuit_court),
        row.local,
        row.local_definition is LocalDefinition.PAT,
    )


def _row(place: Place, cents: int, lines: int) -> dict[str, Any]:
    year, kitchen, cell = place
    values = (year, kitchen, Family(cell.family), *cell[1:])
    return {**dict(zip(KEY, values, strict=True)), "amount_excl_tax": euros(cents), "lines": lines}


def _upsert(session: AsyncSession) -> Any:
    """One statement for all rows; on the table itself, whose many rows the ORM would look at one by one."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(PurchaseSum.__table__)
    added = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=KEY,
        set_={
            "amount_excl_tax": PurchaseSum.amount_excl_tax + added.amount_excl_tax,
            "lines": PurchaseSum.lines + added.lines,
        },
    )


async def tallies(
    session: AsyncSession,
    viewer: Viewer,
    year: int,
    *,
    kitchen_ids: Collection[int] | None = None,
    epci: str | None = None,
) -> dict[int, Tally]:
    """Cents by cell of a year, by kitchen number: those the viewer may read, in one statement.

    Args:
        session: of the read.
        viewer: who asks.
        year: civil year.
        kitchen_ids: only of these kitchens.
        epci: only of the kitchens of this group of communes.
    """
    found: dict[int, dict[Cell, int]] = defaultdict(dict)
    asked = sums(viewer, year, _cents(session), kitchen_ids=kitchen_ids, epci=epci)
    for kitchen, *cell, cents in await session.execute(asked):
        found[kitchen][Cell._make(cell)] = cents
    return dict(found)


def _cents(session: AsyncSession) -> ColumnElement[int]:
    """Cents as whole numbers straight from the database: SQLite stores them so (decision 0002)."""
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(PurchaseSum.amount_excl_tax, BigInteger)
    return cast(PurchaseSum.amount_excl_tax * CENTS, BigInteger)


async def rebuild(session: AsyncSession, viewer: Viewer, kitchen_ids: Iterable[int] | None = None) -> None:
    """Make the sums again from the lines of some kitchens, or of all that the viewer may read; two statements."""
    lines = purchases_visible_to(viewer)
    old = delete(PurchaseSum)
    if kitchen_ids is not None:
        wanted = list(kitchen_ids)
        lines, old = lines.where(PurchaseLine.kitchen_id.in_(wanted)), old.where(PurchaseSum.kitchen_id.in_(wanted))
    await session.execute(old)
    columns = _columns()
    grouped: Select[Any] = lines.with_only_columns(
        *columns.values(), func.sum(PurchaseLine.amount_excl_tax), func.count()
    ).group_by(*columns.values())
    await session.execute(insert(PurchaseSum).from_select([*columns, "amount_excl_tax", "lines"], grouped))


def _columns() -> Mapping[str, ColumnElement[Any]]:
    """How SQL tells the cells apart: the same as ``cell_of``, which a test compares."""
    fair = PurchaseLine.labels.contains("COMMERCE_EQUITABLE")
    return {
        "year": PurchaseLine.year.expression,
        "kitchen_id": PurchaseLine.kitchen_id.expression,
        "family": PurchaseLine.family.expression,
        "sign": PurchaseLine.sign.expression,
        "fair_trade": fair,
        "origin_zone": func.coalesce(PurchaseLine.origin_zone, ""),
        "circuit_court": func.coalesce(PurchaseLine.circuit_court, false()),
        "local": PurchaseLine.local.expression,
        "pat": func.coalesce(PurchaseLine.local_definition == LocalDefinition.PAT, false()),
    }
