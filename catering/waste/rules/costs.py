"""What a plan is told that a dish costs by what comes back of it (decision 0097)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.waste.rules.acceptance import enough
from catering.waste.rules.pooling import Learnt
from catering.waste.vocabulary import AcceptanceStanding

STEP = Decimal("0.0001")
GRAMS_PER_KG = 1000


def waste_cost(share: float | Decimal, served_g: int, eur_per_kg: Decimal) -> Decimal:
    """€ per cover = share that comes back x grams served / 1000 x price of a kilogram, half-up to 4 decimals."""
    return (Decimal(share) * served_g * eur_per_kg / GRAMS_PER_KG).quantize(STEP, ROUND_HALF_UP)


def waste_costs(
    learnt: Learnt, kitchens: Iterable[int], served_g: Mapping[int, int], eur_per_kg: Decimal, on: date
) -> dict[tuple[int, int], Decimal]:
    """€ per cover by (kitchen, dish), every dish that has an estimate: one left out would look free of waste.

    A dish that was not weighed enough by ``on`` is priced as its family (decision 0210).
    """
    known = {dish: enough(found, on) is AcceptanceStanding.KNOWN for dish, found in learnt.dishes.items()}
    return {
        (kitchen, dish): waste_cost(share(kitchen, dish), grams, eur_per_kg)
        for kitchen in kitchens
        for dish, grams in served_g.items()
        if dish in known
        for share in [learnt.share if known[dish] else learnt.family_share]
    }
