"""Structural rule SUMMARY: every figure of the summary agrees with what the tables give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from optimizer.faults import Fault, Measure, Scope
from optimizer.plan import KitchenResult, RuleResult, Summary
from optimizer.problem import Problem
from optimizer.verification.french import figure
from optimizer.verification.measuring import Measures

SUMMARY = "SUMMARY"


def check_summary(problem: Problem, summary: Summary, found: Measures) -> Iterator[Fault]:
    """Compare the figures stated with those recomputed from the tables."""
    if summary.problem_sha256 != problem.sha256:
        message = "le plan a été établi pour un autre dossier de problème (problem_sha256)."
        yield Fault(SUMMARY, Scope(), summary.problem_sha256, problem.sha256, message)
    yield from _compare(Scope(), "cost_eur", summary.cost_eur, found.cost_eur)
    yield from _compare(Scope(), "penalty_eur", summary.penalty_eur, found.penalty_eur)
    yield from _compare(Scope(), "waste_eur", summary.waste_eur, found.waste_eur)
    yield from _compare(Scope(), "goals_eur", summary.goals_eur, found.goals_eur)
    yield from _compare(Scope(), "objective_eur", summary.objective_eur, found.objective_eur)
    yield from _compare(Scope(), "gap", summary.gap, found.gap(summary.lower_bound_eur))
    yield from _compare(Scope(), "meals", summary.meals, found.meals)
    yield from _check_indicators(summary, found)
    yield from _check_kitchens(summary.kitchens, found.kitchens)
    yield from _check_rules(summary.rules, found.rules)


def _check_indicators(summary: Summary, found: Measures) -> Iterator[Fault]:
    """All indicators, if the plan states any."""
    if not summary.indicators:
        return
    for name in sorted(summary.indicators.keys() | found.indicators.keys()):
        if name not in summary.indicators or name not in found.indicators:
            way = "manque" if name in found.indicators else "est inconnu"
            yield Fault(SUMMARY, Scope(subject=name), None, None, f"l'indicateur « {name} » {way}.")
        else:
            yield from _compare(
                Scope(subject=name), f"indicateur « {name} »", summary.indicators[name], found.indicators[name]
            )


def _compare(scope: Scope, name: str, stated: Measure, found: Measure) -> Iterator[Fault]:
    if stated != found:
        by = (
            f", écart {figure(stated - found)}"
            if isinstance(stated, Decimal | int) and isinstance(found, Decimal | int)
            else ""
        )
        yield Fault(SUMMARY, scope, stated, found, f"{name} annoncé {_shown(stated)}, recalculé {_shown(found)}{by}.")


def _shown(value: Measure) -> str:
    if value is None:
        return "sans objet"
    return value if isinstance(value, str) else figure(value)


def _check_kitchens(stated: Iterable[KitchenResult], found: Iterable[KitchenResult]) -> Iterator[Fault]:
    told = {result.id: result for result in stated}
    for result in found:
        mine = told.pop(result.id, None)
        scope = Scope(result.id)
        if mine is None:
            yield Fault(SUMMARY, scope, None, None, "la cuisine manque dans « kitchens ».")
            continue
        yield from _compare(scope, "cost_eur", mine.cost_eur, result.cost_eur)
        yield from _compare(scope, "meals", mine.meals, result.meals)
        yield from _compare(scope, "cost_per_meal_eur", mine.cost_per_meal_eur, result.cost_per_meal_eur)
        yield from _check_ratios(mine, result)
    for kitchen in told:
        yield Fault(SUMMARY, Scope(kitchen), kitchen, None, "« kitchens » cite une cuisine inconnue.")


def _check_ratios(stated: KitchenResult, found: KitchenResult) -> Iterator[Fault]:
    told = {(rule, year): share for rule, years in stated.ratios.items() for year, share in years.items()}
    true = {(rule, year): share for rule, years in found.ratios.items() for year, share in years.items()}
    for rule, year in sorted(told.keys() | true.keys()):
        scope = Scope(found.id, year, rule)
        if (rule, year) not in told or (rule, year) not in true:
            way = "manque" if (rule, year) in true else "est de trop"
            yield Fault(SUMMARY, scope, None, None, f"le ratio « {rule} » de {year} {way} dans « kitchens ».")
        else:
            yield from _compare(scope, f"ratio « {rule} »", told[rule, year], true[rule, year])


def _check_rules(stated: Iterable[RuleResult], found: Iterable[RuleResult]) -> Iterator[Fault]:
    told: dict[tuple[str, str, str], RuleResult] = {}
    for result in stated:
        if told.setdefault((result.id, result.kitchen, result.period), result) is not result:
            yield Fault(SUMMARY, _scope(result), 2, 1, f"le résultat de « {result.id} » est annoncé deux fois.")
    for result in found:
        mine = told.pop((result.id, result.kitchen, result.period), None)
        if mine is None:
            yield Fault(SUMMARY, _scope(result), None, None, f"le résultat de « {result.id} » manque dans « rules ».")
        elif mine != result:
            yield from _compare_rule(mine, result)
    for result in told.values():
        yield Fault(SUMMARY, _scope(result), None, None, f"« rules » annonce « {result.id} » où rien n'est à vérifier.")


def _compare_rule(stated: RuleResult, found: RuleResult) -> Iterator[Fault]:
    scope = _scope(found)
    name = f"« {found.id} »"
    yield from _compare(scope, f"{name} : value", stated.value, found.value)
    yield from _compare(scope, f"{name} : bound.min", stated.minimum, found.minimum)
    yield from _compare(scope, f"{name} : bound.max", stated.maximum, found.maximum)
    if stated.holds != found.holds:
        message = f"{name} est dite {_kept(stated.holds)}, elle est {_kept(found.holds)}."
        yield Fault(SUMMARY, scope, str(stated.holds).lower(), str(found.holds).lower(), message)


def _kept(holds: bool) -> str:
    return "respectée" if holds else "non respectée"


def _scope(result: RuleResult) -> Scope:
    return Scope(result.kitchen, result.period, result.id)
