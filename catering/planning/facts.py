"""What a problem is built from: the rows of a scenario and of the catalogue, read in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from catering.kitchens.calendar import ServiceDay
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, service_days_by_uai
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.people.viewer import Role, Viewer
from catering.planning.foreseeing import foreseen, served
from catering.planning.learnt import Lesson, changed_portions, dish_slugs, lesson_of
from catering.planning.models import PlanScenario
from catering.planning.models_aims import AimKind
from catering.planning.queries import scenarios_visible_to
from catering.planning.resuming import Resumed, resumed_of, resumption_of
from catering.recipes.catalogue import Catalogue, load_catalogue
from catering.recipes.models import Ingredient
from catering.recipes.portions import with_portions
from catering.recipes.queries import ingredients

PLANNER = Viewer(name="Planification", role=Role.DEPARTEMENT)
"""On whose behalf a plan is made: it weighs the offers of everybody."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows behind one problem, each list in order of its natural id."""

    name: str
    first_day: date
    last_day: date
    kitchens: Sequence[Kitchen]
    service_days: Mapping[str, Sequence[ServiceDay]]
    """Of each kitchen, by UAI, with the covers of the calendar or those foreseen."""
    catalogue: Catalogue
    """With the portions in force on the first day."""
    ingredients: Sequence[Ingredient]
    staples: Mapping[int, int]
    """Grams per cover that every meal takes, by ingredient row id."""
    suppliers: Sequence[Supplier]
    offers: Sequence[Offer]
    lesson: Lesson | None
    """What weighings say of waste, when the scenario takes it into account."""
    aims: Mapping[AimKind, Decimal]
    """What the scenario asks beside the law and the lowest cost."""
    resumed: Resumed | None
    """What lies before, when the scenario makes a plan again from a date on: its first day is then that one."""


async def read_facts(session: AsyncSession, scenario_id: int) -> Facts:
    """The rows behind a scenario.

    Raises:
        LookupError: no such scenario.
        catering.kitchens.calendar.CalendarUnknownError: the school holidays of its dates are not known.
    """
    scenario = await _scenario(session, scenario_id)
    resumption = await resumption_of(session, PLANNER, scenario_id)
    first_day = scenario.first_day if resumption is None else resumption.from_day
    planned = {each.kitchen_id for each in scenario.kitchens}
    own = (await session.scalars(kitchens(PLANNER).where(Kitchen.id.in_(planned)).order_by(Kitchen.uai))).all()
    uais = [kitchen.uai for kitchen in own]
    market = offers(PLANNER).options(joinedload(Offer.certificate), selectinload(Offer.capacities))
    sellers = suppliers(PLANNER).options(selectinload(Supplier.pauses))
    slugs = await dish_slugs(session, PLANNER)
    catalogue = await load_catalogue(session, PLANNER)
    days = await service_days_by_uai(session, PLANNER, first_day, scenario.last_day, uais=uais)
    covers = await foreseen(session, PLANNER, scenario_id)
    portions = await changed_portions(session, PLANNER, first_day, slugs)
    return Facts(
        name=scenario.name,
        first_day=first_day,
        last_day=scenario.last_day,
        kitchens=own,
        service_days={each.uai: served(days[each.uai], each.id, covers) for each in own},
        catalogue=Catalogue(catalogue.ingredients, with_portions(catalogue.dishes, portions)),
        ingredients=(await session.scalars(ingredients(PLANNER).order_by(Ingredient.slug))).all(),
        staples={staple.ingredient_id: staple.grams for staple in scenario.every_meal},
        suppliers=(await session.scalars(sellers.order_by(Supplier.slug))).all(),
        offers=(await session.scalars(market.order_by(Offer.slug))).all(),
        lesson=await lesson_of(session, PLANNER, scenario_id, slugs),
        aims={each.aim: each.value for each in scenario.aims},
        resumed=None if resumption is None else await resumed_of(session, PLANNER, resumption, scenario.first_day, own),
    )


async def _scenario(session: AsyncSession, scenario_id: int) -> PlanScenario:
    statement = (
        scenarios_visible_to(PLANNER)
        .where(PlanScenario.id == scenario_id)
        .options(
            selectinload(PlanScenario.kitchens),
            selectinload(PlanScenario.every_meal),
            # Ten at most, most often none: not worth a statement of their own.
            joinedload(PlanScenario.aims),
        )
    )
    scenario: PlanScenario | None = (await session.scalars(statement)).unique().one_or_none()
    if scenario is None:
        raise LookupError(f"no scenario {scenario_id}")
    return scenario
