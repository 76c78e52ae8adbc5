"""Arguments of the command line, explained and refused in French."""

import argparse
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

UAI = re.compile(r"[0-9]{7}[A-Z]")
SCHOOL_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")

FRENCH = (
    ("invalid choice: ", "choix inconnu : "),
    ("choose from", "au choix"),
    ("expected one argument", "une valeur est attendue"),
    ("unrecognized arguments:", "arguments inconnus :"),
    ("the following arguments are required:", "il manque :"),
    ("ambiguous option:", "option ambiguë :"),
    ("not allowed with argument", "incompatible avec"),
)


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help in French, with the default of each option that has one."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)

    def add_usage(
        self,
        usage: str | None,
        actions: "Sequence[argparse.Action]",  # type: ignore[override]
        groups: "Sequence[argparse._MutuallyExclusiveGroup]",  # type: ignore[override]
        prefix: str | None = None,
    ) -> None:
        """The usage line."""
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks French and ends with code 2 on bad input."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=Layout,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "Arguments"
        self._optionals.title = "Options"
        self.add_argument("-h", "--help", action="help", help="afficher cette aide")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is."""
        for english, french in FRENCH:
            message = message.replace(english, french)
        self.exit(2, f"{self.prog} : {message}\nAide : {self.prog} --help\n")


def whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """Reader of a whole number between ``low`` and ``high`` (no upper limit when None)."""
    wanted = f"un entier d'au moins {low}" if high is None else f"un entier de {low} à {high}"

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < low or (high is not None and int(text) > high):
            raise argparse.ArgumentTypeError(f"« {text} » : {wanted} est attendu")
        return int(text)

    return read


def seconds(text: str) -> float:
    """Reader of a positive duration in seconds."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"« {text} » : un nombre de secondes positif est attendu (ex. 600)")
    return value


def euros(text: str) -> Decimal:
    """An amount of at least 0, with at most four decimals.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.0001")):
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un montant : écrire un nombre d'euros, comme 0.10.")
    return amount


def folder_to_write(text: str) -> Path:
    """Reader of a folder that will be written: it may not exist yet, but it may not be a file."""
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"« {text} » est un fichier : donner un dossier")
    return path


def folder_to_read(text: str) -> Path:
    """Reader of a folder that must exist."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un dossier")
    return path


def file_to_read(text: str) -> Path:
    """Reader of a file that must exist."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un fichier")
    return path


def kitchens(text: str) -> int | tuple[str, ...]:
    """Reader of a number of kitchens, or of UAI separated by commas."""
    if text.isascii() and text.isdigit():
        return whole(1)(text)
    uais = tuple(dict.fromkeys(part.strip().upper() for part in text.split(",")))
    for uai in uais:
        if not UAI.fullmatch(uai):
            raise argparse.ArgumentTypeError(
                f"« {uai} » : un nombre ou des UAI sont attendus (ex. 10, ou 0620004T,0620014D)"
            )
    return uais


def listed(text: str) -> list[str]:
    """Reader of words separated by commas, each once, in their order."""
    return list(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))


def monday(text: str) -> date:
    """Reader of the Monday that names a week."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.weekday() != 0:
        raise argparse.ArgumentTypeError(f"« {text} » : un lundi est attendu (ex. 2026-09-14)")
    return day


def school_year(text: str) -> str:
    """Reader of a school year as ``2026-27``."""
    found = SCHOOL_YEAR.fullmatch(text)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise argparse.ArgumentTypeError(f"« {text} » : une année scolaire est attendue (ex. 2026-27)")
    return text
