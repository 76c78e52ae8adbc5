"""Reading and writing seed tables: CSV, UTF-8, comma, header row, `\\n` line ends (seeds/README.md)."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = dict[str, str]

SEEDS = Path(__file__).resolve().parent.parent
BUILD = SEEDS / "build"


def read_table(path: Path) -> list[Row]:
    """Return the rows of a table as texts, in file order. Raises `OSError` when the file is missing."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_parameters() -> dict[str, str]:
    """Return `parameters.csv` as name → value, both texts."""
    return {row["name"]: row["value"] for row in read_table(BUILD / "parameters.csv")}


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows under exactly these columns. Raises `ValueError` on a column that is not listed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)
