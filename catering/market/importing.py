"""Use cases of offer files: a whole price book in one CSV or XLSX, in and out, without loss."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.cells import BadCell, Fault
from catering.documents.models import SHEETS, Document, FileKind
from catering.documents.tables import Rows, csv_file, read_rows, unshielded, xlsx_file
from catering.market import refusals
from catering.market.keeping import Judged, Sent, judge, sheet_of
from catering.market.models import Offer
from catering.market.owning import own_file, own_supplier
from catering.market.queries import offers
from catering.market.sheet import Line, read_line, written
from catering.market.sheet_checks import Known
from catering.market.sheet_headers import FRENCH, code_of, words_of
from catering.people.viewer import Viewer

HEADER = tuple(FRENCH.values())
"""First line of a file as it is written."""
MOST_LINES = 20_000  # legal-number: lines of a file, nothing of a law
FAULT_HEADER = ("ligne", "colonne", "cellule", "faute", "remède")
A_TABLE = "un tableau (CSV ou XLSX)"


async def judge_file(
    session: AsyncSession, viewer: Viewer, supplier: str, document: int, ingredients: Mapping[str, Known]
) -> Judged:
    """What a file makes of a supplier's offers; those that it does not name stay as they are.

    Args:
        session: of a read: ``keep`` writes.
        viewer: who sells, and who sent the file.
        supplier: slug.
        document: number of the file.
        ingredients: all that the kitchens know, by slug.

    Raises:
        catering.refusal.Refusal: the supplier or the file is not theirs, or some lines are at fault: all are named.
    """
    await own_supplier(session, viewer, supplier, hold=False)
    file = await own_file(session, viewer, document, SHEETS, A_TABLE)
    try:
        # Other requests go on while thousands of lines are read.
        lines, faults = await asyncio.to_thread(_read, file)
        return await judge(session, viewer, Sent(supplier, lines, faults, ingredients))
    except refusals.OffersRefused as refused:
        raise refusals.OffersRefused(refused.faults, table=faults_path(supplier, document)) from refused


def faults_path(supplier: str, document: int | str) -> str:
    """Where all faults of a file are fetched as a table."""
    return f"/suppliers/{supplier}/offers/{document}/faults.csv"


def faults_file(faults: Sequence[Fault]) -> bytes:
    """Faults as a CSV that a spreadsheet opens and runs nothing of."""
    rows = [(str(each.line), each.column, each.value, each.message, each.repair) for each in faults]
    return csv_file(FAULT_HEADER, rows)


async def offers_file(
    session: AsyncSession, viewer: Viewer, supplier: str, kind: FileKind, ingredients: Mapping[str, Known]
) -> bytes:
    """All visible offers of a supplier as a file that can be imported again.

    Args:
        session: of the read.
        viewer: on whose behalf.
        supplier: slug.
        kind: CSV or XLSX.
        ingredients: all that the kitchens know, by slug.
    """
    names = {known.id: known.slug for known in ingredients.values()}
    statement = offers(viewer, supplier=supplier).order_by(Offer.slug)
    loads = (selectinload(Offer.allergens), selectinload(Offer.certificate))
    sheets = [sheet_of(row, names[row.ingredient_id]) for row in await session.scalars(statement.options(*loads))]
    rows = [[cells[code] for code in FRENCH] for cells in map(written, sheets)]
    return csv_file(HEADER, rows) if kind is FileKind.CSV else xlsx_file("offres", HEADER, rows)


def _read(file: Document) -> tuple[Sequence[Line], Sequence[Fault]]:
    faults: list[Fault] = []
    return list(_lines(file.name, read_rows(file.kind, file.content, MOST_LINES), faults)), faults


def _lines(file: str, rows: Rows, faults: list[Fault]) -> Iterator[Line]:
    header = tuple(name.strip() for name in rows.header)
    if wrong := list(_header_faults(file, header)):
        raise refusals.OffersRefused(wrong)
    called = words_of(header)
    for number, row in rows.lines:
        if len(row) > len(header):
            message = f"{len(row)} cellules au lieu de {len(header)}"
            faults.append(
                Fault(file, number, "", "", message, "mettre entre guillemets une cellule qui contient le séparateur")
            )
            continue
        yield _line(Line(file, number, {}, called=called), header, row, faults)


def _line(line: Line, header: Sequence[str], row: Sequence[str], faults: list[Fault]) -> Line:
    cells: dict[str, str] = {}
    found = len(faults)
    for name, cell in zip(header, [*row, *[""] * (len(header) - len(row))], strict=True):
        try:
            cells[code_of(name) or name] = unshielded(cell.strip())
        except BadCell as bad:
            faults.append(Fault(line.file, line.number, name, cell, bad.message, bad.repair))
    line = replace(line, cells=cells)
    return line if len(faults) > found else read_line(line, faults)


def _header_faults(file: str, header: Sequence[str]) -> Iterator[Fault]:
    codes = [code_of(name) for name in header]
    missing = {words.casefold(): words for code, words in words_of(header).items() if code not in codes}
    for name in dict.fromkeys(header):
        code = code_of(name)
        if code is None:
            close = get_close_matches(name.casefold(), missing, n=1)
            repair = f"la renommer « {missing[close[0]]} »" if close else "la retirer"
            yield Fault(file, 1, name, "", "colonne inconnue", repair)
        elif codes.count(code) > 1:
            yield Fault(file, 1, name, "", "colonne écrite deux fois", "n'en garder qu'une")
    for name in missing.values():
        yield Fault(file, 1, name, "", "colonne absente", "repartir du fichier exporté, qui les a toutes")
