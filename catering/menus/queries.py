"""What a viewer may read of the menus: a buyer those of their kitchens, who controls all; diners those of a week."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, false, or_, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.menus.models import MenuDish, NutritionResult, ProteinPlan
from catering.people.viewer import Viewer
from catering.recipes.models import PortionChange

MENU_KEY = (MenuDish.kitchen_id, MenuDish.day, MenuDish.slot, MenuDish.rank)
"""Order in which menus are read; the rows are stored in it."""


def menus_visible_to(viewer: Viewer) -> Select[MenuDish]:
    """Dishes on the menus of the kitchens a viewer may read; a seller reads none."""
    statement = select(MenuDish)
    if viewer.sees_everything:
        return statement
    if not viewer.buys:
        return statement.where(false())
    return statement.where(MenuDish.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def results_visible_to(viewer: Viewer) -> Select[NutritionResult]:
    """What the check found in the kitchens a viewer may read."""
    statement = select(NutritionResult)
    if viewer.sees_everything:
        return statement
    if not viewer.buys:
        return statement.where(false())
    return statement.where(NutritionResult.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def protein_plans_visible_to(viewer: Viewer) -> Select[ProteinPlan]:
    """What was told of plans to diversify proteins in the kitchens a viewer may read."""
    statement = select(ProteinPlan)
    if viewer.sees_everything:
        return statement
    if not viewer.buys:
        return statement.where(false())
    return statement.where(ProteinPlan.kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id)))


def protein_plan_papers_visible_to(viewer: Viewer) -> Select[int]:
    """Numbers of the documents of the plans a viewer may read."""
    return protein_plans_visible_to(viewer).with_only_columns(ProteinPlan.document_id)


def portion_changes_visible_to(viewer: Viewer) -> Select[PortionChange]:
    """Changed portions a viewer may read: those of all kitchens for all who cook or control, and a buyer their own."""
    statement = select(PortionChange)
    if viewer.sees_everything:
        return statement
    if not viewer.buys:
        return statement.where(false())
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return statement.where(or_(PortionChange.kitchen_id.is_(None), PortionChange.kitchen_id.in_(own)))


def diners_menus_visible_to(viewer: Viewer | None) -> Select[MenuDish]:
    """Dishes on all menus: parents and pupils read them without an account (D230-26, ALL-02); covers are not shown."""
    del viewer
    return select(MenuDish)


def diners_kitchens_visible_to(viewer: Viewer | None) -> Select[*tuple[Any, ...]]:
    """Name and place of every collège, published by the Éducation nationale: ``id, uai, name, commune, insee``."""
    del viewer
    return select(Kitchen.id, Kitchen.uai, Kitchen.name, Kitchen.commune, Kitchen.insee)


def menus(
    viewer: Viewer,
    *,
    kitchen_ids: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Select[MenuDish]:
    """Visible dishes on menus that meet every condition given, both days included."""
    return between(menus_visible_to(viewer), kitchen_ids, first, last)


def between(
    statement: Select[MenuDish], kitchen_ids: Collection[int] | None, first: date | None, last: date | None
) -> Select[MenuDish]:
    """Those of some kitchens and days, both days included."""
    if kitchen_ids is not None:
        statement = statement.where(MenuDish.kitchen_id.in_(kitchen_ids))
    if first is not None:
        statement = statement.where(MenuDish.day >= first)
    if last is not None:
        statement = statement.where(MenuDish.day <= last)
    return statement
