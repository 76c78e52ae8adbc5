"""What can be wrong: with the files of a folder (:class:`FolderFault`) and with a plan (:class:`Fault`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Measure: TypeAlias = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class FolderFault:
    """One cell, line or file that cannot be read, where it stands and how to repair it (French).

    ``line`` counts from 1, the header; 0 when the whole file is meant. ``column`` is the name of a CSV column or of a
    JSON field, empty when the whole line is meant.
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    repair: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f", ligne {self.line}"
        if self.column:
            place += f", colonne {self.column}"
        return f"{place} : {self.message} À faire : {self.repair}"


class BadFolder(Exception):  # noqa: N818 - named for what it is: a folder that cannot be used
    """A folder that cannot be used; ``faults`` are all that were found, in order of file and line."""

    def __init__(self, faults: Iterable[FolderFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type[BadFolder], tuple[tuple[FolderFault, ...]]]:
        return BadFolder, (self.faults,)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a fault of a plan stands; what does not apply is empty.

    ``period`` is a date, a week (its Monday), a block (``first date/last date``), a civil year or ``horizon``;
    ``subject`` is the dish, ingredient, offer or supplier concerned.
    """

    kitchen: str = ""
    period: str = ""
    subject: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.kitchen, self.period, self.subject) if part)


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that a plan breaks. ``rule_id`` is a structural rule (``MENU`` …) or the id of a rule of the problem.

    ``value`` is what the plan has and ``bound`` what it should have; ``message`` says in French what is wrong and by
    how much.
    """

    rule_id: str
    scope: Scope
    value: Measure
    bound: Measure
    message: str

    def __str__(self) -> str:
        scope = str(self.scope)
        return f"{self.rule_id} [{scope}] {self.message}" if scope else f"{self.rule_id} {self.message}"
