"""Why a problem cannot be solved: the smallest set of rules in conflict, with kitchen and period.

The kitchen that got stuck is looked at alone, then all kitchens together (they share capacities). What is told is a
conflict in which every rule matters: without any one of them what was looked at has a plan (`impossibility`). `SEASON`,
`CAPACITY` and `REACH` take part like rules: without them every dish is in season, every offer on sale without limit,
every supplier delivers everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from optimizer.blocks import HORIZON
from optimizer.engine.calendars import patterns
from optimizer.engine.impossibility import CAPACITY, KITCHEN, REACH, SEASON, Case, day_columns, of_kitchens
from optimizer.engine.instance import Instance
from optimizer.engine.purchases import Sourced
from optimizer.plan import Plan, RuleResult
from optimizer.problem import Problem
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PurchaseTotalRule,
    Rule,
    SpacingRule,
    ValueRatioRule,
)
from optimizer.verification.drops import MIN_DROP, check_min_drops
from optimizer.verification.purchase_total import period_of

MENU, DEMAND = "MENU", "DEMAND"
STRUCTURAL = {
    SEASON: "Un plat n'est servi que dans ses mois de saison",
    CAPACITY: "Une offre n'est vendue que dans sa période et dans la limite de sa capacité",
    REACH: "Une offre n'est achetée que si son fournisseur livre la cuisine",
    MIN_DROP: "Une livraison atteint le minimum de son fournisseur, ou n'a pas lieu",
    DEMAND: "Chaque ingrédient nécessaire doit être acheté",
    MENU: "Chaque repas comporte toutes ses composantes",
}
MOST_SHARED_COLUMNS = 40_000
"""Dishes × days of all kitchens together up to which they are looked at as one."""
MOST_ALONE = 3
"""Kitchens looked at alone before all are looked at together."""
MOST_STATED = 20  # legal-number: most conflicts a message states
NOT_PROVEN = "aucun plan trouvé ; l'impossibilité n'est pas prouvée"


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
    """Conflict of one kitchen without menus: in the block it got stuck in, in any other, in several, over all."""
    name = instance.kitchens[kitchen]
    problem = of_kitchens(instance.problem, [name])
    for blocks in _spans(block, len(instance.pattern(kitchen).blocks)):
        case = Case(problem, blocks)
        found = case.conflict()
        if found is not None:
            return _stated(case, found)
    case = Case(problem)
    found = case.conflict()
    if found is not None:
        return _stated(case, found)
    return [Conflict(MENU, f"{STRUCTURAL[MENU]} : {NOT_PROVEN}", name, _span(problem))]


def explain_sourcing(instance: Instance, sourced: Sequence[Sourced]) -> list[Conflict]:
    """Conflict behind what could not be bought, reached or afforded."""
    unmet = sorted({kitchen for answer in sourced for kitchen in answer.unmet})
    cases = [Case(of_kitchens(instance.problem, [instance.kitchens[k]])) for k in unmet[:MOST_ALONE]]
    if len(instance.kitchens) > 1 and day_columns(instance.problem) <= MOST_SHARED_COLUMNS:
        cases.append(Case(instance.problem))
    for case in cases:
        found = case.conflict()
        if found is not None:
            return _stated(case, found)
    return list(dict.fromkeys(_unproven(instance, sourced)))[:MOST_STATED]


def explain_rounding(problem: Problem, results: Sequence[RuleResult]) -> list[Conflict]:
    """Hard rules that hold in kilograms and euros but not in whole grams and cents: so tight that nobody can say."""
    broken = [of for of in results if not of.holds and problem.rules_by_id[of.id].hard]
    return [Conflict(of.id, f"{_title(problem, of.id)} ; {NOT_PROVEN}", of.kitchen, of.period) for of in broken]


def explain_drops(problem: Problem, plan: Plan) -> list[Conflict]:
    """Drops that are worth their minimum in kilograms but not in whole grams and cents."""
    title = f"{STRUCTURAL[MIN_DROP]} ; {NOT_PROVEN}"
    found = check_min_drops(problem, plan.sourcing)
    return [Conflict(MIN_DROP, title, of.scope.kitchen, of.scope.period) for of in found]


def _spans(block: int, count: int) -> Iterator[tuple[int, ...]]:
    """The block, every other block, then two blocks in a row; all of them are asked last, with the money rules."""
    yield (block,)
    yield from ((other,) for other in range(count) if other != block)
    if count > 1:
        yield from ((b, b + 1) for b in sorted(range(count - 1), key=lambda b: abs(b + 1 - block)))


def _stated(case: Case, names: Sequence[str]) -> list[Conflict]:
    """The conflict in words, one per rule and kitchen."""
    marked = [name.removeprefix(KITCHEN) for name in names if name.startswith(KITCHEN)]
    kitchens = marked or sorted(case.problem.kitchens)
    rules = [name for name in names if not name.startswith(KITCHEN)]
    problem = of_kitchens(case.problem, kitchens)
    if not rules:
        return [Conflict(*_nobody_can(problem), kitchen, _span(problem)) for kitchen in kitchens]
    periods = _periods(Case(problem, case.blocks), rules, [KITCHEN + kitchen for kitchen in marked])
    return [Conflict(rule, _title(problem, rule), kitchen, periods[rule]) for kitchen in kitchens for rule in rules]


def _nobody_can(problem: Problem) -> tuple[str, str]:
    """What lacks when there is no plan even without rules: dishes of a slot, or offers of an ingredient."""
    empty = [slot for slot, dishes in problem.dishes_by_slot.items() if not dishes]
    if empty:
        return MENU, f"{STRUCTURAL[MENU]} : aucun plat en « {', '.join(empty)} »"
    sold = {offer.ingredient for offer in problem.offers.values()}
    used = {name for dish in problem.dishes.values() for name in dish.ingredients} | set(problem.every_meal)
    lacking = [problem.ingredients[name].name for name in sorted(used - sold)]
    return DEMAND, f"{STRUCTURAL[DEMAND]} : personne ne vend {', '.join(lacking)}"


def _title(problem: Problem, name: str) -> str:
    return STRUCTURAL.get(name) or problem.rules_by_id[name].title


def _span(problem: Problem, days: Sequence[date] = ()) -> str:
    dates = days or [day.date for day in problem.service_days]
    return f"{min(dates)}/{max(dates)}"


def _periods(case: Case, rules: Sequence[str], kitchens: Sequence[str]) -> dict[str, str]:
    """Period of each rule: the week or civil year where it already comes to a conflict, else all days looked at."""
    known = [rule for rule in case.problem.rules if rule.id in rules]
    budget = any(isinstance(rule, BudgetRule) for rule in known)
    ratios = [rule.id for rule in known if isinstance(rule, ValueRatioRule)]
    if any(isinstance(rule, CountRule | NutrientTotalRule | SpacingRule | PurchaseTotalRule) for rule in known):
        shared = _days_looked_at(case)
    elif ratios or budget:
        shared = HORIZON if budget else _first_alone(case, [*rules, *kitchens], _years(case.problem))
    else:
        shared = _first_alone(case, [*rules, *kitchens], case.problem.weeks)
    return {rule: _own_period(case, rule, shared, ratios) for rule in rules}


def _own_period(case: Case, rule: str, shared: str, ratios: Sequence[str]) -> str:
    years = _years(case.problem)
    if rule in ratios and len(years) == 1:
        return str(years[0])
    return HORIZON if _is_budget(case.problem.rules_by_id.get(rule)) else shared


def _is_budget(rule: Rule | None) -> bool:
    return isinstance(rule, BudgetRule)


def _years(problem: Problem) -> list[int]:
    return sorted({week.year for week in problem.weeks})


def _days_looked_at(case: Case) -> str:
    if case.blocks is None:
        return _span(case.problem)
    pattern = patterns(case.problem)[0][0]
    cells = [cell for b in case.blocks for cell in pattern.blocks[b].cells]
    return _span(case.problem, [pattern.dates[day] for cell in cells for day in cell.days])


def _first_alone(case: Case, names: Sequence[str], parts: Sequence[date] | Sequence[int]) -> str:
    """The first week (its Monday) or civil year whose days alone have no plan under these rules."""
    for part in parts:
        inside = {day for day in case.problem.service_days if part in (day.week, day.week.year)}
        alone = replace(case.problem, service_days=tuple(inside))
        if Case(of_kitchens(alone, sorted({day.kitchen for day in inside}))).impossible(names):
            return str(part)
    return _days_looked_at(case)


def _unproven(instance: Instance, sourced: Sequence[Sourced]) -> Iterator[Conflict]:
    """What the best plan lacks, where no contradiction was found."""
    for answer in sourced:
        for k, w, i, _ in answer.missing:
            name = instance.problem.ingredients[instance.ingredients[i]].name
            title = f"{STRUCTURAL[CAPACITY]} : {name} ; {NOT_PROVEN}"
            yield Conflict(CAPACITY, title, instance.kitchens[k], str(instance.weeks[w]))
        for s, k, w, _ in answer.small:
            name = instance.problem.suppliers[instance.suppliers[s]].name
            title = f"{STRUCTURAL[MIN_DROP]} : {name} ; {NOT_PROVEN}"
            yield Conflict(MIN_DROP, title, instance.kitchens[k], str(instance.weeks[w]))
        for k, w, _ in answer.crowded:
            for rule in (of for of in instance.rules if isinstance(of, DropCountRule) and of.hard):
                yield Conflict(rule.id, f"{rule.title} ; {NOT_PROVEN}", instance.kitchens[k], str(instance.weeks[w]))
        for k, r, _ in answer.short:
            ratio = instance.ratio_rules[r]
            yield Conflict(ratio.id, f"{ratio.title} ; {NOT_PROVEN}", instance.kitchens[k], HORIZON)
        for t, ks, _ in answer.off:
            of = instance.totals[t].rule
            for k in ks[:1]:
                yield Conflict(of.id, f"{of.title} ; {NOT_PROVEN}", instance.kitchens[k], period_of(of))
        for k, b, _ in answer.over:
            budget = instance.budget_rules[b]
            yield Conflict(budget.id, f"{budget.title} ; {NOT_PROVEN}", instance.kitchens[k], HORIZON)
