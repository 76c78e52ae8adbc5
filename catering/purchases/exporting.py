"""Purchases of a year in the form of ma-cantine: net of credits, never negative, read back to the same ratios.

What ma-cantine is told is how we count: a label that does not count (its certificate had run out, its condition is not
met) is left out, because there it would count.
"""

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import IO, NamedTuple, TypeAlias

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering import figures
from catering.documents.models import FileKind
from catering.documents.tables import unformulated
from catering.documents.workbook import Add, workbook
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Supplier
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.ledger import FORMATS, YES, Format
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseLine
from catering.purchases.queries import canteens_visible_to, purchases_visible_to
from catering.recipes.vocabulary import Family
from catering.rules.egalim_year import FAIR_TRADE, cents_of, euros
from catering.spelling import tidy

BY_SIRET, BY_ID = FORMATS[:2]
CODES = {"CONVERSION_BIO": "BIO", "BIO_COMMERCE_EQUITABLE": "BIO", "CE2": "HVE"}
"""Code of ma-cantine of the signs that it stores under another one (egalim_labels.csv)."""
FAIR = "COMMERCE_EQUITABLE"
NEW_DEFINITIONS = frozenset({"PAT", "COMMUNE", "DEPARTEMENT", "REGION", "KM"})
AMOUNT = 4
"""Where the amount stands in a row."""
ROWS_AT_ONCE = 2_000
Row: TypeAlias = tuple[str, ...]


class Line(NamedTuple):
    """What the file tells of a purchase line; ``seller`` as the file or the register names it."""

    kitchen_id: int
    product: str
    bought_on: date
    invoiced_on: date | None
    amount_excl_tax: Decimal
    family: Family
    sign: str
    labels: str
    origin_zone: OriginZone | None
    circuit_court: bool | None
    local: bool
    local_definition: LocalDefinition | None
    local_km: Decimal | None
    seller: str


async def write_purchases(
    session: AsyncSession,
    viewer: Viewer,
    year: int,
    out: IO[bytes],
    *,
    uais: Collection[str] | None = None,
    kind: FileKind = FileKind.CSV,
    by_siret: bool = True,
) -> None:
    """Write the visible purchases of a year as ma-cantine takes them; memory holds one establishment at a time.

    CSV in UTF-8 without mark, commas, ISO dates; or XLSX. Establishment after establishment, each in order of day.

    Args:
        session: of the read.
        viewer: on whose behalf.
        year: civil year in which the purchases count.
        out: where to; what was written when an error is raised is no file.
        uais: only of these kitchens.
        kind: CSV or XLSX.
        by_siret: by SIRET, or by the number on ma-cantine.

    Raises:
        refusals.NoPurchase: there is none.
        refusals.NotExportable: a kitchen has no SIRET or number, or credits exceed what they credit.
    """
    mine = kitchens(viewer, uais=uais).with_only_columns(Kitchen.id)
    asked = purchases_visible_to(viewer).where(PurchaseLine.year == year, PurchaseLine.kitchen_id.in_(mine))
    buyers = set(await session.scalars(asked.with_only_columns(PurchaseLine.kitchen_id).distinct()))
    if not buyers:
        raise refusals.NoPurchase(f"Aucun achat de {year} à exporter. Vérifier l'année et le collège.")
    names = await _canteens(session, viewer, buyers, by_siret=by_siret)
    with writing(out, BY_SIRET if by_siret else BY_ID, kind) as add:
        async for lines in _by_establishment(session, asked, names):
            # On a thread: whoever else the server answers does not wait for a large file.
            await asyncio.to_thread(_write_some, add, lines)


def _write_some(add: Add, lines: Iterable[tuple[str, Line]]) -> None:
    add(export_rows(lines))


async def _by_establishment(
    session: AsyncSession, asked: Select[PurchaseLine], names: Mapping[int, str]
) -> AsyncIterator[list[tuple[str, Line]]]:
    """The lines of one establishment after the other: one statement, in the order of an index, read as rows come."""
    columns = [getattr(PurchaseLine, name) for name in Line._fields[:-1]]
    seller = func.coalesce(PurchaseLine.supplier_name, Supplier.name, "")
    told = asked.outerjoin(Supplier, Supplier.id == PurchaseLine.supplier_id).with_only_columns(*columns, seller)
    told = told.order_by(PurchaseLine.kitchen_id, PurchaseLine.id)
    found = await session.stream(told.execution_options(yield_per=ROWS_AT_ONCE))
    lines: list[tuple[str, Line]] = []
    async for some in found.partitions():
        for row in some:
            line = Line._make(row)
            if lines and lines[-1][1].kitchen_id != line.kitchen_id:
                yield lines
                lines = []
            lines.append((names[line.kitchen_id], line))
    yield lines


