"""The countries food comes from, by ISO 3166 code of two letters."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("countries.csv")


@cache
def countries() -> Mapping[str, str]:
    """French name of each country."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["code"]: row["french_name"] for row in csv.DictReader(file)})
