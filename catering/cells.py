"""How one cell of a table is read: text in, typed value out, or what is wrong and how to mend it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeAlias

Read: TypeAlias = Callable[[str], object]

SLUG = re.compile(r"[a-z0-9]+(_+[a-z0-9]+)*")
WHOLE = re.compile(r"-?[0-9]+")
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MOST_DIGITS = 20  # legal-number: characters of a number
"""Characters of a decimal number: quantities and prices have fewer, and exact arithmetic ends at 28 digits."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
UNLIMITED = "unlimited"
LONGEST_SLUG = 80  # legal-number: width of a database column


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. ``line`` counts from 1 with the header; 0 stands for the whole file. ``column`` may be empty.

    ``rule`` is the id of what is not kept to, where the rules of a file have ids.
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    repair: str
    rule: str = ""

    @property
    def place(self) -> str:
        """Where it stands in its file, in French, ready to be followed by the message."""
        where = [f"ligne {self.line}"] if self.line else []
        where += [f"colonne {self.column}"] if self.column else []
        where += [f"« {self.value} »"] if self.value else []
        return f"{', '.join(where)} : " if where else ""


class BadCell(ValueError):  # noqa: N818 - a signal between reader and cell, never seen by a person
    """The text cannot be the value; ``repair`` says what to write instead."""

    def __init__(self, message: str, repair: str) -> None:
        super().__init__(message)
        self.message = message
        self.repair = repair


def near(word: str, known: list[str]) -> str:
    """How to mend an unknown word: the nearest known one, or the whole list when it is short."""
    if same := next((each for each in known if each.casefold() == word.casefold()), None):
        return f"écrire {same}"
    if close := get_close_matches(word, known, n=1, cutoff=0.6):
        return f"vouliez-vous dire « {close[0]} » ?"
    return (
        f"choisir parmi : {' '.join(known)}"
        if len(known) <= 50
        else "corriger l'identifiant, ou ajouter ce qu'il désigne"
    )


def text(longest: int) -> Read:
    """Any text of at most ``longest`` characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(f"{len(cell)} caractères", f"raccourcir à {longest} caractères au plus")
        return cell

    return read


def slug(cell: str) -> str:
    """An ASCII slug of at most 80 characters, as ``chou_fleur``."""
    if not SLUG.fullmatch(cell) or len(cell) > LONGEST_SLUG:
        raise BadCell(
            "identifiant mal formé", f"n'employer que a-z, 0-9 et _ entre deux mots ({LONGEST_SLUG} caractères au plus)"
        )
    return cell


def matching(pattern: str, what: str) -> Read:
    """Text of an exact shape; ``what`` says it in French."""
    shape = re.compile(pattern)

    def read(cell: str) -> str:
        if not shape.fullmatch(cell):
            raise BadCell("forme inattendue", f"écrire {what}")
        return cell

    return read


def uai(cell: str) -> str:
    """A UAI: seven digits and their key letter (remainder modulo 23)."""
    if not re.fullmatch(r"[0-9]{7}[A-Z]", cell):
        raise BadCell("UAI mal formé", "écrire sept chiffres et une lettre, par exemple 0620004T")
    key = UAI_LETTERS[int(cell[:7]) % 23]
    if cell[7] != key:
        raise BadCell("clé d'UAI fausse", f"vérifier les chiffres : leur clé est {key}")
    return cell


def siren(cell: str) -> str:
    """A SIREN: nine digits whose Luhn sum is a multiple of ten."""
    if not re.fullmatch(r"[0-9]{9}", cell):
        raise BadCell("SIREN mal formé", "écrire neuf chiffres, sans espace")
    doubled = (int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(cell)))
    if not int(cell) or sum(number // 10 + number % 10 for number in doubled) % 10:
        raise BadCell("clé de SIREN fausse", "vérifier les neuf chiffres, ou laisser la cellule vide")
    return cell


def whole(low: int, high: int | None = None) -> Read:
    """A whole number of at least ``low`` and at most ``high``."""

    def read(cell: str) -> int:
        if not WHOLE.fullmatch(cell):
            raise BadCell(
                "ce n'est pas un nombre entier", _number_repair(cell, "un nombre entier, sans espace ni unité")
            )
        return int(_within(Decimal(cell), Decimal(low), None if high is None else Decimal(high)))

    return read


def exact(places: int, low: str, high: str | None = None, *, above: bool = False) -> Read:
    """A decimal with at most ``places`` decimals between ``low`` (excluded when ``above``) and ``high``."""
    floor, ceiling = Decimal(low), None if high is None else Decimal(high)

    def read(cell: str) -> Decimal:
        if not DECIMAL.fullmatch(cell):
            raise BadCell("ce n'est pas un nombre décimal", _number_repair(cell, "un nombre comme 1.20, sans unité"))
        if len(cell) > MOST_DIGITS:
            raise BadCell("trop de chiffres", f"en écrire {MOST_DIGITS} au plus")
        value = Decimal(cell)
        if value != value.quantize(Decimal(1).scaleb(-places)):
            raise BadCell("trop de décimales", f"arrondir à {places} décimales au plus")
        if above and value == floor:
            raise BadCell(f"{cell} n'est pas admis", f"écrire un nombre plus grand que {low}")
        return _within(value, floor, ceiling)

    return read


def _number_repair(cell: str, expected: str) -> str:
    if re.fullmatch(r"-?[0-9]+,[0-9]+", cell):
        return f"la virgule n'est pas la marque décimale : écrire {cell.replace(',', '.')}"
    digits = re.sub(r"[\s€%]|k?g$", "", cell).replace(",", ".")
    return f"écrire {digits}" if digits != cell and DECIMAL.fullmatch(digits) else f"écrire {expected}"


def _within(value: Decimal, low: Decimal, high: Decimal | None) -> Decimal:
    if value < low:
        reason = "un nombre négatif n'est pas admis" if value < 0 <= low else f"plus petit que {low}"
        raise BadCell(reason, f"écrire un nombre d'au moins {low}")
    if high is not None and value > high:
        raise BadCell(f"plus grand que {high}", f"écrire un nombre d'au plus {high}")
    return value


def day(cell: str) -> date:
    """An ISO date."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
            raise ValueError(cell)
        return date.fromisoformat(cell)
    except ValueError as error:
        hint = turned.isoformat() if (turned := french_day(cell)) else "une date du calendrier comme 2026-09-01"
        raise BadCell("ce n'est pas une date", f"écrire {hint}") from error


