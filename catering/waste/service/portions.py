"""Decide another portion of a dish within its grammage, from a day on, and take it back (decision 0098)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.menus.models import MenuDish
from catering.menus.queries import menus, portion_changes_visible_to
from catering.menus.standings import refresh
from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.recipes.attributes import derive
from catering.recipes.catalogue import plain_dish, plain_ingredient
from catering.recipes.models import Dish, PortionChange
from catering.recipes.portions import PortionBounds, changed_dish, in_force, portion_bounds
from catering.recipes.queries import dishes, with_lines
from catering.rules.portions import portion_name
from catering.rules.truth import Truth
from catering.waste import refusals
from catering.waste.models import DishLesson, WasteLesson
from catering.waste.queries_learning import dish_lessons_visible_to, lesson, weighed_from
from catering.waste.rules.portioning import not_weighed, smallest_step
from catering.waste.service.ground import LONGEST_TEXT, changed, plain
from catering.waste.service.learning import require_learner


@dataclass(frozen=True, slots=True)
class Wish:
    """Another portion of a dish (slug), from a day to come on, in one kitchen (UAI) or in all."""

    dish: str
    served_g: int
    valid_from: date
    reason: str
    kitchen: str | None = None


async def decide(session: AsyncSession, viewer: Viewer, wish: Wish) -> PortionChange:
    """Keep another portion of a dish: from its first day, what is bought, cooked and checked follows it.

    Raises:
        refusals.Refusal: the viewer may not, or the portion cannot be: each says why and what may be.
    """
    require_learner(viewer)
    reason = plain(wish.reason, "La raison", LONGEST_TEXT, refusals.InvalidPortion)
    dish = await _locked(session, viewer, wish.dish)
    if wish.valid_from <= today():
        raise refusals.InvalidPortion(
            f"Une portion change un jour à venir, pas le {wish.valid_from:%d/%m/%Y} : ce qui est servi le reste."
        )
    place = None if wish.kitchen is None else await _kitchen(session, viewer, wish.kitchen)
    changes = (await session.scalars(portion_changes_visible_to(viewer).where(PortionChange.dish_id == dish.id))).all()
    bounds = bounds_of(dish, wish.valid_from)
    if bounds is None:
        raise refusals.InvalidPortion(f"« {dish.name} » : aucun grammage du GEM-RCN ne le décrit, sa portion reste.")
    before_g = portion_on(dish, changes, wish.valid_from, place)
    _require_lawful(dish, bounds, wish, before_g)
    await _require_weighed(session, viewer, dish, changes, wish, place)
    drawn: WasteLesson | None = await session.scalar(lesson(viewer))
    row = PortionChange(
        dish_id=dish.id, kitchen_id=place, before_g=before_g, served_g=wish.served_g,
        least_g=bounds.least, most_g=bounds.most, grammage=bounds.grammage, valid_from=wish.valid_from, reason=reason,
        evidence=await _evidence(session, viewer, dish, drawn), decided_at=now(), decided_by=viewer.actor,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    after = {"served_g": row.served_g, "valid_from": row.valid_from, "reason": reason, "kitchen": wish.kitchen}
    session.add(changed(viewer, PortionChange.__tablename__, f"{dish.slug} {row.id}", None, after))
    if _criteria(dish, before_g, wish.valid_from) != _criteria(dish, row.served_g, wish.valid_from):
        await _check_again(session, viewer, row, wish.valid_from)
    return row


async def take_back(session: AsyncSession, viewer: Viewer, number: int, last_day: date, why: str) -> PortionChange:
    """End a changed portion after a day, today at the earliest: plans that begin later take the one before.

    Raises:
        refusals.Refusal: the viewer may not, there is no such change, it ended, or the day has passed.
    """
    require_learner(viewer)
    reason = plain(why, "La raison", LONGEST_TEXT, refusals.InvalidPortion)
    found = portion_changes_visible_to(viewer).where(PortionChange.id == number).with_for_update(of=PortionChange)
    row: PortionChange | None = await session.scalar(found.execution_options(populate_existing=True))
    if row is None:
        raise refusals.InvalidPortion(f"Aucun changement de portion n'a le numéro {number}.")
    if row.ended_at is not None:
        raise refusals.InvalidPortion(
            f"Le changement {number} est déjà repris : il s'arrête le {row.valid_to:%d/%m/%Y}."
        )
    if last_day < today():
        raise refusals.InvalidPortion(f"Le {last_day:%d/%m/%Y} est passé : ce qui est planifié garde sa portion.")
    row.valid_to, row.ended_at, row.ended_by = last_day, now(), viewer.actor
    after = {"valid_to": last_day, "reason": reason}
    session.add(changed(viewer, PortionChange.__tablename__, f"{row.dish_id} {row.id}", {"valid_to": None}, after))
    await session.flush()
    dish = (await session.scalars(with_lines(dishes(viewer)).where(Dish.id == row.dish_id))).one()
    others = (await session.scalars(portion_changes_visible_to(viewer).where(PortionChange.dish_id == dish.id))).all()
    after_it = portion_on(dish, others, last_day + timedelta(days=1), row.kitchen_id)
    if _criteria(dish, after_it, last_day) != _criteria(dish, row.served_g, last_day):
        await _check_again(session, viewer, row, last_day)
    return row


def _criteria(dish: Dish, served_g: int, on: date) -> Mapping[str, Truth]:
    """What the arrêté finds in a dish read with its lines, at a portion."""
    ingredients = {line.ingredient.slug: plain_ingredient(line.ingredient) for line in dish.lines}
    return derive(changed_dish(plain_dish(dish), served_g), ingredients, on).attributes


async def _check_again(session: AsyncSession, viewer: Viewer, row: PortionChange, first: date) -> None:
    """Check the menus that have the dish from a day on: its portion makes it count otherwise."""
    kitchens_of = None if row.kitchen_id is None else [row.kitchen_id]
    served = menus(viewer, kitchen_ids=kitchens_of, first=first).where(MenuDish.dish_id == row.dish_id)
    found = (await session.execute(served.with_only_columns(MenuDish.kitchen_id, MenuDish.day))).all()
    if found:
        await refresh(session, {kitchen for kitchen, _ in found}, {day for _, day in found})


async def _kitchen(session: AsyncSession, viewer: Viewer, uai: str) -> int:
    found: Kitchen | None = await session.scalar(kitchens(viewer, uais=[uai]))
    if found is None:
        raise refusals.InvalidPortion(f"Aucune cuisine n'a l'UAI {uai} : vérifier l'identifiant (ex. 0620004T).")
    return found.id


async def _locked(session: AsyncSession, viewer: Viewer, slug: str) -> Dish:
    """The dish, so that two people who change its portion queue."""
    statement = with_lines(dishes(viewer, slugs=[slug])).with_for_update(of=Dish)
    dish: Dish | None = await session.scalar(statement)
    if dish is None:
        raise refusals.InvalidPortion(f"Plat inconnu : {slug}. Reprendre l'identifiant de la liste des plats.")
    return dish


def bounds_of(dish: Dish, on: date) -> PortionBounds | None:
    """Bounds of the grammage of a dish read with its lines; None when no grammage describes it."""
    ingredients = {line.ingredient.slug: plain_ingredient(line.ingredient) for line in dish.lines}
    plain_one = plain_dish(dish)
    return portion_bounds(derive(plain_one, ingredients, on), ingredients, on)


def portion_on(dish: Dish, changes: Sequence[PortionChange], on: date, kitchen_id: int | None = None) -> int:
    """Grams of a cover on a day, in a kitchen or wherever nothing else was decided."""
    found: Mapping[int, PortionChange] = in_force(changes, on, kitchen_id)
    return found[dish.id].served_g if dish.id in found else dish.served_g


def _require_lawful(dish: Dish, bounds: PortionBounds, wish: Wish, before_g: int) -> None:
    if not bounds.holds(wish.served_g):
        raise refusals.InvalidPortion(
            f"« {dish.name} » : {wish.served_g} g sort du grammage ({portion_name(bounds.grammage)}). Donner de "
            f"{bounds.least} à {bounds.most} g servis."
        )
    least = smallest_step(before_g, wish.valid_from)
    if wish.served_g < least:
        raise refusals.InvalidPortion(
            f"« {dish.name} » : {before_g} g deviendraient {wish.served_g} g. Descendre par pas : {least} g au moins."
        )
    if wish.served_g == before_g:
        raise refusals.InvalidPortion(f"« {dish.name} » pèse déjà {before_g} g : rien ne change.")


async def _require_weighed(
    session: AsyncSession, viewer: Viewer, dish: Dish, changes: Sequence[PortionChange], wish: Wish, place: int | None
) -> None:
    """Refuse a second step down before the first was weighed: both together may be one step, no more."""
    there = [each for each in changes if each.kitchen_id is None or each.kitchen_id == place]
    pending = not_weighed(there, await session.scalar(weighed_from(viewer, dish.id, place)))
    weighed_g = portion_on(dish, [each for each in there if each not in pending], wish.valid_from, place)
    least = smallest_step(weighed_g, wish.valid_from)
    if pending and wish.served_g < least:
        latest = max(pending, key=lambda each: each.id)
        raise refusals.InvalidPortion(
            f"« {dish.name} » : la portion de {latest.served_g} g, décidée pour le {latest.valid_from:%d/%m/%Y}, n'a "
            f"pas encore été pesée. Jusque-là, {least} g au moins (un pas depuis {weighed_g} g) : peser le plat à "
            "part, puis tirer un bilan des jours qui la suivent."
        )


async def _evidence(session: AsyncSession, viewer: Viewer, dish: Dish, drawn: WasteLesson | None) -> str:
    """What was known of the dish when the decision was made."""
    if drawn is None:
        return "Aucun bilan de pesées."
    of = dish_lessons_visible_to(viewer).where(DishLesson.lesson_id == drawn.id, DishLesson.dish_id == dish.id)
    row: DishLesson | None = await session.scalar(of)
    if row is None:
        return f"Bilan {drawn.id} : plat inconnu alors."
    return (
        f"Bilan {drawn.id} du {drawn.first_day} au {drawn.last_day} : part laissée {row.share:.3f}, erreur "
        f"{row.error:.3f}, {row.alone} pesées à part, {row.together} plateaux, poids {row.weight:.2f}."
    )
