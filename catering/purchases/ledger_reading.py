"""Reading a file of purchases: its header explained, every line read, everything wrong told at once.

The one reader of purchases files: ``LedgerFile(file, today).lines()`` yields good lines in order and leaves what is
wrong in ``faults`` (those lines are refused) and what deserves a look in ``warnings`` (those lines are kept).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any, BinaryIO

from catering.cells import Fault
from catering.documents.tables import MOST_INFLATED, NumberedRow, stream_rows
from catering.progress import Report, silent
from catering.purchases.counting import FERMIER, product_told
from catering.purchases.ledger import FORMATS, ORIGINS, SIGNS, Format, LedgerLine
from catering.purchases.ledger_cells import Wrong, has_siret_key, old_readers, readers
from catering.refusal import Refusal

LINES_BETWEEN_REPORTS = 10_000
LINES_AT_ONCE = 1_000
"""Read by columns; a part of ``LINES_BETWEEN_REPORTS``. More would live long enough for the garbage collector to go
through all there is, again and again; fewer cost calls."""
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
        self._twelve = len(self.format.columns) == len(FORMATS[0].columns)
        memos = readers(today) if self._twelve else old_readers(today)
        self._memos = [memos[name] for name in self.format.columns]
        self._defined_when_local = "definition_local_km" not in self.format.columns
        """The older form has a place for what local means only: it must be told."""

    def lines(self) -> Iterator[LedgerLine]:
        """The good lines, in order; see ``batches``."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[list[LedgerLine]]:
        """The good lines, in order, some thousands at a time: cells are read by columns.

        Raises:
            catering.documents.refusals.TableRefused: the file stops being a table on its way.
        """
        while rows := list(islice(self._rows, LINES_AT_ONCE)):
            self.read += len(rows)
            yield self._batch(rows)
            if self.read % LINES_BETWEEN_REPORTS == 0:
                self._report(READING, self.read, 0)
        self._report(READING, self.read, self.read)

    def _batch(self, rows: Sequence[NumberedRow]) -> list[LedgerLine]:
        known = len(self.faults)
        numbers, cells = self._as_wide_as_the_header(rows)
        columns = zip(*cells, strict=True) if cells else [()] * len(self._memos)
        told = [list(map(memo.__getitem__, column)) for memo, column in zip(self._memos, columns, strict=True)]
        values = told if self._twelve else _old_columns(told)
        lines = list(map(LedgerLine._make, zip(numbers, *values, strict=True)))
        firsts = list(map(self._seen.setdefault, map(hash, cells), numbers))
        if firsts != numbers or self._looks_odd(values):
            every = zip(lines, cells, zip(*told, strict=True), firsts, strict=True)
            lines = [line for line, row, read, first in every if self._is_good(line, row, read, first)]
        if any(FERMIER in signs for signs in set(values[6])):
            self._doubt_fermier(lines)
        self.faults[known:] = sorted(self.faults[known:], key=attrgetter("line"))
        return lines

    def _as_wide_as_the_header(self, rows: Sequence[NumberedRow]) -> tuple[list[int], list[tuple[str, ...]]]:
        """Number and cells of the rows that are no wider than the header, empty cells added to those less wide."""
        width = len(self.format.columns)
        if any(len(row) != width for _, row in rows):
            for number, row in rows:
                if any(row[width:]):
                    self._too_wide(number, row, width)
            padding = ("",) * width
            rows = [(number, (row + padding)[:width]) for number, row in rows if not any(row[width:])]
        return [number for number, _ in rows], [row for _, row in rows]

    def _looks_odd(self, values: Sequence[Sequence[Any]]) -> bool:
        """Whether lines, given by columns, must be looked at one by one: most batches hold nothing to tell."""
        if any(memo.met_wrong for memo in self._memos):
            return True
        canteens, labels, local = values[0], values[6], zip(*values[9:], strict=True)
        return (
            (self.format.by_siret and not self._sirets.issuperset(canteens))
            or any(signs.issuperset(EXCLUSIVE) for signs in set(labels))
            or any(any(_local_wrongs(*told, old=self._defined_when_local)) for told in set(local))
        )

    def _is_good(self, line: LedgerLine, row: Sequence[str], read: Sequence[object], first: int) -> bool:
        """Whether a line is kept; what is wrong with it or deserves a look is told."""
        if Wrong in map(type, read):
            self._wrong(line.number, row, read)
            return False
        if self._local_faults(line):
            return False
        if first != line.number:
            self._twin(line, first)
        if line.labels.issuperset(EXCLUSIVE):
            self._exclusive(line)
        if self.format.by_siret and line.canteen not in self._sirets:
            self._look_at_key(line)
        return True

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
        wrong = list(_local_wrongs(*line[10:], old=self._defined_when_local))
        self.faults += [self._fault(line.number, column, value, each) for column, value, each in wrong]
        return bool(wrong)

    def _twin(self, line: LedgerLine, first: int) -> None:
        repair = "retirer l'une des deux si l'achat n'a eu lieu qu'une fois"
        self._warn(line, "", "", Wrong("ACH-18", f"identique à la ligne {first}", repair))

    def _exclusive(self, line: LedgerLine) -> None:
        message = "LABEL_ROUGE et AOCAOP s'excluent"
        self._warn(line, "categories_egalim", "", Wrong("ACH-19", message, "vérifier le signe sur la facture"))

    def _doubt_fermier(self, lines: Sequence[LedgerLine]) -> None:
        """EGA-12: the mention counts for few products; where nothing tells that it is one, the buyer is told."""
        for line in lines:
            if FERMIER in line.labels and product_told(line.product, line.family) is None:
                message = "rien ne dit que c'est un fromage ou des œufs : fermier ne compte que pour eux"
                repair = "le dire dans la description, ou retirer FERMIER"
                self._warn(line, "categories_egalim", line.product, Wrong("ACH-23", message, repair))

    def _look_at_key(self, line: LedgerLine) -> None:
        self._sirets.add(line.canteen)
        if not has_siret_key(line.canteen):
            self._warn(line, "siret", line.canteen, Wrong("ACH-20", "clé de SIRET fausse", "vérifier les chiffres"))

    def _warn(self, line: LedgerLine, column: str, value: str, wrong: Wrong) -> None:
        self.warnings.append(self._fault(line.number, column, value, wrong))


