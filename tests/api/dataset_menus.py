"""Menus of the small Département: those of its published plan, one component at the diners' choice."""

from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import Document, FileKind
from catering.menus.models import MenuDish, MenuSource
from catering.menus.service import take_plan
from catering.menus.standings import refresh
from catering.people.viewer import Role
from catering.planning.models import PlannedMeal
from catering.recipes.models import Dish
from catering.recipes.vocabulary import Slot
from tests.api.dataset import MOMENT, MONDAYS, Size
from tests.api.dataset_people import NUMBERS

PUBLISHED = 1
BUYERS = (NUMBERS[Role.CHEF], NUMBERS[Role.GESTIONNAIRE])
MENU_FILES = 8_000
"""From the number of a buyer to that of the file of menus they sent."""
MENUS = (
    "date;composante;plat;couverts\n2026-09-14;plat;Main 1;150\n2026-09-14;plat;Main 0;120\n"
    "2026-09-14;dessert;Dessert 1;\n"
)


def menu_file(number: int) -> Document:
    """A file of menus that a buyer sent."""
    content = MENUS.encode()
    return Document(
        id=MENU_FILES + number, sha256=sha256(content + bytes([number])).hexdigest(), kind=FileKind.CSV,
        name="menus.csv", size=len(content), at=MOMENT, actor=f"account {number}", content=content,
    )  # fmt: skip


async def fill_menus(session: AsyncSession, size: Size) -> None:
    """What the publication of the first plan leaves on the menus, and a second dessert on each first Monday."""
    planned = select(
        PlannedMeal.kitchen_id, PlannedMeal.day, PlannedMeal.slot, PlannedMeal.dish_id, PlannedMeal.covers
    ).where(PlannedMeal.run_id == PUBLISHED)
    kitchens = range(1, size.kitchens + 1)
    await take_plan(session, planned, kitchens, MOMENT.date())
    first_one = await session.scalar(select(Dish.id).where(Dish.slug == "dessert_00"))
    other = await session.scalar(select(Dish.id).where(Dish.slug == "dessert_01"))
    session.add_all(menu_file(number) for number in BUYERS)
    session.add_all(
        MenuDish(
            kitchen_id=kitchen, day=MONDAYS[0], slot=Slot.DESSERT, rank=2, dish_id=other, covers=100,
            source=MenuSource.KITCHEN, planned_dish_id=first_one, changed_at=MOMENT,
        )
        for kitchen in kitchens
    )  # fmt: skip
    first = (MenuDish.day == MONDAYS[0], MenuDish.slot == Slot.DESSERT, MenuDish.rank == 1)
    await session.execute(update(MenuDish).where(*first).values(dish_id=first_one, source=MenuSource.KITCHEN))
    for kitchen in kitchens:
        session.add_all(await today_of(session, kitchen))
    await session.flush()
    await refresh(session)


async def today_of(session: AsyncSession, kitchen: int) -> list[MenuDish]:
    """The menu of the day it is, which can be counted: nothing of the plan is that early."""
    firsts = await session.scalars(select(Dish).where(Dish.slug.endswith("_00")).order_by(Dish.id))
    return [
        MenuDish(
            kitchen_id=kitchen, day=MOMENT.date(), slot=dish.slot, rank=1, dish_id=dish.id, covers=300,
            source=MenuSource.PLAN, planned_dish_id=dish.id,
        )
        for dish in firsts
    ]  # fmt: skip
