"""Use cases of menus: take those of a published plan, change a component of a day, say what was served."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from catering.db import insert_missing
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.menus import refusals
from catering.menus.models import MenuDish, MenuSource
from catering.menus.queries import MENU_KEY, menus
from catering.menus.standings import refresh
from catering.moment import now, paris_day
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.recipes.models import Dish
from catering.recipes.queries import dishes
from catering.recipes.vocabulary import Slot
from catering.rules import law

MOST_CHOICES = 6
MOST_COVERS = 5_000
MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Place:
    """One component of a kitchen's day."""

    uai: str
    day: date
    slot: Slot


@dataclass(frozen=True, slots=True)
class Choice:
    """A dish (slug) to put on a menu, and the portions planned of it; None shares those of the component."""

    dish: str
    covers: int | None = None


@dataclass(frozen=True, slots=True)
class ServedCovers:
    """Portions served of one choice of one component."""

    slot: Slot
    rank: int
    covers: int


async def take_plan(
    session: AsyncSession, planned: Select[*tuple[Any, ...]], kitchen_ids: Collection[int], today: date
) -> int:
    """Put the menus of a plan in use on the kitchens' menus; how many results of the check were stored.

    Days to come, from its first to its last, take the new plan, but for components that the kitchen has changed. Days
    gone by, and the day it is, keep their menu; one that has none takes the plan's. Other school years are left alone.

    Args:
        session: of the publication; it flushes.
        planned: ``kitchen_id, day, slot, dish_id, covers`` of the plan.
        kitchen_ids: kitchens of the plan.
        today: where the collèges are.
    """
    rows = planned.subquery()
    first, last = (await session.execute(select(func.min(rows.c.day), func.max(rows.c.day)))).one()
    if first is None:
        return 0
    of_plan = (MenuDish.kitchen_id.in_(kitchen_ids), MenuDish.day > today, MenuDish.day.between(first, last))
    await session.execute(
        delete(MenuDish)
        .where(*of_plan, MenuDish.source == MenuSource.PLAN)
        .execution_options(synchronize_session=False)
    )
    columns = ["kitchen_id", "day", "slot", "rank", "dish_id", "covers", "served_covers", "source", "planned_dish_id"]
    values = select(
        rows.c.kitchen_id, rows.c.day, rows.c.slot, literal(1), rows.c.dish_id, rows.c.covers, null(),
        literal(MenuSource.PLAN.value), rows.c.dish_id,
    ).where(~_changed_by_kitchen(rows))  # fmt: skip
    await session.execute(insert_missing(session, MenuDish).from_select(columns, values))
    same = (MenuDish.kitchen_id == rows.c.kitchen_id, MenuDish.day == rows.c.day, MenuDish.slot == rows.c.slot)
    await session.execute(
        update(MenuDish)
        .where(*of_plan, MenuDish.source == MenuSource.KITCHEN)
        .values(planned_dish_id=select(rows.c.dish_id).where(*same).scalar_subquery())
        .execution_options(synchronize_session=False)
    )
    return await refresh(session, kitchen_ids, [first, last])


def _changed_by_kitchen(rows: Any) -> Any:
    kept = MenuDish.__table__.alias("kept")
    return (
        select(kept.c.rank)
        .where(
            kept.c.kitchen_id == rows.c.kitchen_id,
            kept.c.day == rows.c.day,
            kept.c.slot == rows.c.slot,
        )
        .exists()
    )


