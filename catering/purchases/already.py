"""Purchases of a file that the ledger has already, from another file or from a reception: told before they enter twice.

A purchase is the same when kitchen, day, amount, family, product and seller are, as an export would write them: a label
or a mark that was corrected makes no other purchase of it.
"""

import asyncio
import json
import marshal
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    FromClause,
    Integer,
    String,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from catering.cells import Fault
from catering.market.models import Supplier
from catering.purchases.ledger import LedgerLine
from catering.purchases.models import PurchaseImport, PurchaseLine, PurchaseSource
from catering.rules.egalim_year import CENTS
from catering.spelling import folded

RULE = "ACH-22"
UNKNOWN = -1
SECONDS_BETWEEN_LOOKS = 0.01
NEWEST = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM purchase_lines_id_seq")
OTHERS_ENTER = text("""SELECT EXISTS (
    SELECT 1 FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'purchase_lines'::regclass AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode NOT IN ('AccessShareLock', 'RowShareLock')
)""")
Key: TypeAlias = tuple[int, int, str, int]
"""Rank in its batch, kitchen, day and cents of a purchase."""


KEY: Sequence[tuple[str, Any]] = (("rank", Integer), ("kitchen", Integer), ("day", Date), ("cents", BigInteger))


class _Found(NamedTuple):
    rank: int
    product: str
    seller: str
    family: str
    source: PurchaseSource
    bought_on: date
    import_id: int | None
    file: str | None
    file_line: int | None


