"""From the database to the optimizer: the problem of one scenario."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

import optimizer.problem as engine
from catering.planning.aims import budget_of, ceilings_of, floors_of, goals_of
from catering.planning.contracts import contracts_of, rules_of
from catering.planning.facts import PLANNER, Facts, read_facts
from catering.planning.recipes import dishes_of, ingredients_of, weeks_ahead_of
from catering.planning.supply import capacities_of, deliveries_of, offers_of, shared_drops_of, suppliers_of
from catering.procurement.models import Contract
from catering.recipes.vocabulary import Slot
from catering.rules import RuleBook, law, planning_rules

RULES_FILE = "rules.json"


async def build_problem(
    session: AsyncSession, scenario_id: int, folder: Path | None = None, *, contracts_until: datetime | None = None
) -> engine.Problem:
    """The problem of a scenario, as anybody can read it from a problem folder.

    Args:
        session: reads the scenario and the catalogue.
        scenario_id: which scenario.
        folder: where to leave the problem folder; a folder that is thrown away by default.
        contracts_until: contracts recorded later are left out, as a plan of that moment did not know them.

    Raises:
        LookupError: no such scenario.
        optimizer.faults.BadFolder: the catalogue cannot make a problem (a slot without dish, a rule about an
            attribute no dish has …); every fault is named.
    """
    facts = await read_facts(session, scenario_id)
    contracts = await contracts_of(session, PLANNER, facts, contracts_until)
    # Seconds of pure computing for a whole year: beside the event loop, so that a web process goes on answering.
    return await asyncio.to_thread(_assemble, facts, contracts, folder)


def _assemble(facts: Facts, contracts: Sequence[Contract], folder: Path | None) -> engine.Problem:
    tables = tables_of(facts, law())
    asked = [*floors_of(facts.aims), *ceilings_of(facts.aims), *rules_of(contracts, facts, tables)]
    stated = [*planning_rules(facts.first_day), *asked]
    return read_back(tables, stated, folder)


def tables_of(facts: Facts, book: RuleBook) -> engine.Problem:
    """All tables of the problem, without its rules."""
    tables = _tables(facts, book)
    return tables if facts.resumed is None else replace(tables, **facts.resumed.told(tables))


def _tables(facts: Facts, book: RuleBook) -> engine.Problem:
    deliveries = deliveries_of(facts)
    suppliers = suppliers_of(facts, deliveries.values())
    capacities = capacities_of(facts, suppliers)
    slug_of = {ingredient.id: ingredient.slug for ingredient in facts.ingredients}
    return engine.Problem(
        name=facts.name,
        slots=tuple(slot.value for slot in Slot),
        kitchens={
            each.uai: engine.Kitchen(
                each.uai, each.name, each.lat, each.lon, budget_of(each.budget_eur_per_meal, facts.aims)
            )
            for each in facts.kitchens
        },
        service_days=tuple(
            engine.ServiceDay(uai, of.day, of.covers) for uai, days in facts.service_days.items() for of in days
        ),
        dishes=dishes_of(facts, book),
        every_meal={slug_of[ingredient]: grams for ingredient, grams in facts.staples.items()},
        ingredients=ingredients_of(facts),
        suppliers=suppliers,
        deliveries=deliveries,
        offers=offers_of(facts, capacities, book),
        capacities=capacities,
        purchases=(),
        rules=(),
        waste=waste_of(facts),
        goals=goals_of(facts.aims),
        shared_drops=shared_drops_of(facts, deliveries),
        weeks_ahead=weeks_ahead_of(facts),
    )


def waste_of(facts: Facts) -> dict[tuple[str, str], Decimal]:
    """€ per cover of what comes back, by (kitchen, dish); nothing for a scenario without a lesson."""
    if facts.lesson is None:
        return {}
    return {
        (kitchen.uai, slug): facts.lesson.cost(kitchen.id, slug, dish.served_g)
        for kitchen in facts.kitchens
        for slug, dish in facts.catalogue.dishes.items()
        if slug in facts.lesson.shares
    }


def read_back(tables: engine.Problem, stated: Sequence[Mapping[str, Any]], folder: Path | None) -> engine.Problem:
    """Write the problem as a folder and read it again, so that what is solved is exactly what an outsider can check.

    The one reader also makes the one set of consistency checks: a catalogue that cannot be planned is refused there.
    """
    with tempfile.TemporaryDirectory(prefix="catering-") as spare:
        place = folder or Path(spare) / "problem"
        tables.to_folder(place)
        (place / RULES_FILE).write_text(json.dumps(stated, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return engine.Problem.from_folder(place)
