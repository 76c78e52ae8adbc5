"""Purchases of a year in the form of ma-cantine: net of credits, never negative, read back to the same ratios.

What ma-cantine is told is how we count: a label that does not count (its certificate had run out, its condition is not
met) is left out, because there it would count.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from catering.documents.models import FileKind
from catering.documents.tables import unformulated, xlsx_file
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.ledger import FORMATS, YES, Format
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseLine
from catering.purchases.queries import canteens_visible_to, purchases_visible_to
from catering.rules.egalim_year import FAIR_TRADE, cents_of, euros
from catering.spelling import tidy

BY_SIRET, BY_ID = FORMATS[:2]
CODES = {"CONVERSION_BIO": "BIO", "BIO_COMMERCE_EQUITABLE": "BIO", "CE2": "HVE"}
"""Code of ma-cantine of the signs that it stores under another one (egalim_labels.csv)."""
FAIR = "COMMERCE_EQUITABLE"
NEW_DEFINITIONS = frozenset({"PAT", "COMMUNE", "DEPARTEMENT", "REGION", "KM"})
AMOUNT = 4
"""Where the amount stands in a row."""
Row: TypeAlias = tuple[str, ...]


async def purchases_file(
    session: AsyncSession,
    viewer: Viewer,
    year: int,
    *,
    uais: Collection[str] | None = None,
    kind: FileKind = FileKind.CSV,
    by_siret: bool = True,
) -> bytes:
    """The visible purchases of a year as a file that ma-cantine takes: UTF-8 without mark, commas, ISO dates.

    Args:
        session: of the read.
        viewer: on whose behalf.
        year: civil year in which the purchases count.
        uais: only of these kitchens.
        kind: CSV or XLSX.
        by_siret: by SIRET, or by the number on ma-cantine.

    Raises:
        refusals.NoPurchase: there is none.
        refusals.NotExportable: a kitchen has no SIRET or number, or credits exceed what they credit.
    """
    form = BY_SIRET if by_siret else BY_ID
    mine = kitchens(viewer, uais=uais).with_only_columns(Kitchen.id)
    asked = purchases_visible_to(viewer).where(PurchaseLine.year == year, PurchaseLine.kitchen_id.in_(mine))
    asked = asked.options(joinedload(PurchaseLine.supplier)).order_by(PurchaseLine.kitchen_id, PurchaseLine.id)
    rows = list(await session.scalars(asked))
    if not rows:
        raise refusals.NoPurchase(f"Aucun achat de {year} à exporter. Vérifier l'année et le collège.")
    names = await _canteens(session, viewer, {row.kitchen_id for row in rows}, by_siret=by_siret)
    written = export_rows((names[row.kitchen_id], row) for row in rows)
    return xlsx_file("achats", form.columns, written) if kind is FileKind.XLSX else plain_csv(form, written)


def export_rows(lines: Iterable[tuple[str, PurchaseLine]]) -> list[Row]:
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
                f"{rows[0][0]} : {euros(owed):f} € d'avoirs de plus que d'achats de la famille {rows[0][5]}"
                f"{' ' + rows[0][6] if rows[0][6] else ''}. Les déduire à la main, ma-cantine n'admet pas de montant "
                "négatif."
            )


def _counted_alike(row: Row) -> Row:
    return (row[0], *row[AMOUNT + 1 :])


def _row(canteen: str, line: PurchaseLine) -> Row:
    seller = line.supplier_name or (line.supplier.name if line.supplier else "")
    definition = line.local_definition.value if line.local_definition else ""
    if line.local and line.local_definition is None:
        definition = LocalDefinition.DEPARTEMENT.value
    km = ""
    if line.local and definition == "KM" and line.local_km is not None:
        km = f"{line.local_km.normalize():f}"
    return (
        canteen,
        _text(line.product),
        _text(seller),
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


def _labels(line: PurchaseLine) -> list[str]:
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
        what = "le SIRET" if by_siret else "le numéro ma-cantine"
        raise refusals.NotExportable(f"Dire d'abord {what} (registerCanteen) de : {', '.join(unnamed)}.")
    return named


def _name(value: str | int | None) -> str:
    return "" if value is None else str(value)


def plain_csv(form: Format, rows: Iterable[Row]) -> bytes:
    """A CSV as ma-cantine takes it: UTF-8 without mark, commas, cells quoted where they hold one."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(form.columns)
    writer.writerows(rows)
    return stream.getvalue().encode()
