"""The three orientations of a plan besides its cost, as indicators with unit and formula: one table, the source of the
documentation.

Some are *weighed*: linear in what is bought, so that a price per unit (``goals.csv``) adds to the objective, in the
plan and in its bound alike. As hard floors: shares of the spend by ``value_ratio``, frequencies and nutrients by
``count`` and ``nutrient_total``, cost per meal by ``budget``, footprint, transport and revenues by ``purchase_total``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from optimizer.problem import Problem

Orientation: TypeAlias = Literal["health", "environment", "economy"]
BIO = "BIO"
KG_PER_TON = 1000
ZERO = Decimal(0)


NUTRIENTS: Mapping[str, tuple[str, str, Literal["more", "less", "between"]]] = {
    "kcal": ("Énergie d'un repas", "kcal", "between"),
    "protein_g": ("Protéines d'un repas", "g", "more"),
    "fibre_g": ("Fibres d'un repas", "g", "more"),
    "calcium_mg": ("Calcium d'un repas", "mg", "more"),
    "iron_mg": ("Fer d'un repas", "mg", "more"),
    "salt_g": ("Sel d'un repas", "g", "less"),
}
"""Nutrients by their name in ``dish_nutrients.csv``: title, unit, which way is better."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure of a whole plan: what it is called in French, its unit, its formula, which way is better, and by what
    kind of rule it can be held as a floor or a ceiling (empty: it is only told)."""

    id: str
    orientation: Orientation
    title: str
    unit: str
    formula: str
    better: Literal["more", "less", "between"]
    held_by: str = ""


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "distinct_dishes_per_20_meals", "health", "Plats différents par 20 repas", "plats",
        "mean over kitchens and whole blocks of 20 meals of the number of different dishes, all components", "more",
        "spacing",
    ),
    *(
        Indicator(
            f"{nutrient}_per_meal", "health", title, unit,
            "mean over kitchens and meals, of those of which every dish has a known amount, of Σ amount of the dishes",
            better, "nutrient_total",
        )
        for nutrient, (title, unit, better) in NUTRIENTS.items()
    ),
    Indicator(
        "sliding_windows_broken", "health", "Fenêtres glissantes non tenues", "part",
        "share of (count rule, kitchen, window of consecutive meals starting on any day) whose count is outside of "
        "its bounds; rules are held in consecutive blocks only", "less",
    ),
    Indicator(
        "co2e_kg_per_meal", "environment", "Empreinte par repas", "kg CO2e",
        "Σ co2e_kg_per_kg × kg ÷ covers, over offers whose footprint is known", "less", "purchase_total",
    ),
    Indicator(
        "footprint_unknown", "environment", "Achats sans empreinte connue", "part des kg",
        "kg of offers without a footprint ÷ kg", "less",
    ),
    Indicator(
        "bio_share", "environment", "Part du bio", "part du montant", "€ in bucket BIO ÷ €", "more", "value_ratio"
    ),
    Indicator(
        "egalim_share", "environment", "Part des produits durables et de qualité", "part du montant",
        "€ in any bucket that counts for EGAlim ÷ €", "more", "value_ratio",
    ),
    Indicator(
        "km_per_kg", "environment", "Distance parcourue par kg", "km",
        "Σ kg × distance from supplier to kitchen ÷ kg", "less", "purchase_total",
    ),
    Indicator(
        "producer_share", "economy", "Part des producteurs du territoire", "part du montant",
        "€ bought of suppliers of kind producer and local ÷ €", "more", "value_ratio",
    ),
    Indicator(
        "short_chain_share", "economy", "Part des circuits courts", "part du montant",
        "€ bought of producers and hubs (one intermediary at most) ÷ €", "more", "value_ratio",
    ),
    Indicator(
        "producers", "economy", "Producteurs à qui l'on achète", "producteurs",
        "local producers with at least one line", "more",
    ),
    Indicator(
        "half_share", "economy", "Part de la moitié des producteurs qui vend le moins", "part du montant",
        "of the € of local producers, what goes to the half of them that sells least (0.5: all sell the same)", "more",
        "purchase_total",
    ),
    Indicator(
        "cost_per_meal_eur", "economy", "Coût des denrées par repas", "€", "cost ÷ covers", "less", "budget"
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a price can be put on: units per kg of an offer bought by a kitchen in a week."""

    title: str
    unit: str
    per_kg: Callable[[Problem, str, str, str], Decimal]
    """Of problem, offer, kitchen and EGAlim bucket in the week."""


def _co2e(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    del kitchen, bucket
    return problem.offers[offer].co2e_kg_per_kg or ZERO


def _ton_km(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    del bucket
    return problem.deliveries[problem.offers[offer].supplier, kitchen].distance_km / KG_PER_TON


def _not_bio(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    return ZERO if bucket == BIO else problem.unit_price(offer, kitchen)


def _not_producer(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    del bucket
    seller = problem.seller(offer)
    return ZERO if seller.kind == "producer" and seller.local else problem.unit_price(offer, kitchen)


def _long_chain(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    del bucket
    return problem.unit_price(offer, kitchen) if problem.seller(offer).kind == "wholesaler" else ZERO


WEIGHED: Mapping[str, Weighed] = {
    "co2e_kg": Weighed("Empreinte des achats", "kg CO2e", _co2e),
    "ton_km": Weighed("Transport des achats", "t·km", _ton_km),
    "not_bio_eur": Weighed("Achats hors bio", "€", _not_bio),
    "not_producer_eur": Weighed("Achats hors producteurs du territoire", "€", _not_producer),
    "long_chain_eur": Weighed("Achats à plus d'un intermédiaire", "€", _long_chain),
}


MOVED = "moved_cover"
"""The one goal on menus: covers of a dish that the former plan does not serve in that week (``former.csv``)."""
NAMES = (*WEIGHED, MOVED)


def charge(problem: Problem, offer: str, kitchen: str, bucket: str) -> Decimal:
    """Euros per kg that the goals add to the objective for an offer bought as one of a bucket, exact."""
    weights = ((WEIGHED[of], price) for of, price in problem.goals.items() if of in WEIGHED)
    return sum((price * of.per_kg(problem, offer, kitchen, bucket) for of, price in weights), ZERO)


def charge_in(problem: Problem, offer: str, kitchen: str, week: date) -> Decimal:
    """The same in a week."""
    return charge(problem, offer, kitchen, problem.bucket(offer, week)) if problem.goals else ZERO
