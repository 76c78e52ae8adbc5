"""What a viewer may read of what was learnt: dishes for all who cook or control, a kitchen's own effect for itself."""

from datetime import date

from sqlalchemy import Select, false, func, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer
from catering.waste.models import DishInKitchenLesson, DishLesson, KitchenLesson, WasteLesson

LESSON_KEY = (WasteLesson.id,)
"""Order in which lessons follow each other."""


def lessons_visible_to(viewer: Viewer) -> Select[WasteLesson]:
    """Lessons: no seller reads them."""
    statement = select(WasteLesson)
    return statement.where(false()) if viewer.sells else statement


def dish_lessons_visible_to(viewer: Viewer) -> Select[DishLesson]:
    """What lessons say of dishes, all kitchens together."""
    statement = select(DishLesson)
    return statement.where(false()) if viewer.sells else statement


def kitchen_lessons_visible_to(viewer: Viewer) -> Select[KitchenLesson]:
    """What lessons say of the kitchens a viewer may read."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(KitchenLesson).where(KitchenLesson.kitchen_id.in_(own))


def cell_lessons_visible_to(viewer: Viewer) -> Select[DishInKitchenLesson]:
    """What lessons say of a dish in the kitchens a viewer may read."""
    own = kitchens_visible_to(viewer).with_only_columns(Kitchen.id)
    return select(DishInKitchenLesson).where(DishInKitchenLesson.kitchen_id.in_(own))


def lesson(viewer: Viewer, number: int | None = None) -> Select[WasteLesson]:
    """A lesson by its number, the latest by default: none or one row."""
    statement = lessons_visible_to(viewer)
    if number is not None:
        return statement.where(WasteLesson.id == number)
    return statement.order_by(WasteLesson.id.desc()).limit(1)


def weighed_from(viewer: Viewer, dish_id: int, kitchen_id: int | None) -> Select[date | None]:
    """First day of the latest period that says something sure of a dish, or that one kitchen weighed it in."""
    judged: Select[DishLesson] | Select[DishInKitchenLesson]
    if kitchen_id is None:
        of: type[DishLesson] | type[DishInKitchenLesson] = DishLesson
        judged = dish_lessons_visible_to(viewer).where(DishLesson.ranked.is_not(None))
    else:
        of = DishInKitchenLesson
        judged = cell_lessons_visible_to(viewer).where(DishInKitchenLesson.kitchen_id == kitchen_id)
    found = judged.where(of.dish_id == dish_id).join(WasteLesson, WasteLesson.id == of.lesson_id)
    return found.with_only_columns(func.max(WasteLesson.first_day))
