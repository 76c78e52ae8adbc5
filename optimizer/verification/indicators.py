"""What a plan is worth in the three orientations (``optimizer.goals.INDICATORS``), in exact arithmetic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from optimizer.goals import BIO, INDICATORS, NUTRIENTS
from optimizer.plan import SourcingLine
from optimizer.problem import NON_EGALIM, Problem
from optimizer.rules import CountRule, Seller
from optimizer.verification.counting import matches
from optimizer.verification.french import rounded
from optimizer.verification.served import Served

SHORT_CHAIN = ("producer", "hub")
BLOCK = 20  # legal-number: name of the indicator says so: dishes per 20 meals
Share = Fraction | None


def indicators(problem: Problem, served: Served, sourcing: Iterable[SourcingLine]) -> Mapping[str, Decimal | None]:
    """Every indicator, rounded half-up to 6 decimals; None where there is nothing to measure."""
    found = _Bought(problem, sourcing).indicators() | {
        "distinct_dishes_per_20_meals": _variety(problem, served),
        "sliding_windows_broken": _windows_broken(problem, served),
        **_nutrients(problem, served),
    }
    return {of.id: None if (value := found[of.id]) is None else rounded(value) for of in INDICATORS}


class _Bought:
    """Purchases added up; lines of an unknown offer, or that nobody can deliver, count in the cost alone."""

    def __init__(self, problem: Problem, sourcing: Iterable[SourcingLine]) -> None:
        self._meals = problem.meals
        self.cost = Decimal(0)
        self.grams = self.unknown_grams = 0
        self.co2e_g = self.gram_km = self.bio = self.egalim = Decimal(0)
        self.sold: dict[str, Decimal] = defaultdict(Decimal)
        """Euros by supplier."""
        self._sellers = {each.id: Seller(each.kind, each.local) for each in problem.suppliers.values()}
        for line in sourcing:
            self.cost += line.amount_excl_tax
            if line.offer in problem.offers and problem.reaches(line.offer, line.kitchen):
                self._add(problem, line)

    def _add(self, problem: Problem, line: SourcingLine) -> None:
        offer = problem.offers[line.offer]
        self.grams += line.grams
        self.sold[offer.supplier] += line.amount_excl_tax
        self.gram_km += line.grams * problem.deliveries[offer.supplier, line.kitchen].distance_km
        if offer.co2e_kg_per_kg is None:
            self.unknown_grams += line.grams
        else:
            self.co2e_g += offer.co2e_kg_per_kg * line.grams
        bucket = problem.bucket(line.offer, line.week)
        if bucket == BIO:
            self.bio += line.amount_excl_tax
        if bucket != NON_EGALIM:
            self.egalim += line.amount_excl_tax

    def indicators(self) -> dict[str, Share]:
        """Those of purchases."""
        farms = sorted(of for who, of in self.sold.items() if self._sellers[who] == Seller("producer", True))
        short = sum((of for who, of in self.sold.items() if self._sellers[who].kind in SHORT_CHAIN), Decimal(0))
        revenue = sum(farms, Decimal(0))
        least = sum(farms[: len(farms) // 2], Decimal(0)) + (farms[len(farms) // 2] / 2 if len(farms) % 2 else 0)
        return {
            "co2e_kg_per_meal": _share(self.co2e_g / 1000, self._meals),
            "footprint_unknown": _share(self.unknown_grams, self.grams),
            "bio_share": _share(self.bio, self.cost),
            "egalim_share": _share(self.egalim, self.cost),
            "km_per_kg": _share(self.gram_km, self.grams),
            "producer_share": _share(revenue, self.cost),
            "short_chain_share": _share(short, self.cost),
            "producers": Fraction(len(farms)),
            "half_share": _share(least, revenue),
            "cost_per_meal_eur": _share(self.cost, self._meals),
        }


def _share(part: Decimal | int, whole: Decimal | int) -> Share:
    return Fraction(part) / Fraction(whole) if whole else None


def _variety(problem: Problem, served: Served) -> Share:
    counts = [
        len({dish.id for day in block.days for dish in served.meal(day).values()})
        for kitchen in problem.kitchens
        for block in problem.blocks(kitchen, BLOCK)
        if block.meals == BLOCK
    ]
    return Fraction(sum(counts), len(counts)) if counts else None


def _nutrients(problem: Problem, served: Served) -> dict[str, Share]:
    """Mean amounts per meal; a meal with a dish whose amount is unknown is left out, for it would count too little."""
    sums, meals = dict.fromkeys(NUTRIENTS, Decimal(0)), dict.fromkeys(NUTRIENTS, 0)
    for kitchen in problem.kitchens:
        for day in problem.days(kitchen):
            dishes = [dish.nutrients for dish in served.meal(day).values()]
            for nutrient in NUTRIENTS:
                if dishes and all(nutrient in amounts for amounts in dishes):
                    sums[nutrient] += sum(amounts[nutrient] for amounts in dishes)
                    meals[nutrient] += 1
    return {f"{nutrient}_per_meal": _share(sums[nutrient], meals[nutrient]) for nutrient in NUTRIENTS}


def _windows_broken(problem: Problem, served: Served) -> Share:
    tally: Counter[bool] = Counter()
    for rule in problem.rules:
        if isinstance(rule, CountRule):
            for kitchen in problem.kitchens:
                tally.update(windows_broken(problem, rule, served, kitchen))
    return Fraction(tally[True], tally.total()) if tally else None


def windows_broken(problem: Problem, rule: CountRule, served: Served, kitchen: str) -> list[bool]:
    """Whether each window of consecutive meals of a kitchen breaks the rule; none for fewer meals than a window."""
    days = problem.days(kitchen)
    meals = [served.meal(day) for day in days]
    broken = [False] * max(0, len(days) - rule.window + 1)
    if rule.minimum is not None:
        sure = _sums([matches(rule, meal, unknown_as=False) for meal in meals], rule.window)
        broken = [one or of < rule.minimum for one, of in zip(broken, sure, strict=True)]
    if rule.maximum is not None:
        possible = _sums([matches(rule, meal, unknown_as=True) for meal in meals], rule.window)
        broken = [one or of > rule.maximum for one, of in zip(broken, possible, strict=True)]
    return broken


def _sums(flags: Sequence[bool], window: int) -> list[int]:
    """How many flags are up in each run of ``window`` of them."""
    upto = [0, *accumulate(flags)]
    return [upto[n + window] - upto[n] for n in range(len(flags) - window + 1)]
