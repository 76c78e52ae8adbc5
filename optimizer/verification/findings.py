"""What the check of one rule finds for one kitchen and period, whether the rule holds or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from optimizer.faults import Fault, Scope
from optimizer.plan import RuleResult
from optimizer.rules import Rule
from optimizer.verification.french import figure, rounded


@dataclass(frozen=True, slots=True)
class Finding:
    """``value`` against ``minimum`` and ``maximum`` in the unit of the rule; ``violation`` > 0 when it does not hold.

    ``said`` is the French sentence that says what is wrong and by how much, empty when the rule holds.
    """

    rule: Rule
    kitchen: str
    period: str
    value: Fraction | None
    minimum: Fraction | None
    maximum: Fraction | None
    violation: Fraction = Fraction(0)
    said: str = ""

    @property
    def holds(self) -> bool:
        return self.violation == 0

    @property
    def penalty(self) -> Decimal:
        """Euros of a broken soft rule, rounded half-up to the cent; 0 for a hard rule."""
        if self.holds or self.rule.soft_price is None:
            return Decimal("0.00")
        return rounded(self.violation * Fraction(self.rule.soft_price), 2)

    def result(self) -> RuleResult:
        """The finding as a plan's summary states it."""
        return RuleResult(
            self.rule.id,
            self.kitchen,
            self.period,
            _stated(self.value),
            _stated(self.minimum),
            _stated(self.maximum),
            self.holds,
        )

    def fault(self) -> Fault:
        """The finding as a fault of the plan; only for a hard rule that does not hold."""
        below = self.minimum is not None and self.value is not None and self.value < self.minimum
        bound = self.minimum if below or self.maximum is None else self.maximum
        scope = Scope(self.kitchen, self.period)
        return Fault(self.rule.id, scope, _stated(self.value), _stated(bound), f"{self.rule.title} : {self.said}")


def between(
    rule: Rule,
    kitchen: str,
    period: str,
    *,
    low: Fraction | None,
    high: Fraction | None,
    minimum: Fraction | None,
    maximum: Fraction | None,
    unit: str,
) -> Finding:
    """Finding of a rule with a minimum, a maximum or both.

    ``low`` is the value as read for the minimum and ``high`` as read for the maximum (an unknown counts against the
    plan); each is None where its bound is. The value stated is the one that breaks a bound; otherwise ``low`` if known.
    """
    if high is not None and maximum is not None and high > maximum:
        said = _said(high, "au plus", maximum, f"{figure(high - maximum)} de trop", unit)
        return Finding(rule, kitchen, period, high, minimum, maximum, high - maximum, said)
    if low is not None and minimum is not None and low < minimum:
        said = _said(low, "au moins", minimum, f"il en manque {figure(minimum - low)}", unit)
        return Finding(rule, kitchen, period, low, minimum, maximum, minimum - low, said)
    return Finding(rule, kitchen, period, high if low is None else low, minimum, maximum)


def _said(value: Fraction, word: str, bound: Fraction, by: str, unit: str) -> str:
    return f"{figure(value)} {unit}, il en faut {word} {figure(bound)} ({by})."


def _stated(number: Fraction | None) -> Decimal | None:
    return None if number is None else rounded(number)