def _old_columns(columns: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """Columns of the older form as those of twelve: its characteristics hold signs, origin and marks together."""
    *first, marks, definition = columns
    signs, origin, short, local = zip(*map(_parted, marks), strict=True) if marks else [()] * 4
    return [*first, signs, origin, short, local, definition, [None] * len(marks)]


@lru_cache(maxsize=1_000)  # legal-number: more sets of marks than any file holds
def _parted(marks: Any) -> tuple[frozenset[str], str, bool, bool]:
    """Signs, origin, short chain and local of some characteristics; nothing of what is ``Wrong``."""
    told = marks if isinstance(marks, frozenset) else frozenset()
    origin = next((each for each in ORIGINS if each in told), "")
    return told.intersection(SIGNS), origin, "CIRCUIT_COURT" in told, "LOCAL" in told


def _local_wrongs(local: bool, definition: str, km: Decimal | None, *, old: bool) -> Iterator[tuple[str, str, Wrong]]:
    if definition and not local:
        where = "caracteristiques (LOCAL)" if old else "est_local (OUI)"
        yield "definition_local", definition, Wrong(
            "ACH-16", "l'achat n'est pas dit local", f"vider la cellule, ou renseigner {where}"
        )  # fmt: skip
    if old and local and not definition:
        yield "definition_local", "", Wrong("ACH-16", "local sans définition", "dire ce que local veut dire")
    if km is not None and (not local or definition != "KM"):
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
