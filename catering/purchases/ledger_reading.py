"""Reading a file of purchases: its header explained, every line read, everything wrong told at once.

The one reader of purchases files: ``LedgerFile(file, today).lines()`` yields good lines as they come and leaves what is
wrong in ``faults`` (those lines are refused) and what deserves a look in ``warnings`` (those lines are kept).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, BinaryIO

from catering.cells import Fault
from catering.documents.tables import MOST_INFLATED, stream_rows
from catering.progress import Report, silent
from catering.purchases.ledger import FORMATS, ORIGINS, SIGNS, Format, LedgerLine
from catering.purchases.ledger_cells import Wrong, has_siret_key, old_readers, readers
from catering.refusal import Refusal

LINES_BETWEEN_REPORTS = 10_000
EXCLUSIVE = frozenset({"LABEL_ROUGE", "AOCAOP"})
"""Signs that the law does not let one product bear together."""
READING = "Lecture des achats"


class HeaderRefused(Refusal):
    """The header is that of no format; ``faults`` say column by column how to mend it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        told = "\n".join(f"- {each.place}{each.message} : {each.repair}." for each in faults)
        super().__init__(f"L'en-tête ne convient pas.\n{told}")


class LedgerFile:
    """A file of purchases, read once.

    Args:
        file: CSV (any of ``,`` ``;`` tab; UTF-8 with or without mark, Windows-1252) or XLSX, told apart by content.
        today: no purchase is later.
        name: of the file, as faults cite it.
        report: told every ten thousand lines.
        most_inflated: greatest number of bytes of a workbook once unpacked.
    """

    def __init__(
        self,
        file: BinaryIO,
        today: date,
        *,
        name: str = "",
        report: Report = silent,
        most_inflated: int = MOST_INFLATED,
    ) -> None:
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.read = 0
        """Lines read so far, refused ones included."""
        self._name = name
        self._today = today
        self._report = report
        self._rows = stream_rows(file, most_inflated)
        self._seen: dict[int, int] = {}
        self._sirets: set[str] = set()
        self.format = self._header()

    def lines(self) -> Iterator[LedgerLine]:
        """The good lines, in order.

        Raises:
            catering.documents.refusals.TableRefused: the file stops being a table on its way.
        """
        twelve = len(self.format.columns) == len(FORMATS[0].columns)
        memos = readers(self._today) if twelve else old_readers(self._today)
        columns = [memos[name] for name in self.format.columns]
        width = len(columns)
        padding = ("",) * width
        by_siret = self.format.by_siret
        for number, row in self._rows:
            self.read += 1
            if self.read % LINES_BETWEEN_REPORTS == 0:
                self._report(READING, self.read, 0)
            if len(row) != width:
                if any(row[width:]):
                    self._too_wide(number, row, width)
                    continue
                row = (row + padding)[:width]
            values: list[Any] = [memo[cell] for memo, cell in zip(columns, row, strict=True)]
            line = LedgerLine._make([number, *values]) if twelve else _old_line(number, values)
            if Wrong in map(type, values):
                self._wrong(number, row, values)
            elif not self._local_faults(line):
                first = self._seen.setdefault(hash(row), number)
                if first != number:
                    self._twin(line, first)
                if line.labels.issuperset(EXCLUSIVE):
                    self._exclusive(line)
                if by_siret and line.canteen not in self._sirets:
                    self._look_at_key(line)
                yield line
        self._report(READING, self.read, self.read)

    def _header(self) -> Format:
        _, cells = next(self._rows, (0, ()))
        names = [name.strip().lstrip("\ufeff") for name in cells]
        while names and not names[-1]:
            names.pop()
        for known in FORMATS:
            if tuple(names) == known.columns:
                return known
        raise HeaderRefused(list(header_faults(self._name, names)))

    def _fault(self, number: int, column: str, value: str, wrong: Wrong) -> Fault:
        return Fault(self._name, number, column, value, wrong.message, wrong.repair, wrong.rule)

    def _too_wide(self, number: int, row: Sequence[str], width: int) -> None:
        message = f"{len(row)} cellules au lieu de {width}"
        repair = 'mettre entre guillemets une cellule qui contient le séparateur, par exemple "BIO,IGP"'
        self.faults.append(self._fault(number, "", "", Wrong("ACH-02", message, repair)))

    def _wrong(self, number: int, row: Sequence[str], values: Sequence[object]) -> None:
        for name, cell, value in zip(self.format.columns, row, values, strict=True):
            if isinstance(value, Wrong):
                self.faults.append(self._fault(number, name, cell, value))

    def _local_faults(self, line: LedgerLine) -> bool:
        """Whether what is said of local supply contradicts itself; each contradiction is told."""
        if not (line.local or line.local_definition or line.local_km is not None):
            return False
        wrong = list(_local_wrongs(line, old="definition_local_km" not in self.format.columns))
        self.faults += [self._fault(line.number, column, value, each) for column, value, each in wrong]
        return bool(wrong)

    def _twin(self, line: LedgerLine, first: int) -> None:
        repair = "retirer l'une des deux si l'achat n'a eu lieu qu'une fois"
        self._warn(line, "", "", Wrong("ACH-18", f"identique à la ligne {first}", repair))

    def _exclusive(self, line: LedgerLine) -> None:
        message = "LABEL_ROUGE et AOCAOP s'excluent"
        self._warn(line, "categories_egalim", "", Wrong("ACH-19", message, "vérifier le signe sur la facture"))

    def _look_at_key(self, line: LedgerLine) -> None:
        self._sirets.add(line.canteen)
        if not has_siret_key(line.canteen):
            self._warn(line, "siret", line.canteen, Wrong("ACH-20", "clé de SIRET fausse", "vérifier les chiffres"))

    def _warn(self, line: LedgerLine, column: str, value: str, wrong: Wrong) -> None:
        self.warnings.append(self._fault(line.number, column, value, wrong))


