"""Waste of many kitchens at once: by group of communes, kitchen, dish or cause, as GraphQL shows it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from catering.charts import Picture, bars
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.paging import DEFAULT_ROWS, require_size
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.kitchens.epcis import UnknownEpci, require_epci
from catering.recipes.loaders import DishById
from catering.waste import pictures
from catering.waste.french import named
from catering.waste.graph.results import GramsPerCover, WasteMass, show_estimate
from catering.waste.graph.weighings import FirstDay, HowMany, LastDay, require_period
from catering.waste.reading import Measured, of_all
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.dishes import by_dish
from catering.waste.rules.estimate import DayRatio, Estimate, per_cover
from catering.waste.rules.mass import Mass, added
from catering.waste.vocabulary import KitchenKind, WasteCause


@strawberry.enum(description="What the rows of a view are.")
class WasteViewBy(Enum):
    """How waste is put together."""

    EPCI = "epci"
    KITCHEN = "kitchen"
    DISH = "dish"
    CAUSE = "cause"


@strawberry.type(description="One row of a view.")
class WasteViewRow:
    estimate: strawberry.Private[Estimate | None]
    key: strawberry.ID = strawberry.field(description="Name of the EPCI, UAI, id of the dish, or cause.")
    label: str = strawberry.field(description="In French.")
    kitchens: int = strawberry.field(description="How many kitchens it is made of.")
    mass: WasteMass = strawberry.field(description="Grams.")

    @documented
    def edible_per_cover(self) -> GramsPerCover | None:
        """Edible grams per cover; of a cause there is none, and none where no day is complete and counted."""
        return show_estimate(self.estimate)


@strawberry.type(description="Waste of the kitchens you may read, put together one way.")
class WasteView:
    all_rows: strawberry.Private[Sequence[WasteViewRow]]
    kind: strawberry.Private[KitchenKind | None]
    by: WasteViewBy = strawberry.field(description="What the rows are.")
    first_day: date = strawberry.field(description="First day looked at.")
    last_day: date = strawberry.field(description="Last day looked at.")
    kitchens: int = strawberry.field(description="Kitchens that weighed something.")
    rows: list[WasteViewRow] = strawberry.field(description="The heaviest, at most `first`.")

    @documented
    def others(self) -> int:
        """How many rows follow those shown."""
        return len(self.all_rows) - len(self.rows)

    @documented
    def others_edible_g(self) -> BigInt:
        """Edible grams of the rows that are not shown: nothing is lost from sight."""
        return BigInt(added(each.mass.row for each in self.all_rows[len(self.rows) :]).edible_g)

    @documented
    def chart(self) -> Chart:
        """The rows shown: grams per cover with their interval; of causes, edible kilograms."""
        title = TITLES[self.by]
        if self.by is WasteViewBy.CAUSE:
            found = {each.label: each.mass.row for each in self.rows}
            rows = [pictures.weighed(label, mass) for label, mass in found.items()]
            return show_chart(Picture(title, "kg", rows), bars)
        rows = [pictures.estimated(each.label, each.estimate) for each in self.rows]
        # The means are of a whole tray: beside a dish alone they would say that every dish is eaten up.
        alike = self.kind if self.by is not WasteViewBy.DISH else None
        levels = [] if alike is None else pictures.compared(self.last_day, alike)
        return show_chart(Picture(title, pictures.PER_COVER, rows, levels), bars)


TITLES = {
    WasteViewBy.EPCI: "Grammes comestibles par couvert, par intercommunalité",
    WasteViewBy.KITCHEN: "Grammes comestibles par couvert, par cuisine",
    WasteViewBy.DISH: "Grammes comestibles par couvert, par plat",
    WasteViewBy.CAUSE: "Kilogrammes comestibles par cause",
}


def _row(key: str, label: str, some: Sequence[Measured], mass: Mass, estimate: Estimate | None) -> WasteViewRow:
    return WasteViewRow(
        estimate=estimate, key=strawberry.ID(key), label=label, kitchens=len(some), mass=WasteMass(row=mass)
    )


def _by_epci(found: Sequence[Measured]) -> list[WasteViewRow]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for each in found:
        groups[each.kitchen.epci].append(each)
    return [_row(epci, epci, some, _mass(some), together(some)) for epci, some in groups.items()]


def _by_kitchen(found: Sequence[Measured]) -> list[WasteViewRow]:
    return [
        _row(each.kitchen.uai, each.kitchen.name, [each], each.result.mass, each.result.per_cover) for each in found
    ]


def _by_cause(found: Sequence[Measured]) -> list[WasteViewRow]:
    masses: dict[WasteCause | None, list[Mass]] = defaultdict(list)
    for each in found:
        for cause, mass in mass_by(each.rows, _cause).items():
            masses[cause].append(mass)
    return [
        _row(str(cause or ""), named(cause), found[: len(some)], added(some), None) for cause, some in masses.items()
    ]


def _cause(row: object) -> WasteCause | None:
    found: WasteCause | None = getattr(row, "cause")  # noqa: B009 - rows of sums have their columns by name
    return found


async def _by_dish(info: Ask, found: Sequence[Measured]) -> list[WasteViewRow]:
    rows = [row for each in found for row in each.rows]
    wastes = by_dish(rows, [count for each in found for count in each.covers])
    dishes = await info.context.loader(DishById).load_many([each.dish_id for each in wastes])
    where: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        where[row.dish_id].add(row.kitchen_id)
    return [
        _row(dish.slug, dish.name, found[: len(where[dish.id])], each.mass, each.per_cover)
        for each, dish in zip(wastes, dishes, strict=True)
        if dish is not None
    ]


def _mass(some: Sequence[Measured]) -> Mass:
    return added(each.result.mass for each in some)


def together(some: Sequence[Measured]) -> Estimate | None:
    """Several kitchens as one figure: kitchens are what is drawn, for the days of one kitchen are alike."""
    if len(some) == 1:
        return some[0].result.per_cover
    return per_cover(
        [DayRatio(sum(day.mass.edible_g for day in each.result.usable), each.result.covers) for each in some]
    )


def _only_kind(found: Sequence[Measured]) -> KitchenKind | None:
    """The kind of all that weighed; None when kinds are mixed: no published mean is of such a mixture."""
    kinds = {each.kind for each in found}
    return kinds.pop() if len(kinds) == 1 else None


def _heaviest_first(row: WasteViewRow) -> tuple[bool, float, int, str]:
    value = 0.0 if row.estimate is None else -float(row.estimate.value)
    return row.estimate is None, value, -row.mass.row.edible_g, str(row.key)


@strawberry.type
class Query:
    @documented
    async def waste_view(
        self,
        info: Ask,
        by: Annotated[WasteViewBy, strawberry.argument(description="What the rows are.")],
        first_day: FirstDay,
        last_day: LastDay,
        epci: Annotated[str | None, strawberry.argument(description="Only of this group of communes (name).")] = None,
        kind: Annotated[
            KitchenKind | None, strawberry.argument(description="Only of this kind of establishment; all by default.")
        ] = None,
        first: HowMany = DEFAULT_ROWS,
    ) -> WasteView:
        """Waste of the kitchens you may read, the heaviest per cover first; what is not shown is summed up."""
        require_period(first_day, last_day)
        require_size(first)
        if epci is not None:
            async with info.context.reading() as session:
                try:
                    await require_epci(session, info.context.viewer, epci)
                except UnknownEpci as unknown:
                    raise BadArgumentError(f"epci : {unknown}") from unknown
        found = await of_all(info.context, first_day, last_day, epci, kind)
        if by is WasteViewBy.DISH:
            rows = await _by_dish(info, found)
        else:
            make = {
                WasteViewBy.EPCI: _by_epci,
                WasteViewBy.KITCHEN: _by_kitchen,
                WasteViewBy.CAUSE: _by_cause,
            }[by]
            rows = make(found)
        rows.sort(key=_heaviest_first)
        return WasteView(
            all_rows=rows,
            by=by,
            first_day=first_day,
            last_day=last_day,
            kitchens=len(found),
            rows=rows[:first],
            kind=kind or _only_kind(found),
        )