@contextmanager
def writing(out: IO[bytes], form: Format, kind: FileKind) -> Iterator[Add]:
    """What writes rows below the header of a format."""
    if kind is FileKind.XLSX:
        with workbook(out, "achats") as add:
            add([form.columns])
            yield add
        return
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(form.columns)
    try:
        yield writer.writerows
    finally:
        # The file is its opener's to read and to close.
        text.detach()


def export_rows(lines: Iterable[tuple[str, Line]]) -> list[Row]:
    """Rows of the file, in order of establishment and day; what is alike in all but the amount is one row.

    A credit is taken off the purchases that ma-cantine counts alike: same establishment, family, label, origin and
    marks; the latest first.

    Raises:
        refusals.NotExportable: credits exceed those purchases.
    """
    sums: dict[Row, int] = defaultdict(int)
    for canteen, line in lines:
        sums[_row(canteen, line)] += cents_of(line.amount_excl_tax)
    _net(sums)
    # The blank amount of the key gives way to the sum.
    filled = [(*row[:AMOUNT], f"{euros(cents):f}", *row[AMOUNT + 1 :]) for row, cents in sums.items() if cents]
    return sorted(filled, key=lambda row: (row[0], row[3], row))


def _net(sums: dict[Row, int]) -> None:
    alike: dict[Row, list[Row]] = defaultdict(list)
    for row in sums:
        alike[_counted_alike(row)].append(row)
    for rows in alike.values():
        owed = 0
        for row in rows:
            if sums[row] < 0:
                owed, sums[row] = owed - sums[row], 0
        for row in sorted(rows, key=lambda each: (each[3], each), reverse=True):
            taken = min(owed, sums[row])
            sums[row], owed = sums[row] - taken, owed - taken
        if owed:
            raise refusals.NotExportable(
                f"{rows[0][0]} : {figures.euros(euros(owed))} d'avoirs de plus que d'achats de la famille {rows[0][5]}"
                f"{' ' + rows[0][6] if rows[0][6] else ''}. Les déduire à la main, ma-cantine n'admet pas de montant "
                "négatif."
            )


def _counted_alike(row: Row) -> Row:
    return (row[0], *row[AMOUNT + 1 :])


def _row(canteen: str, line: Line) -> Row:
    definition = line.local_definition.value if line.local_definition else ""
    if line.local and line.local_definition is None:
        definition = LocalDefinition.DEPARTEMENT.value
    km = ""
    if line.local and definition == "KM" and line.local_km is not None:
        km = f"{line.local_km.normalize():f}"
    return (
        canteen,
        _text(line.product),
        _text(line.seller),
        (line.invoiced_on or line.bought_on).isoformat(),
        "",
        line.family.value,
        ",".join(_labels(line)),
        line.origin_zone.value if line.origin_zone in (OriginZone.FRANCE, OriginZone.EUROPE) else "",
        YES if line.circuit_court else "",
        YES if line.local else "",
        definition if line.local and definition in NEW_DEFINITIONS else "",
        km,
    )


def _labels(line: Line) -> list[str]:
    if not line.sign:
        return []
    fair = {FAIR} if not FAIR_TRADE.isdisjoint(line.labels.split()) else set()
    return sorted({CODES.get(line.sign, line.sign)} | fair)


def _text(text: str) -> str:
    return unformulated(tidy(text))


async def _canteens(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int], *, by_siret: bool
) -> Mapping[int, str]:
    known = {each.kitchen_id: each for each in await session.scalars(canteens_visible_to(viewer))}
    named = {number: _name(known[number].siret if by_siret else known[number].cantine_id) for number in known}
    missing = sorted(number for number in kitchen_ids if not named.get(number))
    if missing:
        asked = kitchens(viewer).where(Kitchen.id.in_(missing)).order_by(Kitchen.uai)
        unnamed = [f"{kitchen.name} ({kitchen.uai})" for kitchen in await session.scalars(asked)]
        raise refusals.NotExportable(refusals.say_first(unnamed, by_siret=by_siret))
    return named


def _name(value: str | int | None) -> str:
    return "" if value is None else str(value)