async def change_menu(session: AsyncSession, viewer: Viewer, place: Place, choices: Sequence[Choice]) -> Kitchen:
    """Put other dishes of the same component on the menu of a day: one, or several at the diners' choice.

    Raises:
        catering.refusal.Refusal: the viewer does not cook there, the day has no menu, or a dish cannot be there.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    before = await _day(session, viewer, kitchen, place.day)
    _require_open(place.day)
    rows = [row for row in before if row.slot is place.slot]
    found = await _dishes(session, viewer, place.slot, choices)
    covers = sum(row.covers for row in rows) or max(row.covers for row in before)
    planned = next((row.planned_dish_id for row in rows if row.rank == 1), None)
    at, replaced = now(), [as_traced(row) for row in rows]
    for row in rows:
        await session.delete(row)
    await session.flush()
    made = [
        MenuDish(
            kitchen_id=kitchen.id, day=place.day, slot=place.slot, rank=rank, dish_id=dish.id, dish=dish,
            covers=share if choice.covers is None else choice.covers, source=MenuSource.KITCHEN,
            planned_dish_id=planned, changed_at=at,
        )
        for rank, (choice, dish, share) in enumerate(
            zip(choices, found, shared_covers(covers, len(choices)), strict=True), start=1
        )
    ]  # fmt: skip
    session.add_all(made)
    after = {place.slot.value: [as_traced(row) for row in made]}
    session.add(changed(viewer, at, kitchen, place.day, {place.slot.value: replaced}, after))
    await session.flush()
    await refresh(session, [kitchen.id], [place.day])
    return kitchen


async def record_served(
    session: AsyncSession, viewer: Viewer, uai: str, day: date, served: Sequence[ServedCovers]
) -> Kitchen:
    """Say how many portions of each dish of a day were served; said again, the last word stands.

    Raises:
        catering.refusal.Refusal: the viewer does not cook there, the day has no menu or is to come, or a number cannot
            be.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    rows = {(row.slot, row.rank): row for row in await _day(session, viewer, kitchen, day)}
    _require_open(day)
    if day > paris_day(now()):
        raise refusals.InvalidMenu(f"Le {day:%d/%m/%Y} est à venir : dire ce qui est servi le jour même ou après.")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for said in served:
        row = rows.get((said.slot, said.rank))
        if row is None:
            raise refusals.InvalidMenu(f"Le menu n'a pas de choix {said.rank} en {said.slot.value} : relire le menu.")
        _require_covers(said.covers)
        label = f"{said.slot.value} {said.rank}"
        before[label], after[label] = row.served_covers, said.covers
        row.served_covers = said.covers
    if before != after:
        session.add(changed(viewer, now(), kitchen, day, before, after))
    await session.flush()
    await refresh(session, [kitchen.id], [day])
    return kitchen


async def own_kitchen(session: AsyncSession, viewer: Viewer, uai: str, *options: ExecutableOption) -> Kitchen:
    if not viewer.buys:
        raise refusals.NotAllowed
    kitchen: Kitchen | None = await session.scalar(kitchens(viewer, uais=[uai]).options(*options))
    if kitchen is None:
        raise refusals.UnknownKitchen(uai)
    return kitchen


async def _day(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, day: date) -> list[MenuDish]:
    statement = menus(viewer, kitchen_ids=[kitchen.id], first=day, last=day).order_by(*MENU_KEY)
    rows = list(await session.scalars(statement.options(joinedload(MenuDish.dish))))
    if not rows:
        raise refusals.NoMenu(kitchen.uai, day)
    return rows


async def _dishes(session: AsyncSession, viewer: Viewer, slot: Slot, choices: Sequence[Choice]) -> list[Dish]:
    if not 1 <= len(choices) <= MOST_CHOICES or len({choice.dish for choice in choices}) < len(choices):
        raise refusals.InvalidMenu(f"Donner de 1 à {MOST_CHOICES} plats différents.")
    for choice in choices:
        _require_covers(choice.covers or 0)
    found = {dish.slug: dish for dish in await session.scalars(dishes(viewer, slugs=[each.dish for each in choices]))}
    for choice in choices:
        dish = found.get(choice.dish)
        if dish is None or dish.slot is not slot:
            known = "n'existe pas" if dish is None else f"n'est pas de la composante {slot.value}"
            raise refusals.InvalidMenu(
                f"Le plat « {choice.dish} » {known} : en choisir un autre de la même composante."
            )
    return [found[choice.dish] for choice in choices]


def _require_covers(covers: int) -> None:
    if not 0 <= covers <= MOST_COVERS:
        raise refusals.InvalidMenu(f"{covers} couverts : donner un nombre de 0 à {MOST_COVERS}.")


def _require_open(day: date) -> None:
    """Refuse to change a menu that has left the register (NUT-S4).

    Raises:
        refusals.RegisterClosed: it has.
    """
    today = paris_day(now())
    months = int(law().parameter("NUT-S4", today))
    if day < register_start(today, months):
        raise refusals.RegisterClosed(day, months)


def register_start(today: date, months: int) -> date:
    """The first day of a register of so many months that ends today."""
    year, month = divmod(today.year * MONTHS_IN_YEAR + today.month - 1 - months, MONTHS_IN_YEAR)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def shared_covers(covers: int, choices: int) -> list[int]:
    """Portions of a component shared evenly, the remainder to the first ones."""
    each, rest = divmod(covers, choices)
    return [each + (rank < rest) for rank in range(choices)]


def as_traced(row: MenuDish) -> dict[str, Any]:
    return {"dish": row.dish.slug, "covers": row.covers, "served_covers": row.served_covers, "source": row.source.value}


def changed(
    viewer: Viewer, at: datetime, kitchen: Kitchen, day: date, before: Mapping[str, Any], after: Mapping[str, Any]
) -> ChangeEvent:
    """The trace of a change of a kitchen's day."""
    return ChangeEvent(
        at=at,
        actor=viewer.actor,
        subject=MenuDish.__tablename__,
        key=f"{kitchen.uai} {day}",
        before=dict(before),
        after=dict(after),
    )
