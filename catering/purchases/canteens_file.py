"""The file that tells many kitchens at once how ma-cantine knows them: ``uai;siret`` or ``uai;siret;cantine_id``."""

from catering.cells import BadCell, Fault
from catering.documents.models import SHEETS
from catering.documents.refusals import KindRefused
from catering.documents.rules import kind_of
from catering.documents.tables import read_rows, unshielded
from catering.purchases.ledger_cells import canteen_number
from catering.purchases.refusals import CanteensRefused
from catering.purchases.registering import Wish

COLUMNS = ("uai", "siret", "cantine_id")
NEEDED = 2
MOST_CANTEENS = 2_000


def read_wishes(name: str, content: bytes) -> dict[int, Wish]:
    """What a file tells of kitchens, by line counted from 1 with the header.

    Args:
        name: of the file, as faults cite it.
        content: CSV (commas, semicolons or tabs) or XLSX; an empty ``cantine_id`` tells nothing.

    Raises:
        catering.refusal.Refusal: it is no table.
        CanteensRefused: its header or some cells are at fault; each is named.
    """
    kind = kind_of(content, name)
    if kind not in SHEETS:
        raise KindRefused(name)
    rows = read_rows(kind, content, MOST_CANTEENS)
    header = tuple(cell.strip().lower() for cell in rows.header)
    if header not in (COLUMNS, COLUMNS[:NEEDED]):
        told = f"écrire « {';'.join(COLUMNS[:NEEDED])} » ou « {';'.join(COLUMNS)} »"
        raise CanteensRefused([Fault(name, 1, "", ";".join(rows.header), "en-tête inconnu", told)])
    wishes: dict[int, Wish] = {}
    faults: list[Fault] = []
    for line, cells in rows.lines:
        found = _wish(name, line, header, cells)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            wishes[line] = found
    if faults:
        raise CanteensRefused(faults)
    return wishes


def _wish(name: str, line: int, header: tuple[str, ...], cells: tuple[str, ...]) -> Wish | Fault:
    if any(cells[len(header) :]):
        return Fault(name, line, "", "", f"{len(cells)} cellules au lieu de {len(header)}", "ôter celles de trop")
    told = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    try:
        uai, siret, written = (unshielded(told.get(column, "")) for column in COLUMNS)
    except BadCell as bad:
        return Fault(name, line, "", "", bad.message, bad.repair)
    number = canteen_number(written) if written else None
    if number is not None and not isinstance(number, str):
        return Fault(
            name, line, "cantine_id", written, "ce n'est pas un numéro d'établissement", "écrire par exemple 949"
        )
    return Wish(uai, siret, int(number) if number else None)