class Told:
    """What a file tells of its purchases, put aside in a temporary file: memory does not grow with its lines.

    One thread puts while the other end may be read; whoever puts says at last that it is the whole, or gives up.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        self._places: list[tuple[int, int]] = []
        """Where each batch begins, and its bytes."""
        self._end = 0
        self.whole = False
        """Whether nothing is added any more."""
        self.given_up = False
        """Whether nobody needs to look any further."""
        self.looked_up_to = UNKNOWN
        """``_newest`` when they were looked for in the ledger, if nobody else was entering any."""

    def close(self) -> None:
        """Let them go."""
        self._file.close()

    def put(self, kitchens: Sequence[int], lines: Sequence[LedgerLine]) -> None:
        """Add some lines and the kitchen of each."""
        columns: list[Any] = list(zip(*lines, strict=True))
        numbers, _, products, sellers, days, cents, families, *_ = columns
        written = [day.isoformat() for day in days]
        content = marshal.dumps((list(kitchens), written, cents, numbers, products, sellers, families))
        self._file.write(content)
        self._file.flush()
        self._places.append((self._end, len(content)))
        self._end += len(content)

    async def batches(self) -> AsyncIterator[tuple[Sequence[Any], ...]]:
        """Kitchens, days, cents, numbers of lines, products, sellers and families, some thousands at a time.

        They come as they are put, until there are no more or whoever puts them gives up.
        """
        given = 0
        while not self.given_up:
            whole = self.whole
            if given < len(self._places):
                start, size = self._places[given]
                given += 1
                yield marshal.loads(os.pread(self._file.fileno(), size, start))  # noqa: S302 - a private file
            elif whole:
                return
            else:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def already_there(session: AsyncSession, file: str, told: Told) -> list[Fault]:
    """A fault for each purchase of a file that the ledger has; one statement for some thousands, none when it is empty.

    Imports that were withdrawn have no say. Nothing is looked for again while the ledger is as it was. It may be asked
    while lines are still put: looking for some then costs the time of nobody who reads the next.
    """
    newest = await _newest(session)
    if newest == told.looked_up_to:
        return []
    told.looked_up_to = UNKNOWN if await _others_enter(session) else newest
    days = [day for day in (PurchaseLine.bought_on, PurchaseLine.invoiced_on) if await _any(session, day)]
    faults: dict[int, Fault] = {}
    async for kitchens, written, cents, numbers, products, sellers, families in told.batches():
        keys = list(zip(range(len(kitchens)), kitchens, written, cents, strict=True))
        for day in days:
            for each in await _at(session, keys, day):
                mine = (products[each.rank], sellers[each.rank], families[each.rank])
                if _alike(*mine) == _alike(each.product, each.seller, each.family):
                    number = numbers[each.rank]
                    faults.setdefault(number, _fault(file, number, products[each.rank], each))
    return list(faults.values())


async def _newest(session: AsyncSession) -> int:
    """The last number that a line of the ledger was given: on PostgreSQL of lines not committed too, unlike ``max``."""
    if session.get_bind().dialect.name == "sqlite":
        return await session.scalar(select(func.max(PurchaseLine.id))) or 0
    return int(await session.scalar(NEWEST) or 0)


async def _others_enter(session: AsyncSession) -> bool:
    """Whether another transaction may have numbered lines that nobody sees yet; asked after ``_newest``.

    Whoever enters a line holds this lock before it gets its number, and until the line is seen or given up.
    """
    return session.get_bind().dialect.name != "sqlite" and bool(await session.scalar(OTHERS_ENTER))


def _alike(product: str, seller: str, family: str) -> tuple[str, str, str]:
    return folded(product), folded(seller), family


async def _any(session: AsyncSession, day: Any) -> bool:
    """Whether anything in the ledger has such a day at all."""
    return await session.scalar(select(PurchaseLine.id).where(day.is_not(None)).limit(1)) is not None


async def _at(session: AsyncSession, keys: Sequence[Key], day: Any) -> list[_Found]:
    """What the ledger has of the same kitchens, days and amounts: looked up by an index, whatever it holds."""
    rows, rank, kitchen, on, cents = _table(session, keys)
    line, file = PurchaseLine, PurchaseImport
    same = and_(line.kitchen_id == kitchen, day == on, line.amount_excl_tax == cents)
    seller = func.coalesce(line.supplier_name, Supplier.name, "")
    family = type_coerce(line.family, String)
    asked = (
        select(rank, line.product, seller, family, line.source, line.bought_on, file.id, file.name, line.file_line)
        .select_from(rows)
        .join(line, same)
        .outerjoin(file, file.id == line.import_id)
        .outerjoin(Supplier, Supplier.id == line.supplier_id)
        .where(or_(line.import_id.is_(None), file.withdrawn_at.is_(None)))
        .order_by(rank, line.id)
    )
    return [_Found(*row) for row in await session.execute(asked)]


def _table(session: AsyncSession, keys: Sequence[Key]) -> tuple[FromClause, Any, Any, Any, Any]:
    """The keys as a table of each database, given as one value or one per column."""
    if session.get_bind().dialect.name == "sqlite":
        rows: Any = func.json_each(literal(json.dumps(keys), String)).table_valued("value")
        rank, kitchen, on, cents = (func.json_extract(rows.c.value, f"$[{place}]") for place in range(4))
        return rows, rank, kitchen, type_coerce(on, String), type_coerce(cents, BigInteger)
    # Whole numbers and days, nothing to escape: written here, each array is one value for the driver.
    texts = ["{" + ",".join(map(str, values)) + "}" for values in zip(*keys, strict=True)]
    given = [cast(literal(each, String), ARRAY(kind)) for each, (_, kind) in zip(texts, KEY, strict=True)]
    names: list[Any] = [column(name, kind) for name, kind in KEY]
    rows = func.unnest(*given).table_valued(*names, name="told").render_derived()
    return rows, rows.c.rank, rows.c.kitchen, rows.c.day, rows.c.cents / literal(CENTS)


def _fault(file: str, number: int, product: str, found: _Found) -> Fault:
    other = "ou dire que ce sont d'autres achats"
    if found.import_id is None:
        where = f"reçu le {found.bought_on:%d/%m/%Y}"
        return Fault(file, number, "", product, f"déjà au registre, {where}", f"retirer la ligne, {other}", RULE)
    where = f"ligne {found.file_line} du fichier « {found.file} » (import {found.import_id})"
    repair = f"retirer la ligne, ou annuler l'import {found.import_id} pour le remplacer, {other}"
    return Fault(file, number, "", product, f"déjà au registre, {where}", repair, RULE)
