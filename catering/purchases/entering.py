"""What the lines of a purchases file add up to as they come, and the rows they become; read and judged by columns."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from catering.purchases.already import Told
from catering.purchases.counting import Sold, Verdicts, cell_of_marks, sold_as
from catering.purchases.ledger import LedgerLine
from catering.purchases.models import LocalDefinition, OriginZone
from catering.purchases.summing import Sums
from catering.recipes.vocabulary import Family
from catering.rules.egalim import Counted
from catering.rules.egalim_year import Cell
from catering.spelling import folded
from catering.staging import StagedRows

COLUMNS = (
    "kitchen_id", "supplier_id", "supplier_name", "bought_on", "product", "amount_excl_tax", "file_line", "year",
    "sign", "not_counted", "family", "labels", "origin_zone", "circuit_court", "local", "local_definition", "local_km",
)  # fmt: skip
"""Of a row, in the order in which lines are put aside."""
SIREN = 9
"""Digits of a SIRET that name the legal entity."""


class Places(dict[str, int]):
    """Kitchen number by establishment; a SIRET that is not registered is found by the SIREN of its collège."""

    def __init__(self, registered: Mapping[str, int], by_siren: Mapping[str, int]) -> None:
        super().__init__(registered)
        self._by_siren = by_siren

    def __missing__(self, canteen: str) -> int:
        return self._by_siren.get(canteen[:SIREN], 0)


class Sellers(dict[str, int | None]):
    """Supplier number by a name as written; None for a name that no registered supplier bears alone."""

    def __init__(self, by_name: Mapping[str, int]) -> None:
        super().__init__({"": None})
        self._by_name = by_name

    def __missing__(self, written: str) -> int | None:
        self[written] = found = self._by_name.get(folded(written))
        return found


class Entering:
    """What the lines of a file add up to as they come, and their rows put aside."""

    def __init__(self, places: Places, sellers: Sellers, rows: StagedRows, told: Told) -> None:
        self.places = places
        self.told = told
        self.lines = self.cents = 0
        self.digest = hashlib.sha256()
        """Of the lines as read: the same table in another encoding, separator or name is the same file."""
        self.named: dict[str, int] = {}
        self._sellers = sellers
        self._rows = rows
        self._alike = _Kinds()
        self._ways = _Ways()
        self._shown = _Shown()
        self._added: dict[tuple[int, _Month, _Kind], list[int]] = defaultdict(lambda: [0, 0])

    def take(self, lines: Sequence[LedgerLine]) -> None:
        """Count some lines and put their rows aside."""
        if not lines:
            return
        numbers, canteens, products, sellers, days, cents, *told = zip(*lines, strict=True)
        places = list(map(self.places.__getitem__, canteens))
        kinds = list(map(self._alike.__getitem__, zip(*told, strict=True)))
        sold = map(sold_as, told[1], products, told[0], told[3], told[4])
        ways = list(map(self._ways.__getitem__, zip(days, told[1], sold, strict=True)))
        self.told.put(places, lines)
        self.lines += len(lines)
        self.cents += sum(cents)
        self.named.update(zip(canteens, places, strict=True))
        self._sum(places, ways, kinds, cents)
        self._tell(canteens, products, sellers, days, cents, kinds)
        known = list(map(self._sellers.__getitem__, sellers))
        written = [seller or None for seller in sellers]
        judged = zip(*[way.columns for way in ways], strict=True)
        alike = zip(*[kind.columns for kind in kinds], strict=True)
        self._rows.put([places, known, written, days, products, cents, numbers, *judged, *alike])

    def sums(self) -> Sums:
        """What the lines add to the sums."""
        sums = Sums()
        for (place, (day, sign), kind), (cents, lines) in self._added.items():
            sums.count(place, day, kind.cell(sign), cents, lines)
        return sums

    def _sum(
        self, places: Sequence[int], ways: Sequence["_Way"], kinds: Sequence["_Kind"], cents: Sequence[int]
    ) -> None:
        added = self._added
        for place, way, kind, amount in zip(places, ways, kinds, cents, strict=True):
            delta = added[place, way.month, kind]
            delta[0] += amount
            delta[1] += 1

    def _tell(
        self,
        canteens: Sequence[str],
        products: Sequence[str],
        sellers: Sequence[str],
        days: Sequence[date],
        cents: Sequence[int],
        kinds: Sequence["_Kind"],
    ) -> None:
        shown = self._shown
        every = zip(canteens, products, sellers, days, cents, kinds, strict=True)
        told = [
            f"({shown[canteen]}, {product!r}, {shown[seller]}, {shown[day]}, {amount}, {kind.shown}"
            for canteen, product, seller, day, amount, kind in every
        ]
        self.digest.update("".join(told).encode())


_Month: TypeAlias = tuple[date, str]
"""First day of a month, and the sign by which what was bought in it counts."""


class _Way:
    """What lines judged alike share."""

    def __init__(self, day: date, counted: Counted) -> None:
        why = " ".join([f"{sign}:{reason.case}" for sign, reason in counted.reasons])
        self.columns = (day.year, counted.sign, why)
        """Of a row."""
        self.month = (day.replace(day=1), counted.sign)


class _Ways(dict[tuple[date, frozenset[str], Sold | None], _Way]):
    """By what the law looks at."""

    def __init__(self) -> None:
        super().__init__()
        self._verdicts = Verdicts()

    def __missing__(self, key: tuple[date, frozenset[str], Sold | None]) -> _Way:
        self[key] = made = _Way(key[0], self._verdicts[key])
        return made


class _Kind:
    """What lines alike in family, labels and marks (the fields of a line from the sixth on) share: they are few."""

    def __init__(self, told: tuple[Any, ...]) -> None:
        family, labels, origin, short, local, definition, km = told
        zone = OriginZone(origin) if origin else None
        meant = LocalDefinition(definition) if definition else None
        written = " ".join(sorted(labels))
        self.columns = (Family(family), written, zone, short, local, meant, km)
        """Of a row."""
        self.shown = repr((family, written.replace(" ", ","), *told[2:])).removeprefix("(")
        """End of what the digest is told of a line."""
        self._told = told

    def cell(self, sign: str) -> Cell:
        """Where lines that count by a sign are summed."""
        return cell_of_marks(self._told, sign)


class _Kinds(dict[tuple[Any, ...], _Kind]):
    def __missing__(self, told: tuple[Any, ...]) -> _Kind:
        self[told] = made = _Kind(told)
        return made


class _Shown(dict[Any, str]):
    """How values that come again and again are told to the digest."""

    def __missing__(self, value: Any) -> str:
        self[value] = shown = repr(value)
        return shown
