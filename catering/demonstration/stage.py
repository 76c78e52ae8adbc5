"""Where and when the story plays: the kitchens and weeks of the published plan, around today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.calendar import Span, week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, school_calendar
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.people.viewer import Viewer
from catering.planning.models import PlannedMeal, PlanRun, SourcedLine
from catering.planning.queries import lines, meals
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law

MOST_KITCHENS = 8
"""Kitchens whose deliveries are told; contracts are told of all."""
WEEKS_BEFORE = 3
WEEKS_AFTER = 2


@dataclass(frozen=True, slots=True)
class Weeks:
    """Mondays of the plan around a day: the last ones before its week, its week, the next ones."""

    past: tuple[date, ...]
    present: tuple[date, ...]
    coming: tuple[date, ...]

    @property
    def every(self) -> tuple[date, ...]:
        """All of them, in order."""
        return self.past + self.present + self.coming

    @property
    def notice(self) -> str | None:
        """What to say, in French, when the plan does not surround the day."""
        if not self.past:
            return (
                "Aucune semaine du plan n'est passée : rien n'est inventé du passé, les commandes commencent à la "
                f"semaine du {self.every[0]:%d/%m/%Y}."
            )
        if not self.present and not self.coming:
            return (
                "Le plan finit avant aujourd'hui : l'activité montrée est celle de ses dernières semaines, depuis le "
                f"{self.every[0]:%d/%m/%Y}."
            )
        return None


def weeks_around(planned: Sequence[date], today: date) -> Weeks:
    """The weeks that are told, of all Mondays of a plan in order; the nearest ones when today is not among them."""
    monday = week_of(today)
    return Weeks(
        tuple(week for week in planned if week < monday)[-WEEKS_BEFORE:],
        tuple(week for week in planned if week == monday),
        tuple(week for week in planned if week > monday)[:WEEKS_AFTER],
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """The plan the story follows. Kitchens in order of UAI; ``bought``: € excl. tax by kitchen and offer (row ids)."""

    run_id: int
    school_year: Span
    planned_weeks: tuple[date, ...]
    class_weeks: int
    kitchens: tuple[Kitchen, ...]
    offers: Mapping[int, Offer]
    suppliers: Mapping[int, Supplier]
    ingredients: Mapping[int, Ingredient]
    families: Mapping[int, str]
    bought: Mapping[tuple[int, int], Decimal]

    @property
    def told_kitchens(self) -> tuple[Kitchen, ...]:
        """Those whose deliveries are told."""
        return self.kitchens[:MOST_KITCHENS]

    def family(self, offer: Offer) -> str:
        """Famille homogène of an offer."""
        return self.families[offer.ingredient_id]

    def sellers(self) -> list[Supplier]:
        """Suppliers of the told kitchens, those that the plan has deliver most first."""
        told = {kitchen.id for kitchen in self.told_kitchens}
        spent: dict[int, Decimal] = defaultdict(Decimal)
        for (kitchen_id, offer_id), amount in self.bought.items():
            if kitchen_id in told:
                spent[self.offers[offer_id].supplier_id] += amount
        return [self.suppliers[each] for each in sorted(spent, key=lambda each: (-spent[each], each))]


async def set_stage(session: AsyncSession, viewer: Viewer, run: PlanRun) -> Stage:
    """Read what the story needs of a published plan; ``run`` with its scenario. Eight statements whatever its size."""
    calendar = await school_calendar(session, viewer)
    span = calendar.year(run.scenario.school_year)
    amount = func.sum(SourcedLine.amount).label("amount")
    key = (SourcedLine.kitchen_id, SourcedLine.offer_id)
    rows = await session.execute(lines(viewer, run.id).with_only_columns(*key, amount).group_by(*key).order_by(*key))
    bought = {(kitchen, offer): total for kitchen, offer, total in rows}
    weeks = lines(viewer, run.id).with_only_columns(SourcedLine.week).distinct().order_by(SourcedLine.week)
    places = kitchens(viewer).where(Kitchen.id.in_({kitchen for kitchen, _ in bought})).order_by(Kitchen.uai)
    made_of = {row.id: row for row in await session.scalars(ingredients(viewer))}
    return Stage(
        run_id=run.id,
        school_year=span,
        planned_weeks=tuple(await session.scalars(weeks)),
        class_weeks=len({week_of(day) for day in calendar.class_days(span)}),
        kitchens=tuple(await session.scalars(places)),
        offers={row.id: row for row in await session.scalars(offers(viewer))},
        suppliers={row.id: row for row in await session.scalars(suppliers(viewer))},
        ingredients=made_of,
        families={
            row.id: procurement_law().family_of(row.slug, row.kind.value, span.first_day) for row in made_of.values()
        },
        bought=bought,
    )


async def service_days(session: AsyncSession, viewer: Viewer, stage: Stage, kitchen_id: int, week: date) -> list[date]:
    """Days of a week on which the plan has a kitchen serve, in order."""
    served = meals(viewer, stage.run_id, kitchen_ids=[kitchen_id], week=week)
    return list(await session.scalars(served.with_only_columns(PlannedMeal.day).distinct().order_by(PlannedMeal.day)))
