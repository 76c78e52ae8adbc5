"""Structural rules MENU and SEASON: one dish per kitchen, service day and slot, served when it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from optimizer.blocks import week_of
from optimizer.faults import Fault, Scope
from optimizer.plan import MenuLine
from optimizer.problem import Problem

MENU = "MENU"
SEASON = "SEASON"


def check_menu(problem: Problem, menus: Iterable[MenuLine]) -> Iterator[Fault]:
    """Faults of single lines, meals with two dishes in a slot, and meals with none."""
    covers = {(day.kitchen, day.date): day.covers for day in problem.service_days}
    dishes: dict[tuple[str, date, str], str] = {}
    for line in menus:
        yield from _check_line(problem, line, covers.get((line.kitchen, line.date)))
        place = line.kitchen, line.date, line.slot
        if place in dishes:
            both = f"« {dishes[place]} » et « {line.dish} »"
            yield _fault(line, f"plus d'un plat en « {line.slot} » : {both}.", line.dish, dishes[place])
        dishes[place] = line.dish
    for kitchen, day in covers:
        for slot in problem.slots:
            if (kitchen, day, slot) not in dishes:
                scope = Scope(kitchen, day.isoformat(), slot)
                yield Fault(MENU, scope, 0, 1, f"aucun plat en « {slot} », il en faut exactement un.")


def _check_line(problem: Problem, line: MenuLine, covers: int | None) -> Iterator[Fault]:
    dish = problem.dishes.get(line.dish)
    if covers is None:
        yield _fault(line, "un repas est servi hors des jours de service de la cuisine.", line.covers, 0)
    elif line.covers != covers:
        more = line.covers - covers
        by = f"{more} de trop" if more > 0 else f"il en manque {-more}"
        yield _fault(line, f"{line.covers} couverts au lieu de {covers} ({by}).", line.covers, covers)
    if line.slot not in problem.slots:
        yield _fault(line, f"la composante « {line.slot} » n'existe pas.", line.slot, None)
    if dish is None:
        yield _fault(line, f"le plat « {line.dish} » n'existe pas.", line.dish, None)
    elif dish.slot != line.slot:
        message = f"« {line.dish} » est servi en « {line.slot} », c'est un plat de « {dish.slot} »."
        yield _fault(line, message, line.slot, dish.slot)


def _fault(line: MenuLine, message: str, value: int | str, bound: int | str | None) -> Fault:
    return Fault(MENU, Scope(line.kitchen, line.date.isoformat(), line.dish), value, bound, message)


def check_season(problem: Problem, menus: Iterable[MenuLine]) -> Iterator[Fault]:
    """Dishes served in a week whose Monday is in none of their months."""
    for line in menus:
        week = week_of(line.date)
        if line.dish in problem.dishes and not problem.dish_in_season(line.dish, week):
            months = " ".join(str(month) for month in sorted(problem.dishes[line.dish].months))
            message = f"« {line.dish} » est servi la semaine du {week} (mois {week.month}), il l'est aux mois {months}."
            scope = Scope(line.kitchen, line.date.isoformat(), line.dish)
            yield Fault(SEASON, scope, week.month, months, message)
