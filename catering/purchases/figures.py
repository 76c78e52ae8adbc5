"""The figures of a civil year under the names of ma-cantine: simple and detailed forms, percents, objectives.

``simple_form(year)`` and ``detailed_form(year)`` take what ``catering.rules.egalim_year.year_of`` gives and return
euros by field name, in the order of the form of that data year; ``shares(year)`` the percents; ``objectives(year)``
what the law asks of that year and whether it holds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.rules import RuleBook, law
from catering.rules.egalim_tables import form_cells, informations
from catering.rules.egalim_year import Cell, Tally, YearOfPurchases, euros
from catering.rules.tables import NO_BUCKET

MEAT, FISH = "VIANDES_VOLAILLES", "PRODUITS_DE_LA_MER"
FAMILIES = (
    MEAT, FISH, "FRUITS_ET_LEGUMES", "CHARCUTERIE", "PRODUITS_LAITIERS", "BOULANGERIE", "BOISSONS", "AUTRES",
)  # fmt: skip
"""In the order of the forms."""
HUNDRED, HUNDREDTHS = 100, 10_000
MARKS: Mapping[str, Callable[[Cell], bool]] = {
    "FRANCE": lambda cell: cell.origin == "FRANCE",
    "EUROPE": lambda cell: cell.origin == "EUROPE",
    "CIRCUIT_COURT": lambda cell: cell.circuit_court,
    "LOCAL": lambda cell: cell.local,
}
BUCKET_FIELDS = {
    "BIO": "bio",
    "SIQO": "siqo",
    "EXTERNALITES_PERFORMANCE": "externalites_performance",
    "EGALIM_AUTRES": "egalim_autres",
}
WITH_FAIR_TRADE = ("BIO", "EGALIM_AUTRES")
"""Buckets whose fair-trade part is shown beside them, never added (EGA-22)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Percents of the value excl. tax, as ``percent`` rounds them; None when nothing was bought to divide by."""

    bio: Decimal | None
    egalim: Decimal | None
    meat_and_fish: Decimal | None
    meat: Decimal | None
    fish: Decimal | None


def percent(part: int, whole: int) -> Decimal | None:
    """A part in percent, to the nearest hundredth (half-up, away from zero); None of nothing.

    Never up to a whole percent that it does not reach: the law asks "at least" so many percent, and 19.996 % shown as
    20 % beside « manqué » would deny the verdict (decision 0220).
    """
    if whole == 0:
        return None
    sign = -1 if (part < 0) != (whole < 0) else 1
    part, whole = abs(part), abs(whole)
    nearest = (2 * part * HUNDREDTHS + whole) // (2 * whole)
    if sign > 0 and nearest % HUNDRED == 0 and nearest * whole > part * HUNDREDTHS:
        nearest -= 1
    return Decimal(sign * nearest).scaleb(-2)


def shares(year: YearOfPurchases) -> Shares:
    """The percents of a year (EGA-01 to EGA-03, EGA-09, EGA-10)."""

    def part(families: tuple[str, ...], buckets: tuple[str, ...]) -> Decimal | None:
        inside = {place: cents for place, cents in year.by_family.items() if place[0] in families}
        kept = sum(cents for (_, bucket), cents in inside.items() if bucket in buckets)
        return percent(kept, sum(inside.values()))

    every = tuple(BUCKET_FIELDS)
    return Shares(
        bio=part(FAMILIES, ("BIO",)),
        egalim=part(FAMILIES, every),
        meat_and_fish=part((MEAT, FISH), every),
        meat=part((MEAT,), every),
        fish=part((FISH,), every),
    )


def objectives(year: YearOfPurchases) -> dict[str, bool | None]:
    """Whether each ratio in force that year holds, by rule; None when nothing was bought to judge it by."""
    return {rule: ratio.holds for rule, ratio in sorted(year.ratios.items())}


def objectives_met(year: YearOfPurchases) -> bool:
    """Whether something was bought and no ratio in force fails; one with nothing to judge by does not fail."""
    return year.total > 0 and all(holds is not False for holds in objectives(year).values())


def simple_form(year: YearOfPurchases, book: RuleBook | None = None) -> dict[str, Decimal]:
    """Fields of the simple form, in its order; € excl. tax."""
    book = book or law()
    last_day = date(year.year, 12, 31)
    fields: dict[str, Decimal] = {"valeur_totale": year.total}
    for bucket, name in BUCKET_FIELDS.items():
        fields[f"valeur_{name}"] = year.buckets[bucket]
        if bucket in WITH_FAIR_TRADE:
            fields[f"valeur_{name}_dont_commerce_equitable"] = year.fair_trade[bucket]
    of_family = _information(year.tally, last_day, "france", book)
    for family in FAMILIES:
        name = f"valeur_{family.lower()}"
        if family in (MEAT, FISH):
            mine = {bucket: cents for (of, bucket), cents in year.by_family.items() if of == family}
            fields[name] = euros(sum(mine.values()))
            fields[f"{name}_egalim"] = euros(sum(mine.values()) - mine.get(NO_BUCKET, 0))
        fields[f"{name}_france"] = euros(of_family(family))
    return fields


def detailed_form(year: YearOfPurchases, book: RuleBook | None = None) -> dict[str, Decimal]:
    """Fields of the detailed form of the data year, in its order; € excl. tax."""
    book = book or law()
    fields: dict[str, Decimal] = {"valeur_totale": year.total}
    for family in (MEAT, FISH):
        mine = (cents for (of, _), cents in year.by_family.items() if of == family)
        fields[f"valeur_{family.lower()}"] = euros(sum(mine))
    fields.update((name, euros(cents)) for name, cents in _cells(year, book))
    return fields


def _cells(year: YearOfPurchases, book: RuleBook) -> Iterator[tuple[str, int]]:
    last_day = date(year.year, 12, 31)
    cells = form_cells(last_day, book.folder)
    by_sign = {sign: row.cell for row in cells for sign in row.signs.split()}
    sums: dict[tuple[str, str], int] = {}
    fair: dict[str, int] = {}
    for cell, cents in year.tally.items():
        place = by_sign.get(cell.sign, "non_egalim")
        sums[cell.family, place] = sums.get((cell.family, place), 0) + cents
        if place == "bio" and cell.fair_trade:
            fair[cell.family] = fair.get(cell.family, 0) + cents
    for place in [*(row.cell for row in cells), "non_egalim"]:
        for family in FAMILIES:
            name = f"valeur_{family.lower()}_{place}"
            yield name, sums.get((family, place), 0)
            if place == "bio":
                yield f"{name}_dont_commerce_equitable", fair.get(family, 0)
    for row in informations(last_day, book.folder):
        of_family = _information(year.tally, last_day, row.information, book)
        for family in FAMILIES:
            yield f"valeur_{family.lower()}_{row.information}", of_family(family)


def information_totals(year: YearOfPurchases, book: RuleBook | None = None) -> dict[str, Decimal]:
    """€ excl. tax of each informative figure of the data year, all families together (EGA-23)."""
    book = book or law()
    last_day = date(year.year, 12, 31)
    found = {}
    for row in informations(last_day, book.folder):
        of_family = _information(year.tally, last_day, row.information, book)
        found[f"valeur_{row.information}"] = euros(sum(of_family(family) for family in FAMILIES))
    return found


def _information(tally: Tally, last_day: date, information: str, book: RuleBook) -> Callable[[str], int]:
    """Cents of an informative figure by family, as the data year defines it."""
    rows = [row for row in informations(last_day, book.folder) if row.information == information]
    tests = [MARKS[mark] for row in rows for mark in row.any_of.split()]
    sums: dict[str, int] = {}
    for cell, cents in tally.items():
        if any(test(cell) for test in tests):
            sums[cell.family] = sums.get(cell.family, 0) + cents
    return lambda family: sums.get(family, 0)
