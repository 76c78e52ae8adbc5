"""The communes of the Pas-de-Calais and where they lie (INSEE and IGN, Licence Ouverte 2.0)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("communes.csv")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune; ``lat``, ``lon``: its middle in degrees, to a thousandth."""

    insee: str
    name: str
    lat: Decimal
    lon: Decimal


@cache
def communes() -> Mapping[str, Commune]:
    """Every commune of the Département by INSEE code."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        every = (
            Commune(row["insee"], row["name"], Decimal(row["lat"]), Decimal(row["lon"])) for row in csv.DictReader(file)
        )
        return MappingProxyType({each.insee: each for each in every})