def french_day(cell: str) -> date | None:
    """A day of the calendar as people write it, DD/MM/YYYY; None when the text is none."""
    turned = re.fullmatch(r"([0-9]{2})[/.-]([0-9]{2})[/.-]([0-9]{4})", cell)
    try:
        return date(int(turned[3]), int(turned[2]), int(turned[1])) if turned else None
    except ValueError:
        return None


def truth(cell: str) -> bool:
    """``true`` or ``false``."""
    if cell not in ("true", "false"):
        raise BadCell("ni true ni false", "écrire true ou false")
    return cell == "true"


def word(words: type[StrEnum]) -> Read:
    """One word of a closed vocabulary."""

    def read(cell: str) -> StrEnum:
        try:
            return words(cell)
        except ValueError as error:
            raise BadCell("mot inconnu", near(cell, [each.value for each in words])) from error

    return read


def words(vocabulary: type[StrEnum]) -> Read:
    """Words of a closed vocabulary between single spaces, each once."""
    one = word(vocabulary)

    def read(cell: str) -> frozenset[object]:
        return _each_once([one(part) for part in cell.split(" ")])

    return read


def months(cell: str) -> frozenset[object]:
    """Month numbers 1 to 12 between single spaces, each once."""
    if not re.fullmatch(r"[0-9]{1,2}( [0-9]{1,2})*", cell):
        raise BadCell("liste de mois mal formée", "écrire des numéros de mois séparés par une espace : 1 2 3 10")
    return _each_once([int(_within(Decimal(part), Decimal(1), Decimal(12))) for part in cell.split(" ")])


def weekday(names: tuple[str, ...] = WEEKDAYS) -> Read:
    """A weekday by its English short name; Monday is 0."""

    def read(cell: str) -> int:
        if cell not in names:
            raise BadCell("jour inconnu", near(cell, list(names)))
        return names.index(cell)

    return read


def weekdays(cell: str) -> frozenset[object]:
    """Weekdays between single spaces, each once."""
    one = weekday()
    return _each_once([one(part) for part in cell.split(" ")])


def weekly_grams(cell: str) -> int | None:
    """Grams per week, at least 1, or ``unlimited`` (None)."""
    if cell == UNLIMITED:
        return None
    grams = whole(1)(cell)
    assert isinstance(grams, int)
    return grams


def _each_once(values: list[object]) -> frozenset[object]:
    found = frozenset(values)
    if len(found) < len(values):
        raise BadCell("une valeur est écrite deux fois", "n'écrire chaque valeur qu'une fois")
    return found
