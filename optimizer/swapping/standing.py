"""What one kitchen's plan costs and emits, and how every rule stands in it, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from optimizer.plan import MenuLine, RuleResult, SourcingLine
from optimizer.problem import Problem
from optimizer.rules import PurchaseTotalRule, Rule
from optimizer.verification.every_rule import find_all
from optimizer.verification.findings import Finding
from optimizer.verification.served import Served
from optimizer.verification.spent import ZERO, Spent

GRAMS_PER_KG = 1000


@dataclass(frozen=True)
class Standing:
    """Euros and kg CO2e of the week, euros of the whole horizon, and how each rule stands in each of its periods.

    ``unknown_g`` = grams of the week bought of offers whose footprint nobody states: they count for nothing.
    """

    week_cost_eur: Decimal
    cost_eur: Decimal
    co2e_kg: Decimal
    unknown_g: int
    findings: tuple[Finding, ...]

    @property
    def results(self) -> tuple[RuleResult, ...]:
        return tuple(finding.result() for finding in self.findings)


@dataclass(frozen=True)
class RuleChange:
    """How a rule stood in a period, and how it stands now."""

    before: Finding
    after: Finding

    @property
    def rule(self) -> Rule:
        return self.after.rule

    @property
    def period(self) -> str:
        return self.after.period

    @property
    def worse(self) -> bool:
        """Whether it does not hold, and held before or was missed by less."""
        return self.after.violation > self.before.violation

    @property
    def mends(self) -> bool:
        """Whether it did not hold and does now."""
        return self.after.holds and not self.before.holds


def standing(problem: Problem, menus: Iterable[MenuLine], lines: Iterable[SourcingLine], week: date) -> Standing:
    """How the plan of a problem's one kitchen stands."""
    every = tuple(lines)
    served, spent = Served(problem, menus), Spent(problem, every)
    of_week = [line for line in every if line.week == week]
    return Standing(
        week_cost_eur=sum((line.amount_excl_tax for line in of_week), ZERO),
        cost_eur=spent.cost,
        co2e_kg=sum((co2e(problem, line) or ZERO for line in of_week), ZERO),
        unknown_g=sum(line.grams for line in of_week if co2e(problem, line) is None),
        # What kitchens share is not theirs to judge: of the others nothing is known here.
        findings=tuple(of for of in find_all(problem, served, spent) if not isinstance(of.rule, PurchaseTotalRule)),
    )


def co2e(problem: Problem, line: SourcingLine) -> Decimal | None:
    """kg CO2e of what is bought, exact; None of an offer without a footprint."""
    offer = problem.offers.get(line.offer)
    if offer is None or offer.co2e_kg_per_kg is None:
        return None
    return offer.co2e_kg_per_kg * line.grams / GRAMS_PER_KG


def changes(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[RuleChange]:
    """The rules and periods that do not stand as they did; both sides in the same order."""
    for one, other in zip(before, after, strict=True):
        if (one.value, one.violation) != (other.value, other.violation):
            yield RuleChange(one, other)
