"""What a viewer may read of what was learnt: dishes for all who cook or control, a kitchen's own effect for itself."""

from sqlalchemy import Select, false, select

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
