"""All kitchens × all criteria of a school year, read from the results that are stored when menus change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.kitchens.queries import KEY, kitchens
from catering.menus.graph.check import HUNDREDTH, SchoolYear
from catering.menus.standings import Cell, Trend, grid
from catering.menus.trays import school_year_of
from catering.moment import today
from catering.rules import law
from catering.rules.meals import Standing
from catering.rules.shapes import Count, WeeklyCount

strawberry.enum(Trend, description="How far from its bounds a criterion is now, against the period before.")


@strawberry.type(description="One kitchen and one criterion over a school year.")
class NutritionCell:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="Its French title.")
    standing: Standing = strawberry.field(description="The worst of all periods of the year.")
    current: Standing = strawberry.field(description="Of the current period.")
    first: date = strawberry.field(name="firstDay", description="First meal of the current period.")
    last: date = strawberry.field(name="lastDay", description="Its last meal.")
    sure: Decimal = strawberry.field(description="Meals of it that surely count.")
    possible: Decimal = strawberry.field(description="Meals of it that may count.")
    minimum: int | None = strawberry.field(description="Least that is asked of it; null for no minimum.")
    maximum: int | None = strawberry.field(description="Most that is allowed; null for no maximum.")
    periods: int = strawberry.field(description="Blocks or weeks of the year.")
    broken_past: int = strawberry.field(description="Periods that are over and do not hold.")
    broken_ahead: int = strawberry.field(description="Periods that do not hold and can still be cured.")
    undecided: int = strawberry.field(description="Periods that hang on missing figures.")
    windows_broken: int = strawberry.field(description="Sliding windows that do not hold: a warning.")
    trend: Trend | None = strawberry.field(description="Null in the first period.")


@strawberry.type(description="One kitchen's row of the grid.")
class NutritionRow:
    kitchen: Kitchen = strawberry.field(description="The kitchen.")
    cells: list[NutritionCell] = strawberry.field(description="One per criterion that was checked, in order of rule.")


def show_cell(cell: Cell) -> NutritionCell:
    """A cell as GraphQL shows it."""
    counts = {name: getattr(cell, name).quantize(HUNDREDTH, ROUND_HALF_UP) for name in ("sure", "possible")}
    return shown(NutritionCell, cell, title=_title(cell.rule), **counts)


def _title(rule: str) -> str:
    entry = law().entries[rule]
    assert isinstance(entry, Count | WeeklyCount), rule
    return entry.title


@dataclass(frozen=True, slots=True)
class CellsWanted:
    """One kitchen's cells as they stand on a day."""

    kitchen_id: int
    on: date


class CellsByKitchen(Loader[CellsWanted, Sequence[Cell]]):
    """Cells of kitchens in order of rule: one statement per distinct day."""

    async def fetch(self, keys: list[CellsWanted]) -> Mapping[CellsWanted, Sequence[Cell]]:
        """The cells by kitchen."""
        found: dict[CellsWanted, list[Cell]] = defaultdict(list)
        for on in {key.on for key in keys}:
            kitchens_asked = {key.kitchen_id for key in keys if key.on == on}
            async with self.request.reading() as session:
                cells = await grid(session, self.request.viewer, school_year_of(on), on, kitchens_asked)
            for cell in cells:
                found[CellsWanted(cell.kitchen_id, on)].append(cell)
        return found

    def missing(self, key: CellsWanted) -> Sequence[Cell]:
        """No menus, no cells."""
        del key
        return ()


@documented
async def nutrition_standings(
    kitchen: strawberry.Parent[Kitchen],
    info: Ask,
    on: Annotated[date, strawberry.argument(description="The day whose period is the current one.")],
) -> list[NutritionCell]:
    """Each nutrition criterion over the 20 meals, or the week, of a day; in order of rule, none without menus."""
    cells = await info.context.loader(CellsByKitchen).load(CellsWanted(kitchen.row_id, on))
    return [show_cell(cell) for cell in cells]


OF_KITCHEN = (nutrition_standings,)


@strawberry.type
class Query:
    @documented
    async def nutrition_grid(
        self,
        info: Ask,
        school_year: SchoolYear,
        epci: Annotated[str | None, strawberry.argument(description="Only of this group of communes (name).")] = None,
    ) -> list[NutritionRow]:
        """Every kitchen you may read that has menus, with each criterion; in order of UAI."""
        request = info.context
        rows = await request.objects(kitchens(request.viewer, epci=epci).order_by(*KEY))
        wanted = None if epci is None else [row.id for row in rows]
        async with request.reading() as session:
            found = await grid(session, request.viewer, school_year, today(), wanted)
        cells: dict[int, list[NutritionCell]] = defaultdict(list)
        for cell in found:
            cells[cell.kitchen_id].append(show_cell(cell))
        return [NutritionRow(kitchen=show_kitchen(row), cells=cells[row.id]) for row in rows if row.id in cells]
