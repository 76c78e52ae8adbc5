"""From the engine's choices to the plan that leaves it: exact grams, cents, drops, results, certificate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from optimizer.engine.buying_ahead import buy_ahead
from optimizer.engine.certificate import lower_bound
from optimizer.engine.demand import menu_demand
from optimizer.engine.grams import Flows, exact_grams
from optimizer.engine.instance import Instance
from optimizer.engine.kitchen_year import YearMenu
from optimizer.engine.purchases import Sourced
from optimizer.plan import Drop, MenuLine, Plan, Price, SourcingLine, Summary
from optimizer.problem import Problem
from optimizer.solver import solver_versions
from optimizer.verification import measure


def assemble(
    instance: Instance,
    menus: Sequence[YearMenu],
    sourced: Sequence[Sourced],
    terms: Sequence[Price],
    *,
    seconds: float,
    peak_mb: int,
    seed: int,
) -> Plan:
    """The plan with its summary; every figure of it is computed from the lines, exactly."""
    flows = exact_grams(instance, menu_demand(instance, menus), sourced)
    lines = menu_lines(instance, menus)
    buys = buy_ahead(instance.problem, sourcing_lines(instance, flows))
    measured = measure(instance.problem, lines, buys)
    bound = lower_bound(terms)
    summary = Summary(
        problem_sha256=instance.problem.sha256,
        cost_eur=measured.cost_eur,
        penalty_eur=measured.penalty_eur,
        waste_eur=measured.waste_eur,
        goals_eur=measured.goals_eur,
        indicators=measured.indicators,
        objective_eur=measured.objective_eur,
        lower_bound_eur=bound,
        gap=measured.gap(bound),
        meals=instance.problem.meals,
        seconds=Decimal(f"{seconds:.1f}"),
        peak_memory_mb=peak_mb,
        solver=solver_versions(),
        seed=seed,
        rules=measured.rules,
        kitchens=measured.kitchens,
    )
    return Plan(lines, buys, drops(instance.problem, buys), tuple(terms), summary)


def menu_lines(instance: Instance, menus: Sequence[YearMenu]) -> tuple[MenuLine, ...]:
    slots = instance.problem.slots
    lines = []
    for menu in menus:
        kitchen, dates = instance.kitchens[menu.kitchen], instance.pattern(menu.kitchen).dates
        for day, dishes in enumerate(menu.days):
            covers = int(instance.covers[menu.kitchen][day])
            for slot, dish in zip(slots, dishes, strict=True):
                lines.append(MenuLine(kitchen, dates[day], slot, instance.dishes[dish], covers))
    return tuple(sorted(lines))


def sourcing_lines(instance: Instance, flows: Flows) -> tuple[SourcingLine, ...]:
    lines = []
    for (k, w, i), offers in flows.items():
        kitchen, week = instance.kitchens[k], instance.weeks[w]
        for o, grams in offers.items():
            offer = instance.offers[o]
            amount = instance.problem.amount(offer, kitchen, grams)
            lines.append(SourcingLine(kitchen, week, instance.ingredients[i], offer, grams, amount))
    return tuple(sorted(lines))


def drops(problem: Problem, lines: Sequence[SourcingLine]) -> tuple[Drop, ...]:
    """One drop per kitchen, week and supplier, before the week's first meal; who shares a drop has it on one day."""
    totals: dict[tuple[str, date, str], tuple[int, Decimal]] = {}
    for line in lines:
        key = line.kitchen, line.week, problem.offers[line.offer].supplier
        grams, amount = totals.get(key, (0, Decimal(0)))
        totals[key] = grams + line.grams, amount + line.amount_excl_tax
    together: dict[tuple[str, date, str], list[str]] = {}
    for kitchen, week, supplier in totals:
        together.setdefault((_sharing(problem, supplier, kitchen), week, supplier), []).append(kitchen)
    open_days = {(day.kitchen, day.date) for day in problem.service_days}
    on = {key: _drop_day(problem, key[2], kitchens, key[1], open_days) for key, kitchens in together.items()}
    return tuple(
        sorted(
            Drop(kitchen, on[_sharing(problem, supplier, kitchen), week, supplier], supplier, *total)
            for (kitchen, week, supplier), total in totals.items()
        )
    )


def _sharing(problem: Problem, supplier: str, kitchen: str) -> str:
    """Who has a drop on the same day: the group, told from any kitchen's name, or the kitchen alone."""
    group = problem.drop_group(supplier, kitchen)
    return f"kitchen {kitchen}" if group is None else f"group {group}"


def _drop_day(
    problem: Problem, supplier: str, kitchens: Sequence[str], week: date, open_days: set[tuple[str, date]]
) -> date:
    """Of the seven days that end on the Monday: the last delivery day on which most of the kitchens serve."""
    weekdays = set(problem.suppliers[supplier].delivery_weekdays)
    window = [week - timedelta(days=d) for d in range(7)]
    days = [day for day in window if day.weekday() in weekdays]
    return max(days, key=lambda day: (sum((kitchen, day) in open_days for kitchen in kitchens), day))
