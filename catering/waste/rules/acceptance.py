"""How well each dish is accepted, 0 to 100, and which dishes can be told apart (decision 0096)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.rules import RuleBook, law
from catering.waste.rules.estimate import TENTH
from catering.waste.rules.pooling import DishShare, Learnt, Z
from catering.waste.vocabulary import AcceptanceStanding

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One dish. ``score`` = 100 x (1 - share that comes back on plates), with the interval that holds 95 times in 100.

    Ranks count the dishes of the same component that were weighed enough, 1 being the best accepted: it stands
    somewhere between ``best_rank`` and ``worst_rank``. None of both for a dish that was not weighed enough.
    """

    dish_id: int
    standing: AcceptanceStanding
    score: Decimal
    low: Decimal
    high: Decimal
    alone: int
    together: int
    weight: Decimal
    best_rank: int | None = None
    worst_rank: int | None = None
    of: int | None = None


def enough(found: DishShare, on: date, book: RuleBook | None = None) -> AcceptanceStanding:
    """Whether a dish was weighed by itself often enough, and whether that settles its share more than its family."""
    of = book or law()
    settled = found.weight >= float(of.parameter("GAS-APPRENDRE-PART", on))
    many = found.alone >= of.parameter("GAS-APPRENDRE-PESEES", on)
    return AcceptanceStanding.KNOWN if settled and many else AcceptanceStanding.NOT_ENOUGH


def acceptances(learnt: Learnt, slots: Mapping[int, str], on: date, book: RuleBook | None = None) -> list[Acceptance]:
    """Every dish: by component those known, the best accepted first, then the others in order of their number."""
    known: dict[str, list[int]] = {}
    others: list[Acceptance] = []
    for dish, found in sorted(learnt.dishes.items()):
        if enough(found, on, book) is AcceptanceStanding.KNOWN:
            known.setdefault(slots[dish], []).append(dish)
        else:
            others.append(_acceptance(dish, found, AcceptanceStanding.NOT_ENOUGH))
    return [*(each for slot in sorted(known) for each in ranked(learnt, known[slot])), *others]


def ranked(learnt: Learnt, dishes: Sequence[int]) -> list[Acceptance]:
    """Dishes, the best accepted first, each with the ranks it may have: two dishes are told apart when the interval of
    their difference holds no zero."""
    order = sorted(dishes, key=lambda dish: (learnt.dishes[dish].mean, dish))
    return [
        _acceptance(dish, learnt.dishes[dish], AcceptanceStanding.KNOWN, _ranks(learnt, dish, order), len(order))
        for dish in order
    ]


def _ranks(learnt: Learnt, dish: int, order: Iterable[int]) -> tuple[int, int]:
    better = worse = others = 0
    for other in order:
        if other == dish:
            continue
        others += 1
        gap = learnt.dishes[dish].mean - learnt.dishes[other].mean
        sure = abs(gap) > Z * learnt.difference_error(dish, other)
        better += sure and gap > 0
        worse += sure and gap < 0
    return 1 + better, 1 + others - worse


def _acceptance(
    dish: int,
    found: DishShare,
    standing: AcceptanceStanding,
    ranks: tuple[int, int] | None = None,
    of: int | None = None,
) -> Acceptance:
    low, high = found.interval
    best, worst = ranks or (None, None)
    return Acceptance(
        dish, standing, score(found.mean), score(high), score(low), found.alone, found.together,
        Decimal(found.weight).quantize(Decimal("0.01"), ROUND_HALF_UP), best, worst, of,
    )  # fmt: skip


def score(share: float) -> Decimal:
    """100 x (1 - share), to a tenth, within 0 to 100."""
    kept = min(1.0, max(0.0, 1 - share))
    return (Decimal(kept) * HUNDRED).quantize(TENTH, ROUND_HALF_UP)
