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
    repeats: bool = False
    """Tells at another kitchen what was found of several together: neither priced nor a fault once more."""

    @property
    def holds(self) -> bool:
        return self.violation == 0

    @property
    def penalty(self) -> Decimal:
        """Euros of a broken soft rule, rounded half-up to the cent; 0 for a hard rule."""
        if self.holds or self.repeats or self.rule.soft_price is None:
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
    plan); each is None where its bound is. What is unknown can break both at once: the violations then add up.
    The value stated is ``high`` where that breaks the maximum, otherwise ``low`` if there is a minimum.
    """
    over = Fraction(0) if high is None or maximum is None else max(high - maximum, Fraction(0))
    short = Fraction(0) if low is None or minimum is None else max(minimum - low, Fraction(0))
    said = []
    if over and high is not None and maximum is not None:
        said.append(f"{figure(high)} {unit}, il en faut au plus {figure(maximum)} ({figure(over)} de trop).")
    if short and low is not None and minimum is not None:
        said.append(f"{figure(low)} {unit}, il en faut au moins {figure(minimum)} (il en manque {figure(short)}).")
    value = high if over or low is None else low
    return Finding(rule, kitchen, period, value, minimum, maximum, over + short, " ".join(said))


def _stated(number: Fraction | None) -> Decimal | None:
    return None if number is None else rounded(number)
