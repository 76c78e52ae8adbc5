"""Values as the text of a cell: one spelling each, so that equal problems and plans give equal bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from optimizer.blocks import CENT


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def price(number: Decimal) -> str:
    """A price in €/kg. Raises ValueError beyond 4 decimals: the format would lose them."""
    text = plain(number)
    if len(text.partition(".")[2]) > 4:
        raise ValueError(f"{number} has more than 4 decimals")
    return text


def euros(amount: Decimal) -> str:
    """An amount with 2 decimals. Raises ValueError when that would lose something."""
    rounded = amount.quantize(CENT)
    if rounded != amount:
        raise ValueError(f"{amount} is not a whole number of cents")
    return format(rounded, "f")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 CSV with a header row; rows are written in the order given."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
