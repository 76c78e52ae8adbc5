"""Names of the files and columns of both folders, in the order of docs/problem-format.md."""

from __future__ import annotations

from typing import Final

PROBLEM_JSON: Final = "problem.json"
RULES_JSON: Final = "rules.json"
SUMMARY_JSON: Final = "summary.json"

PROBLEM_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "kitchens.csv": ("kitchen", "name", "lat", "lon", "budget_eur_per_meal"),
    "service_days.csv": ("kitchen", "date", "covers"),
    "dishes.csv": ("dish", "name", "slot", "months"),
    "dish_ingredients.csv": ("dish", "ingredient", "grams"),
    "dish_attributes.csv": ("dish", "attribute", "value"),
    "dish_nutrients.csv": ("dish", "nutrient", "amount"),
    "every_meal.csv": ("ingredient", "grams"),
    "ingredients.csv": ("ingredient", "name", "family"),
    "suppliers.csv": ("supplier", "name", "kind", "delivery_weekdays", "lead_days", "min_drop_eur", "local"),
    "deliveries.csv": ("supplier", "kitchen", "distance_km", "delivery_eur_per_kg"),
    "offers.csv": (
        "offer", "supplier", "ingredient", "pack_grams", "price_eur_per_kg", "label", "bucket", "label_from",
        "label_to", "co2e_kg_per_kg",
    ),
    "capacities.csv": ("offer", "valid_from", "valid_to", "grams_per_week"),
    "purchases.csv": ("kitchen", "date", "family", "bucket", "amount_excl_tax"),
}  # fmt: skip
WASTE_TABLE: Final = "waste.csv"
GOALS_TABLE: Final = "goals.csv"
SERVED_TABLE: Final = "served.csv"
FORMER_TABLE: Final = "former.csv"
RECEPTIONS_TABLE: Final = "receptions.csv"
SHARED_DROPS_TABLE: Final = "shared_drops.csv"
STORABLE_TABLE: Final = "storable.csv"
OPTIONAL_TABLES: Final[dict[str, tuple[str, ...]]] = {
    WASTE_TABLE: ("kitchen", "dish", "eur_per_cover"),
    GOALS_TABLE: ("indicator", "eur_per_unit"),
    SERVED_TABLE: ("kitchen", "date", "dish"),
    FORMER_TABLE: ("kitchen", "week", "dish"),
    RECEPTIONS_TABLE: ("kitchen", "max_drops_per_week"),
    SHARED_DROPS_TABLE: ("supplier", "kitchen", "group", "least_eur"),
    STORABLE_TABLE: ("ingredient", "weeks_ahead"),
}
"""Not there when they would be empty: a problem that says nothing of waste or goals keeps its files and its hash."""
PROBLEM_FILES: Final = tuple(sorted((PROBLEM_JSON, RULES_JSON, *PROBLEM_TABLES)))
KNOWN_PROBLEM_FILES: Final = tuple(sorted((*PROBLEM_FILES, *OPTIONAL_TABLES)))

PLAN_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "menus.csv": ("kitchen", "date", "slot", "dish", "covers"),
    "sourcing.csv": ("kitchen", "week", "ingredient", "offer", "grams", "amount_excl_tax"),
    "drops.csv": ("kitchen", "date", "supplier", "grams", "amount_excl_tax"),
    "prices.csv": ("kind", "kitchen", "period", "offer", "rule", "value", "quantity"),
}
PLAN_FILES: Final = tuple(sorted((SUMMARY_JSON, *PLAN_TABLES)))
