"""A problem folder read into a Problem, or refused with every fault it has."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from optimizer.blocks import ServiceDay
from optimizer.faults import BadFolder, FolderFault
from optimizer.folders.market_reader import (
    read_capacities,
    read_deliveries,
    read_offers,
    read_shared_drops,
    read_suppliers,
)
from optimizer.folders.opening import Opening, open_folder, right_format
from optimizer.folders.recipe_reader import read_dishes, read_every_meal, read_ingredients, read_storable
from optimizer.folders.rules_reader import Vocabulary, read_rules
from optimizer.folders.schema import (
    FORMER_TABLE,
    GOALS_TABLE,
    KNOWN_PROBLEM_FILES,
    OPTIONAL_TABLES,
    PROBLEM_JSON,
    PROBLEM_TABLES,
    RECEPTIONS_TABLE,
    SERVED_TABLE,
    WASTE_TABLE,
)
from optimizer.folders.tables import Everything, Row, Table
from optimizer.goals import NAMES
from optimizer.problem import BUCKETS, FAMILIES, PROBLEM_FORMAT, Kitchen, Problem, Purchase

_DishesOf: TypeAlias = dict[tuple[str, date], frozenset[str]]


def read_problem(path: Path) -> Problem:
    """The problem that the folder states. Raises BadFolder with all its faults."""
    folder = open_folder(path, PROBLEM_TABLES | OPTIONAL_TABLES, KNOWN_PROBLEM_FILES)
    head = folder.fields(PROBLEM_JSON)
    if head is None or not right_format(head, PROBLEM_FORMAT):
        raise BadFolder(folder.faults)
    head.expect(("format", "name", "slots"))
    problem = _read_tables(folder, head.text("name"), head.texts("slots"))
    for slot in problem.slots:
        if problem.dishes and not any(dish.slot == slot for dish in problem.dishes.values()):
            head.fault("slots", f"La composante « {slot} » n'a aucun plat.", "lui donner un plat, ou l'ôter de slots.")
    folder.refuse_if_faulty()
    object.__setattr__(problem, "_read_sha256", _folder_sha256(path))
    return problem


def _folder_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    for name in KNOWN_PROBLEM_FILES:
        if name in OPTIONAL_TABLES and not (path / name).exists():
            continue
        digest.update(name.encode() + b"\0" + (path / name).read_bytes() + b"\0")
    return digest.hexdigest()


def _read_tables(folder: Opening, name: str, slots: tuple[str, ...]) -> Problem:
    """Tables in an order in which every reference points to one already read."""
    kitchens, known_kitchens, days = _read_kitchens(folder)
    ingredients, known_ingredients = read_ingredients(folder)
    dishes = read_dishes(folder, slots, known_ingredients)
    suppliers, known_suppliers = read_suppliers(folder)
    offers, known_offers = read_offers(folder, known_suppliers, known_ingredients)
    return Problem(
        name=name,
        slots=slots,
        kitchens=kitchens,
        service_days=days,
        dishes=dishes,
        every_meal=read_every_meal(folder, known_ingredients),
        ingredients=ingredients,
        suppliers=suppliers,
        deliveries=read_deliveries(folder, known_suppliers, known_kitchens),
        offers=offers,
        capacities=read_capacities(folder, known_offers),
        purchases=tuple(_read_purchases(folder, known_kitchens)),
        rules=read_rules(
            folder, Vocabulary.of(slots, dishes, {"offers": offers, "suppliers": suppliers, "kitchens": kitchens})
        ),
        waste=_read_waste(folder, known_kitchens, dishes if dishes else Everything()),
        goals=_read_goals(folder),
        served=_read_served(folder, days, dishes if dishes else Everything()),
        former=_read_dishes_of(folder, FORMER_TABLE, "week", known_kitchens, dishes if dishes else Everything()),
        receptions=_read_receptions(folder, known_kitchens),
        shared_drops=read_shared_drops(folder, suppliers, known_suppliers, known_kitchens),
        weeks_ahead=read_storable(folder, known_ingredients),
    )


def _read_kitchens(folder: Opening) -> tuple[dict[str, Kitchen], Container[str], tuple[ServiceDay, ...]]:
    """Kitchens and their service days; a kitchen that never serves is a fault."""
    table = folder.table("kitchens.csv")
    kitchens = {row.raw("kitchen"): _kitchen(row) for row in table if table.unique(row, "kitchen")}
    days = folder.table("service_days.csv")
    service = tuple(_read_service_days(days, table.ids(kitchens)))
    serving = days.ids({day.kitchen for day in service})
    for kitchen in kitchens:
        if kitchen not in serving:
            message = f"La cuisine « {kitchen} » n'a aucun jour de service."
            repair = "lui donner au moins une ligne dans service_days.csv, ou supprimer la cuisine."
            folder.note(table, kitchen, "kitchen", message, repair)
    return kitchens, table.ids(kitchens), service


def _kitchen(row: Row) -> Kitchen:
    return Kitchen(
        row.text("kitchen"),
        row.text("name"),
        row.decimal("lat", at_least=-90),
        row.decimal("lon", at_least=-180),
        row.decimal("budget_eur_per_meal", places=4),
    )


def _read_service_days(table: Table, kitchens: Container[str]) -> Iterator[ServiceDay]:
    for row in table:
        if table.unique(row, "kitchen", "date"):
            kitchen = row.reference("kitchen", kitchens, "kitchens.csv")
            yield ServiceDay(kitchen, row.day("date"), row.integer("covers", at_least=1))


def _read_purchases(folder: Opening, kitchens: Container[str]) -> Iterator[Purchase]:
    for row in folder.table("purchases.csv"):
        yield Purchase(
            row.reference("kitchen", kitchens, "kitchens.csv"),
            row.day("date"),
            row.choice("family", FAMILIES),
            row.choice("bucket", BUCKETS),
            row.decimal("amount_excl_tax", places=2),
        )


def _read_waste(folder: Opening, kitchens: Container[str], dishes: Container[str]) -> dict[tuple[str, str], Decimal]:
    """Euros per cover by (kitchen, dish); a folder without the table says nothing of waste."""
    if not (folder.path / WASTE_TABLE).exists():
        return {}
    table = folder.table(WASTE_TABLE)
    return {
        (row.reference("kitchen", kitchens, "kitchens.csv"), row.reference("dish", dishes, "dishes.csv")): row.decimal(
            "eur_per_cover", places=4
        )
        for row in table
        if table.unique(row, "kitchen", "dish")
    }


def _read_goals(folder: Opening) -> dict[str, Decimal]:
    """Euros per unit by indicator; a folder without the table aims at nothing but cost."""
    if not (folder.path / GOALS_TABLE).exists():
        return {}
    table = folder.table(GOALS_TABLE)
    return {
        row.choice("indicator", NAMES): row.decimal("eur_per_unit", places=4)
        for row in table
        if table.unique(row, "indicator")
    }


def _read_served(folder: Opening, days: Sequence[ServiceDay], dishes: Container[str]) -> _DishesOf:
    """What was served before the horizon of each kitchen; a later day is a fault."""
    first: dict[str, date] = {}
    for of in days:
        first[of.kitchen] = min(of.date, first.get(of.kitchen, of.date))
    served = _read_dishes_of(folder, SERVED_TABLE, "date", first, dishes)
    for kitchen, day in served:
        if kitchen in first and day >= first[kitchen]:
            message = f"« {kitchen} » : le {day} n'est pas avant son premier jour de service ({first[kitchen]})."
            folder.faults.append(FolderFault(SERVED_TABLE, 0, "date", str(day), message, "ôter ces lignes."))
    return served


def _read_dishes_of(
    folder: Opening, name: str, when: str, kitchens: Container[str], dishes: Container[str]
) -> _DishesOf:
    """Dishes by (kitchen, day or week); none without the table."""
    found: dict[tuple[str, date], set[str]] = {}
    if (folder.path / name).exists():
        table = folder.table(name)
        for row in table:
            if table.unique(row, "kitchen", when, "dish"):
                key = row.reference("kitchen", kitchens, "kitchens.csv"), row.day(when)
                found.setdefault(key, set()).add(row.reference("dish", dishes, "dishes.csv"))
    return {key: frozenset(of) for key, of in found.items()}


def _read_receptions(folder: Opening, kitchens: Container[str]) -> dict[str, int]:
    """Drops a week that kitchens can receive; a folder without the table limits none."""
    if not (folder.path / RECEPTIONS_TABLE).exists():
        return {}
    table = folder.table(RECEPTIONS_TABLE)
    return {
        row.reference("kitchen", kitchens, "kitchens.csv"): row.integer("max_drops_per_week", at_least=1)
        for row in table
        if table.unique(row, "kitchen")
    }
