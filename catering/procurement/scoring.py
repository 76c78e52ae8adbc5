"""Comparing sealed offers by the published criteria: exact points, explained ranks (CCP-03, CCP-43)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catering.figures import number
from catering.rules.procurement import BY_PRICE, Scale

POINT_STEP = Decimal("0.01")
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A published criterion: how it is scored and its weight, the most points it gives."""

    code: str
    french_name: str
    scale: Scale
    weight: int


@dataclass(frozen=True, slots=True)
class Competing:
    """An offer to compare: its amount excl. tax and what it declares for each other criterion (a yes is 1)."""

    tender: int
    amount: Decimal
    facts: Mapping[str, Decimal]

    def value(self, code: str) -> Decimal:
        """What the offer is worth for a criterion, in the criterion's unit."""
        return self.amount if code == BY_PRICE else self.facts[code]


@dataclass(frozen=True, slots=True)
class Score:
    """An offer compared: rank from 1, points per criterion and together, and in French why it stands there."""

    tender: int
    rank: int
    points: Decimal
    by_criterion: Mapping[str, Decimal]
    explanation: str


def line_amount(price_eur_per_kg: Decimal, quantity_g: int) -> Decimal:
    """Amount of a line excl. tax, rounded half-up to the cent."""
    return (price_eur_per_kg * quantity_g / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def points(scale: Scale, weight: int, value: Decimal, of_all: Sequence[Decimal]) -> Decimal:
    """Points of one offer for one criterion, rounded half-up to 0.01.

    Args:
        scale: ``lowest`` gives the weight × lowest value / value, ``highest`` the weight × value / highest value,
            ``yes`` the whole weight to a value of 1 and nothing to 0.
        weight: most points of the criterion.
        value: of this offer, at least 0.
        of_all: values of all the offers compared, this one among them.
    """
    share = {
        "lowest": lambda: Decimal(value == 0) if min(of_all) == 0 else min(of_all) / value,
        "highest": lambda: ZERO if max(of_all) == 0 else value / max(of_all),
        "yes": lambda: Decimal(value == 1),
    }[scale]()
    return (weight * share).quantize(POINT_STEP, ROUND_HALF_UP)


def ranked(criteria: Sequence[Weighed], tenders: Sequence[Competing]) -> list[Score]:
    """The offers in order, best first; those that nothing parts share a rank.

    Equal points are parted by the heaviest criterion, then by the next one (in the published order for equal weights).
    """
    if not tenders:
        return []
    table = {tender.tender: _points(criteria, tender, tenders) for tender in tenders}
    by_weight = sorted(criteria, key=lambda each: -each.weight)

    def key(tender: int) -> tuple[Decimal, ...]:
        return (sum(table[tender].values(), ZERO), *(table[tender][each.code] for each in by_weight))

    order = sorted(table, key=lambda tender: (*(-value for value in key(tender)), tender))
    scores: list[Score] = []
    for place, tender in enumerate(order, start=1):
        above = scores[-1] if scores else None
        tied = above is not None and key(above.tender) == key(tender)
        rank = above.rank if above is not None and tied else place
        why = _why(by_weight, table, tender, above, tied=tied)
        scores.append(Score(tender, rank, key(tender)[0], table[tender], why))
    return scores


def _points(criteria: Sequence[Weighed], tender: Competing, tenders: Sequence[Competing]) -> dict[str, Decimal]:
    return {
        each.code: points(
            each.scale, each.weight, tender.value(each.code), [other.value(each.code) for other in tenders]
        )
        for each in criteria
    }


def _why(
    by_weight: Sequence[Weighed],
    table: Mapping[int, Mapping[str, Decimal]],
    tender: int,
    above: Score | None,
    *,
    tied: bool,
) -> str:
    mine = table[tender]
    detail = ", ".join(f"{each.french_name} {number(mine[each.code])}/{each.weight}" for each in by_weight)
    total = sum(mine.values(), ZERO)
    text = f"{number(total)} points : {detail}."
    if above is None:
        return text
    if tied:
        return f"{text} Ex æquo avec l'offre {above.tender} sur tous les critères : l'acheteur choisit et le motive."
    if above.points == total:
        parting = next(each for each in by_weight if table[above.tender][each.code] != mine[each.code])
        return f"{text} À égalité de points avec l'offre {above.tender}, départagée par : {parting.french_name}."
    return text
