"""What purchases are measured in by rules that add them up (``purchase_total``): units per kilogram of an offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from optimizer.goals import KG_PER_TON, ZERO
from optimizer.problem import Problem


@dataclass(frozen=True, slots=True)
class Measure:
    """What is added up, its unit in French, its formula, and units per kg of an offer bought by a kitchen, exact."""

    title: str
    unit: str
    formula: str
    per_kg: Callable[[Problem, str, str], Decimal]


def _kg(problem: Problem, offer: str, kitchen: str) -> Decimal:
    del problem, offer, kitchen
    return Decimal(1)


def _eur(problem: Problem, offer: str, kitchen: str) -> Decimal:
    return problem.unit_price(offer, kitchen)


def _co2e(problem: Problem, offer: str, kitchen: str) -> Decimal:
    del kitchen
    return problem.offers[offer].co2e_kg_per_kg or ZERO


def _ton_km(problem: Problem, offer: str, kitchen: str) -> Decimal:
    return problem.deliveries[problem.offers[offer].supplier, kitchen].distance_km / KG_PER_TON


MEASURES: Mapping[str, Measure] = {
    "kg": Measure("Quantité achetée", "kg", "Σ kg", _kg),
    "eur": Measure("Montant acheté", "€", "Σ amount_excl_tax, delivery included", _eur),
    "co2e_kg": Measure(
        "Empreinte des achats", "kg CO2e", "Σ co2e_kg_per_kg × kg; an offer without a footprint counts 0", _co2e
    ),
    "ton_km": Measure("Transport des achats", "t·km", "Σ distance_km × kg / 1000", _ton_km),
}
