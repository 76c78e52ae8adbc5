"""Why a problem cannot be solved: the smallest set of rules in conflict, with kitchen and period.

The kitchen (and block) that got stuck is looked at alone. Rules are taken away one by one; those whose removal leaves
the rest impossible were not needed. What stays is a conflict in which every rule matters: without any one of them a
menu exists. `SEASON` and `CAPACITY` take part like rules: ignoring them means every dish in every month, every offer
on sale without limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from optimizer.blocks import ServiceDay
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.joint import JointModel
from optimizer.engine.sourcing import Period, Sourced
from optimizer.problem import Capacity, Problem
from optimizer.rules import ValueRatioRule
from optimizer.solver import Status

STRUCTURAL = {
    "SEASON": "Un plat n'est servi que dans ses mois de saison",
    "CAPACITY": "Une offre n'est vendue que dans sa période et dans la limite de sa capacité",
    "DEMAND": "Chaque ingrédient nécessaire doit être acheté",
    "MENU": "Chaque repas comporte toutes ses composantes",
}
EVERY_MONTH = frozenset(range(1, 13))
SECONDS = 20.0
MOST_STATED = 20


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule of a conflict, where and when it takes part; `period` as in plans."""

    rule_id: str
    title: str
    kitchen: str
    period: str

    def __str__(self) -> str:
        return f"{self.rule_id} ({self.title}), cuisine {self.kitchen}, période {self.period}"


class Infeasible(Exception):  # noqa: N818 - named for what it says of the problem
    """No plan satisfies the hard rules; `conflicts` are rules that cannot hold together."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("Règles incompatibles : " + " ; ".join(map(str, self.conflicts)))

    def __reduce__(self) -> tuple[type[Infeasible], tuple[tuple[Conflict, ...]]]:
        return Infeasible, (self.conflicts,)


def explain_kitchen(instance: Instance, kitchen: int, block: int) -> list[Conflict]:
    """Conflict of one kitchen: in the block it got stuck in, or, if that block alone is fine, up to that block."""
    pattern, name = instance.pattern(kitchen), instance.kitchens[kitchen]
    stuck = pattern.blocks[block]
    dates = pattern.dates[stuck.first_day : stuck.first_day + stuck.size]
    found = _conflict(instance.problem, name, dates)
    if found:
        return found
    before = pattern.blocks[max(0, block - 1)]
    longer = pattern.dates[before.first_day : stuck.first_day + stuck.size]
    return _conflict(instance.problem, name, longer) or _spacing_only(instance, name, longer)


def explain_sourcing(instance: Instance, spans: Sequence[Period], sourced: Sequence[Sourced]) -> list[Conflict]:
    """Conflict behind what could not be bought, reached or afforded."""
    found: list[Conflict] = []
    for period, answer in zip(spans, sourced, strict=True):
        for k, w, i, _ in answer.missing:
            found += _missing(instance, k, w, i)
        for k, rule_id in _unmet(instance, answer):
            found += _alone(instance, k, period) or [_shared(instance, k, period, rule_id)]
            break
    return list(dict.fromkeys(found))[:MOST_STATED]


def _unmet(instance: Instance, answer: Sourced) -> list[tuple[int, str]]:
    short = [(k, instance.ratio_rules[r].id) for k, r, _ in answer.short]
    return short + [(k, instance.budget_rules[b].id) for k, b, _ in answer.over]


def _missing(instance: Instance, k: int, w: int, i: int) -> list[Conflict]:
    kitchen, week = instance.kitchens[k], str(instance.weeks[w])
    name = instance.problem.ingredients[instance.ingredients[i]].name
    return [
        Conflict("DEMAND", f"{STRUCTURAL['DEMAND']} : {name}", kitchen, week),
        Conflict("CAPACITY", f"{STRUCTURAL['CAPACITY']} : {name}", kitchen, week),
    ]


def _alone(instance: Instance, k: int, period: Period) -> list[Conflict]:
    """The kitchen's days of the period's weeks, without any other kitchen."""
    weeks = {instance.weeks[w] for w in period.weeks}
    kitchen = instance.kitchens[k]
    dates = [day.date for day in instance.problem.days(kitchen) if day.week in weeks]
    return _conflict(instance.problem, kitchen, dates)


def _shared(instance: Instance, k: int, period: Period, rule_id: str) -> Conflict:
    first, last = instance.weeks[period.weeks[0]], instance.weeks[period.weeks[-1]]
    why = "les capacités partagées avec les autres cuisines ne suffisent pas"
    title = f"{instance.problem.rules_by_id[rule_id].title} ({why})"
    return Conflict(rule_id, title, instance.kitchens[k], f"{first}/{last}")


def _conflict(problem: Problem, kitchen: str, dates: Sequence[date]) -> list[Conflict]:
    """Irreducible conflict of a kitchen on some days, empty if it has a lawful menu and sourcing by itself."""
    part = _restricted(problem, kitchen, set(dates))
    names = ["SEASON", "CAPACITY", *(rule.id for rule in part.rules if rule.hard)]
    if _possible(part, names):
        return []
    needed = list(names)
    for name in names:
        without = [other for other in needed if other != name]
        if not _possible(part, without):
            needed = without
    period = f"{min(dates)}/{max(dates)}"
    if not needed:
        return [Conflict(name, STRUCTURAL[name], kitchen, period) for name in ("MENU", "DEMAND")]
    return [Conflict(name, _title(problem, name), kitchen, period) for name in needed]


def _title(problem: Problem, name: str) -> str:
    return STRUCTURAL.get(name) or problem.rules_by_id[name].title


def _restricted(problem: Problem, kitchen: str, dates: set[date]) -> Problem:
    days: tuple[ServiceDay, ...] = tuple(day for day in problem.days(kitchen) if day.date in dates)
    return replace(
        problem,
        kitchens={kitchen: problem.kitchens[kitchen]},
        service_days=days,
        deliveries={key: value for key, value in problem.deliveries.items() if key[1] == kitchen},
        purchases=tuple(purchase for purchase in problem.purchases if purchase.kitchen == kitchen),
    )


def _possible(part: Problem, names: Sequence[str]) -> bool:
    """Whether menus and sourcing of this one kitchen can satisfy the named rules together."""
    chosen = replace(part, rules=tuple(rule for rule in part.rules if rule.id in names))
    if "SEASON" not in names:
        chosen = replace(chosen, dishes={d: replace(dish, months=EVERY_MONTH) for d, dish in part.dishes.items()})
    if "CAPACITY" not in names:
        first, last = min(day.week for day in part.service_days), max(day.week for day in part.service_days)
        chosen = replace(chosen, capacities={o: (Capacity(o, first, last, None),) for o in part.offers})
    if not any(isinstance(rule, ValueRatioRule) for rule in chosen.rules):
        chosen = replace(chosen, purchases=())
    instance = compile_instance(chosen)
    joint = JointModel(instance, 0, [b.index for b in instance.patterns[0].blocks], "bound", None)
    joint.add_site(np.array([0]))
    joint.close()
    if joint.model.solve(relax=True).status is Status.INFEASIBLE:
        return False
    return joint.model.solve(time_limit=SECONDS, gap=1.0).status is not Status.INFEASIBLE


def _spacing_only(instance: Instance, kitchen: str, dates: Sequence[date]) -> list[Conflict]:
    """Nothing proven impossible, yet no menu was found around the block border: the spacing rules tighten it."""
    period = f"{min(dates)}/{max(dates)}"
    rules = [rule for rule in instance.rules if rule.kind == "spacing"]
    return [Conflict(rule.id, rule.title, kitchen, period) for rule in rules]
