"""Which figures of a result make which picture: titles, labels and units in French."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from catering.charts import ChartLine, ChartRow, Picture
from catering.waste.french import named
from catering.waste.reading import Measured
from catering.waste.rules.compared import means
from catering.waste.rules.declaration import kg
from catering.waste.rules.estimate import DayRatio, Estimate, per_cover
from catering.waste.rules.mass import Mass, added
from catering.waste.rules.result import DayResult, Result
from catering.waste.rules.target import target
from catering.waste.vocabulary import KitchenKind

PER_COVER = "g par couvert"
PER_MILLE = Decimal("0.001")
Word = TypeVar("Word", bound=StrEnum)


def share(mass: Mass, of: Iterable[Mass]) -> Decimal | None:
    """Share of the edible grams of some masses, 0 to 1, three decimals; None for a share of nothing."""
    whole = added(of).edible_g
    return None if not whole else (Decimal(mass.edible_g) / whole).quantize(PER_MILLE, ROUND_HALF_UP)


def heaviest(masses: Mapping[Word | None, Mass]) -> list[tuple[Word | None, Mass]]:
    """The masses, most edible grams first, the same order for the same masses."""
    return sorted(masses.items(), key=lambda pair: (-pair[1].edible_g, str(pair[0])))


def estimated(label: str, found: Estimate | None) -> ChartRow:
    """A row for an estimate."""
    return ChartRow(label, None) if found is None else ChartRow(label, found.value, found.low, found.high)


def of_stages(found: Result) -> Picture:
    """Edible grams per cover of each stage."""
    rows = [estimated(named(each.stage), each.per_cover) for each in found.stages]
    return Picture("Grammes comestibles par couvert, par étape", PER_COVER, rows)


def of_days(found: Measured) -> Picture:
    """Edible grams per cover of each day; a day that is not complete or not counted has no figure."""
    rows = [ChartRow(f"{day.day:%d/%m/%Y}", _of_day(day)) for day in found.result.days]
    return Picture("Grammes comestibles par couvert, jour par jour", PER_COVER, rows, compared(found.last, found.kind))


def _of_day(day: DayResult) -> Decimal | None:
    if not day.complete or not day.covers:
        return None
    found = per_cover([DayRatio(day.mass.edible_g, day.covers)])
    return None if found is None else found.value


def compared(on: date, kind: KitchenKind = KitchenKind.COLLEGE) -> list[ChartLine]:
    """The published means of its own kind that a kitchen is compared with."""
    return [ChartLine(each.french_name, each.value) for each in means(kind, on, of_its_kind=True)]


def of_history(found: Sequence[Measured]) -> Picture:
    """Edible grams per cover, campaign by campaign; the target of the base year, where there is one, and the means."""
    rows = [estimated(f"{each.first:%d/%m/%Y} – {each.last:%d/%m/%Y}", each.result.per_cover) for each in found]
    latest = found[-1]
    levels = compared(latest.last, latest.kind)
    if latest.site and latest.site.base_year and latest.site.base_g_per_cover:
        aim = target(latest.site.base_year, latest.site.base_g_per_cover, None, latest.last)
        levels.append(ChartLine(f"Cible (GAS-01) par rapport à {aim.base_year}", aim.target))
    return Picture("Grammes comestibles par couvert, campagne par campagne", PER_COVER, rows, levels)


def of_masses(title: str, masses: Mapping[Word | None, Mass]) -> Picture:
    """Edible kilograms, the heaviest first."""
    return Picture(title, "kg", [weighed(named(word), mass) for word, mass in heaviest(masses)])


def weighed(label: str, mass: Mass) -> ChartRow:
    """A row of edible kilograms."""
    return ChartRow(label, kg(mass.edible_g))
