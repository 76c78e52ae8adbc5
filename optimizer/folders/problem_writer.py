"""A Problem written as a folder: sorted tables, so that the same problem always gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from optimizer.folders.cells import csv_bytes, euros, plain, price
from optimizer.folders.json_text import encode
from optimizer.folders.market_reader import UNLIMITED
from optimizer.folders.placing import place_folder
from optimizer.folders.rules_writer import rule_fields
from optimizer.folders.schema import (
    FORMER_TABLE,
    GOALS_TABLE,
    KNOWN_PROBLEM_FILES,
    OPTIONAL_TABLES,
    PROBLEM_JSON,
    PROBLEM_TABLES,
    RECEPTIONS_TABLE,
    RULES_JSON,
    SERVED_TABLE,
    SHARED_DROPS_TABLE,
    STORABLE_TABLE,
    WASTE_TABLE,
)
from optimizer.problem import PROBLEM_FORMAT, WEEKDAYS, Dish, Offer, Problem, Supplier

_Rows = Iterator[Sequence[object]]


def write_problem(problem: Problem, path: Path) -> None:
    """Write the folder whole or not at all. Raises FileExistsError if something else stands at ``path``."""
    place_folder(path, problem_files(problem), KNOWN_PROBLEM_FILES)


def problem_files(problem: Problem) -> dict[str, bytes]:
    """The bytes of each file, in order of name."""
    head = {"format": PROBLEM_FORMAT, "name": problem.name, "slots": list(problem.slots)}
    files = {PROBLEM_JSON: _json_bytes(head), RULES_JSON: _json_bytes([rule_fields(rule) for rule in problem.rules])}
    for name, columns in PROBLEM_TABLES.items():
        files[name] = csv_bytes(columns, sorted(_TABLES[name](problem), key=_text_key))
    for name, columns in OPTIONAL_TABLES.items():
        if rows := sorted(_TABLES[name](problem), key=_text_key):
            files[name] = csv_bytes(columns, rows)
    return dict(sorted(files.items()))


def problem_sha256(problem: Problem) -> str:
    """Hash of the files that ``write_problem`` would write."""
    digest = hashlib.sha256()
    for name, data in problem_files(problem).items():
        digest.update(name.encode() + b"\0" + data + b"\0")
    return digest.hexdigest()


def _json_bytes(value: Any) -> bytes:
    return (encode(value) + "\n").encode()


def _text_key(row: Sequence[object]) -> list[str]:
    return [str(cell) for cell in row]


def _kitchens(problem: Problem) -> _Rows:
    for of in problem.kitchens.values():
        yield of.id, of.name, plain(of.lat), plain(of.lon), price(of.budget_eur_per_meal)


def _service_days(problem: Problem) -> _Rows:
    for of in problem.service_days:
        yield of.kitchen, of.date, of.covers


def _dishes(problem: Problem) -> _Rows:
    for of in problem.dishes.values():
        yield of.id, of.name, of.slot, " ".join(str(month) for month in sorted(of.months))


def _dish_ingredients(problem: Problem) -> _Rows:
    for of in problem.dishes.values():
        for ingredient, grams in of.ingredients.items():
            yield of.id, ingredient, grams


def _dish_attributes(problem: Problem) -> _Rows:
    for of in problem.dishes.values():
        yield from _attributes(of)


def _attributes(dish: Dish) -> _Rows:
    for attribute in dish.attributes:
        yield dish.id, attribute, "true"
    for attribute in dish.unknown_attributes - dish.attributes:
        yield dish.id, attribute, "unknown"


def _dish_nutrients(problem: Problem) -> _Rows:
    for of in problem.dishes.values():
        for nutrient, amount in of.nutrients.items():
            yield of.id, nutrient, plain(amount)


def _every_meal(problem: Problem) -> _Rows:
    yield from problem.every_meal.items()


def _ingredients(problem: Problem) -> _Rows:
    for of in problem.ingredients.values():
        yield of.id, of.name, of.family


def _suppliers(problem: Problem) -> _Rows:
    for of in problem.suppliers.values():
        yield of.id, of.name, of.kind, _weekdays(of), of.lead_days, euros(of.min_drop_eur), _flag(of.local)


def _weekdays(supplier: Supplier) -> str:
    return " ".join(WEEKDAYS[day] for day in sorted(supplier.delivery_weekdays))


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _deliveries(problem: Problem) -> _Rows:
    for of in problem.deliveries.values():
        yield of.supplier, of.kitchen, plain(of.distance_km), price(of.delivery_eur_per_kg)


def _offers(problem: Problem) -> _Rows:
    for of in problem.offers.values():
        yield (
            *(of.id, of.supplier, of.ingredient, of.pack_grams, price(of.price_eur_per_kg), of.label, of.bucket),
            *(of.label_from or "", of.label_to or "", _co2e(of)),
        )


def _co2e(offer: Offer) -> str:
    return "" if offer.co2e_kg_per_kg is None else plain(offer.co2e_kg_per_kg)


def _capacities(problem: Problem) -> _Rows:
    for ranges in problem.capacities.values():
        for of in ranges:
            grams = UNLIMITED if of.grams_per_week is None else of.grams_per_week
            yield of.offer, of.valid_from, of.valid_to, grams


def _purchases(problem: Problem) -> _Rows:
    for of in problem.purchases:
        yield of.kitchen, of.date, of.family, of.bucket, euros(of.amount_excl_tax)


def _waste(problem: Problem) -> _Rows:
    for (kitchen, dish), amount in problem.waste.items():
        yield kitchen, dish, price(amount)


def _goals(problem: Problem) -> _Rows:
    for indicator, weight in problem.goals.items():
        yield indicator, price(weight)


def _served(problem: Problem) -> _Rows:
    return _dishes_of(problem.served)


def _former(problem: Problem) -> _Rows:
    return _dishes_of(problem.former)


def _dishes_of(days: Mapping[tuple[str, date], frozenset[str]]) -> _Rows:
    for (kitchen, day), dishes in days.items():
        for dish in dishes:
            yield kitchen, day, dish


def _receptions(problem: Problem) -> _Rows:
    yield from problem.receptions.items()


def _shared_drops(problem: Problem) -> _Rows:
    for of in problem.shared_drops.values():
        yield of.supplier, of.kitchen, of.group, euros(of.least_eur)


def _storable(problem: Problem) -> _Rows:
    yield from problem.weeks_ahead.items()


_TABLES: dict[str, Callable[[Problem], _Rows]] = {
    "kitchens.csv": _kitchens,
    "service_days.csv": _service_days,
    "dishes.csv": _dishes,
    "dish_ingredients.csv": _dish_ingredients,
    "dish_attributes.csv": _dish_attributes,
    "dish_nutrients.csv": _dish_nutrients,
    "every_meal.csv": _every_meal,
    "ingredients.csv": _ingredients,
    "suppliers.csv": _suppliers,
    "deliveries.csv": _deliveries,
    "offers.csv": _offers,
    "capacities.csv": _capacities,
    "purchases.csv": _purchases,
    WASTE_TABLE: _waste,
    GOALS_TABLE: _goals,
    SERVED_TABLE: _served,
    FORMER_TABLE: _former,
    RECEPTIONS_TABLE: _receptions,
    SHARED_DROPS_TABLE: _shared_drops,
    STORABLE_TABLE: _storable,
}