def _old_line(number: int, values: Sequence[Any]) -> LedgerLine:
    """A line of the older form: its characteristics hold signs, origin and marks together."""
    *first, marks, definition = values
    if not isinstance(marks, frozenset):
        marks = frozenset()
    origin = next((each for each in ORIGINS if each in marks), "")
    signs = marks.intersection(SIGNS)
    told = [signs, origin, "CIRCUIT_COURT" in marks, "LOCAL" in marks, definition, None]
    return LedgerLine._make([number, *first, *told])


def _local_wrongs(line: LedgerLine, *, old: bool) -> Iterator[tuple[str, str, Wrong]]:
    definition, km = line.local_definition, line.local_km
    if definition and not line.local:
        where = "caracteristiques (LOCAL)" if old else "est_local (OUI)"
        yield "definition_local", definition, Wrong(
            "ACH-16", "l'achat n'est pas dit local", f"vider la cellule, ou renseigner {where}"
        )  # fmt: skip
    if old and line.local and not definition:
        yield "definition_local", "", Wrong("ACH-16", "local sans définition", "dire ce que local veut dire")
    if km is not None and (not line.local or definition != "KM"):
        yield "definition_local_km", f"{km:f}", Wrong(
            "ACH-17", "la définition de local n'est pas KM", "vider la cellule, ou écrire KM dans definition_local"
        )  # fmt: skip


def header_faults(file: str, names: Sequence[str]) -> Iterator[Fault]:
    """What to change for a header to be that of the nearest format, column by column."""
    wanted = max(FORMATS, key=lambda each: len(set(each.columns) & {name.casefold() for name in names}))

    def fault(name: str, message: str, repair: str) -> Fault:
        return Fault(file, 1, name, "", message, repair, "ACH-01")

    if not set(wanted.columns) & {name.casefold() for name in names}:
        yield fault("", "aucune colonne connue", f"écrire l'en-tête : {','.join(wanted.columns)}")
        return
    missing = [name for name in wanted.columns if name not in names]
    for rank, name in enumerate(names, start=1):
        if name in wanted.columns:
            if name in names[: rank - 1]:
                yield fault(name, f"colonne {rank} écrite deux fois", "n'en garder qu'une")
        elif close := get_close_matches(name.casefold(), missing, n=1):
            missing.remove(close[0])
            yield fault(name, f"colonne {rank} mal nommée", f"la renommer {close[0]}")
        else:
            yield fault(name, f"colonne {rank} de trop pour le format « {wanted.french_name} »", "la supprimer")
    for name in missing:
        place = wanted.columns.index(name) + 1
        yield fault(name, "colonne absente", f"l'ajouter en position {place}, même vide")
    found = [name for name in names if name in wanted.columns]
    if not missing and len(found) == len(wanted.columns) and tuple(found) != wanted.columns:
        yield fault("", "colonnes dans un autre ordre", f"les ranger ainsi : {','.join(wanted.columns)}")
