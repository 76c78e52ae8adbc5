"""What dish writers need to see: ``python -m catering.recipes.report seeds/``.

Dishes per attribute, slot and month; figures that are unknown; yields, seasons and recipes that look wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from catering.recipes.attributes import ATTRIBUTES, DishFacts, derive_all, unknown_attributes
from catering.recipes.attributes_doubts import doubts
from catering.recipes.report_reading import read_dishes, read_ingredients
from catering.recipes.rules import Ingredient, UnknownIngredientError
from catering.recipes.vocabulary import Slot
from catering.rules import Truth

MONTHS = range(1, 13)
Say = Callable[[str], object]


def main(arguments: Sequence[str] | None = None, say: Say = print) -> int:
    """Print the report of a seeds folder; 0 when nothing is in doubt, 1 otherwise, 2 when the tables cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m catering.recipes.report", description=__doc__)
    parser.add_argument("seeds", type=Path, help="dossier des données de référence")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 9, 1), help="date des règles appliquées")
    parser.add_argument("--dish", help="montrer tout ce qui est déduit d'un plat")
    options = parser.parse_args(arguments)
    try:
        ingredients = read_ingredients(options.seeds)
        facts = derive_all(read_dishes(options.seeds).values(), ingredients, options.on)
    except (ValueError, UnknownIngredientError) as error:
        say(f"Erreur : {error}")
        return 2
    if options.dish:
        return _one_dish(facts, options.dish, say)
    return _whole(facts, ingredients, say)


def _whole(facts: Mapping[str, DishFacts], ingredients: Mapping[str, Ingredient], say: Say) -> int:
    for line in [*_by_slot(facts), *_by_attribute(facts), *_unknowns(facts)]:
        say(line)
    faults = [line for each in facts.values() for line in doubts(each, ingredients)]
    say(f"\nÀ revoir : {len(faults)}")
    for line in faults:
        say(f"  {line}")
    return 1 if faults else 0


def _months(facts: Sequence[DishFacts]) -> str:
    return "".join(f"{sum(month in each.dish.months for each in facts):5}" for month in MONTHS)


def _by_slot(facts: Mapping[str, DishFacts]) -> Iterator[str]:
    yield f"{len(facts)} plats ; nombre de plats possibles par mois (1 à 12)"
    yield f"{'':46}{'total':>6}" + "".join(f"{month:5}" for month in MONTHS)
    for slot in Slot:
        chosen = [each for each in facts.values() if each.dish.slot is slot]
        yield f"{slot:46}{len(chosen):6}{_months(chosen)}"


def _by_attribute(facts: Mapping[str, DishFacts]) -> Iterator[str]:
    yield "\nPlats qui ont l'attribut, par composante"
    for name in ATTRIBUTES:
        for slot in Slot:
            chosen = [each for each in facts.values() if each.dish.slot is slot]
            having = [each for each in chosen if each.attributes[name] is Truth.TRUE]
            unsure = sum(each.attributes[name] is Truth.UNKNOWN for each in chosen)
            if having or unsure or (chosen and slot in ATTRIBUTES[name].slots):
                mark = f"  ({unsure} inconnus)" if unsure else ""
                yield f"{name:38}{slot:8}{len(having):6}{_months(having)}{mark}"


def _unknowns(facts: Mapping[str, DishFacts]) -> Iterator[str]:
    unknowns = unknown_attributes(facts.values())
    yield f"\nAttributs inconnus : {len(unknowns)}"
    for unknown in unknowns:
        figures = ", ".join(f"{each.ingredient}.{each.column}" for each in unknown.missing)
        yield f"  {unknown.dish} : {unknown.attribute} (manque {figures})"


def _one_dish(facts: Mapping[str, DishFacts], name: str, say: Say) -> int:
    if name not in facts:
        say(f"Plat inconnu : {name}")
        return 2
    each = facts[name]
    say(f"{each.dish.name} ({each.dish.slot}, {each.dish.technique}, {each.dish.served_g} g servis)")
    for nutrient, amount in each.nutrients.items():
        say(f"  {nutrient:14}{'inconnu' if amount is None else f'{amount:.2f}'}")
    say(f"  rendement     {each.cooking_yield:.2f}")
    say(f"  attributs     {' '.join(n for n, truth in each.attributes.items() if truth is Truth.TRUE)}")
    say(f"  inconnus      {' '.join(u.attribute for u in each.unknowns)}")
    say(f"  allergènes    {' '.join(sorted(each.allergens))}")
    say(f"  saison        {' '.join(str(month) for month in sorted(each.season))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
