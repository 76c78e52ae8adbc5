"""Whose offers are explained to a viewer, and the rows an explanation stands on.

What a plan buys of everybody is read on the planner's behalf (`grounds`): of it a seller is told their own quantities,
sums of `FEWEST` kitchens or more, and terms of entry where `FEWEST_RIVALS` others compete; never a price, a buyer or a
rival.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, false, func

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers_visible_to
from catering.people.viewer import Viewer
from catering.planning.models import PlanResumption, PlanRun, PlanScenario, SourcedLine
from catering.planning.queries import lines, runs
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients


def explained_visible_to(viewer: Viewer) -> Select[Supplier]:
    """Suppliers whose place in the plan a viewer is told: their own for who sells, all for who sees everything."""
    statement = suppliers_visible_to(viewer)
    return statement if viewer.sells or viewer.sees_everything else statement.where(false())


def first_day(viewer: Viewer, run_id: int) -> Select[*tuple[date]]:
    """The first day that a visible run planned; what lies before is a former plan's."""
    first = func.coalesce(PlanResumption.from_day, PlanScenario.first_day, type_=Date)
    return (
        runs(viewer, ids=[run_id])
        .join(PlanScenario, PlanScenario.id == PlanRun.scenario_id)
        .outerjoin(PlanResumption, PlanResumption.scenario_id == PlanScenario.id)
        .with_only_columns(first)
    )


def places(viewer: Viewer, uais: Collection[str]) -> Select[*tuple[int, str]]:
    """Row ids and UAI of kitchens in reach."""
    return kitchens(viewer, uais=uais).with_only_columns(Kitchen.id, Kitchen.uai)


def bought(
    viewer: Viewer,
    run_id: int,
    kitchen_ids: Collection[int],
    *,
    since: date | None = None,
    weeks: Collection[date] | None = None,
) -> Select[*tuple[Any, ...]]:
    """What kitchens buy from a Monday on, or in some weeks: ``kitchen_id, week, ingredient, offer, grams, amount``.

    The names come as row ids; the lines are read by the ten thousand."""
    statement = lines(viewer, run_id, kitchen_ids=kitchen_ids, weeks=weeks)
    if since is not None:
        statement = statement.where(SourcedLine.week >= since)
    return statement.with_only_columns(
        SourcedLine.kitchen_id,
        SourcedLine.week,
        SourcedLine.ingredient_id,
        SourcedLine.offer_id,
        SourcedLine.grams,
        SourcedLine.amount,
    )


def sold(viewer: Viewer, run_id: int, weeks: Collection[date]) -> Select[*tuple[Any, ...]]:
    """What all kitchens together buy: ``offer_id, week, grams``."""
    grams = func.sum(SourcedLine.grams).label("grams")
    key = (SourcedLine.offer_id, SourcedLine.week)
    return lines(viewer, run_id, weeks=weeks).with_only_columns(*key, grams).group_by(*key)


def named(viewer: Viewer, kind: type[Offer] | type[Ingredient]) -> Select[*tuple[int, str]]:
    """Natural ids by row id, of all offers or ingredients."""
    every = offers(viewer) if kind is Offer else ingredients(viewer)
    return every.with_only_columns(kind.id, kind.slug)


def offer_ids(viewer: Viewer, supplier: str) -> Select[*tuple[str, int]]:
    """Ids of a supplier's visible offers: ``slug, id``."""
    return offers(viewer, supplier=supplier).with_only_columns(Offer.slug, Offer.id)
