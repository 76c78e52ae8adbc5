"""``python -m optimizer what-if``: a change supposed of a plan, told in French and kept under its name."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.plan import Plan
from optimizer.problem import Problem
from optimizer.verification.french import euros

if TYPE_CHECKING:
    from optimizer.explaining.what_if import Change, Difference, Supposed

SHOWN = 10
"""Differences of each kind that are printed; the file holds them all."""


class UnknownNameError(ValueError):
    """The change names what the problem does not have; the message is French."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be supposed."""
    parser.add_argument("problem", type=Path, metavar="PROBLEM_DIR", help="dossier du problème")
    parser.add_argument("plan", type=Path, metavar="PLAN_DIR", help="dossier du plan")
    parser.add_argument("--name", default="hypothèse", help="nom sous lequel la comparaison est gardée")
    parser.add_argument(
        "--without", action="append", default=[], metavar="FOURNISSEUR", help="ce fournisseur ne vend plus rien"
    )
    parser.add_argument(
        "--price", action="append", default=[], metavar="INGRÉDIENT=FACTEUR",
        help="le prix de cet ingrédient chez tous, multiplié (farine=1.10)",
    )  # fmt: skip
    parser.add_argument(
        "--covers", type=_factor, default=Decimal(1), metavar="FACTEUR", help="couverts multipliés (1.08)"
    )
    parser.add_argument("--out", type=Path, metavar="FICHIER", help="garder la comparaison entière (JSON)")


def run(problem: Problem, plan: Plan, options: argparse.Namespace) -> bool:
    """Suppose, print and keep; False when something could not be bought, or a delivery is too small.

    Raises:
        UnknownNameError: a supplier or an ingredient is not in the problem.
    """
    from optimizer.explaining.what_if import what_if

    change = _change(problem, options)
    found = what_if(problem, plan.menus, plan.sourcing, change)
    for line in _told(problem, options.name, found):
        print(line)  # noqa: T201 - the answer of a command
    if options.out is not None:
        kept = _kept(problem, plan, options, found)
        options.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return not found.lacking and not found.small


def _factor(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal(0)
    if not Decimal("0.1") <= value <= 10:
        raise argparse.ArgumentTypeError(f"« {text} » : écrire un facteur de 0.1 à 10 (1.08 pour + 8 %).")
    return value


def _change(problem: Problem, options: argparse.Namespace) -> Change:
    from optimizer.explaining.what_if import Change

    if unknown := set(options.without) - problem.suppliers.keys():
        raise UnknownNameError(f"Fournisseur inconnu : {', '.join(sorted(unknown))}.")
    prices: dict[str, Decimal] = {}
    for given in options.price:
        name, _, factor = given.partition("=")
        if name not in problem.ingredients:
            raise UnknownNameError(f"Ingrédient inconnu : {name}.")
        try:
            times = _factor(factor)
        except argparse.ArgumentTypeError as wrong:
            raise UnknownNameError(str(wrong)) from wrong
        prices |= {of.id: times for of in problem.offers_by_ingredient[name]}
    return Change(frozenset(options.without), prices, options.covers)


def _told(problem: Problem, name: str, found: Supposed) -> Iterator[str]:
    change = found.after - found.before
    yield f"{name} : {euros(found.before)} -> {euros(found.after)} ({'+' if change >= 0 else ''}{euros(change)})"
    yield f"{found.bought_again} semaines de cuisine rachetées, menus inchangés."
    for title, rows, names in (
        ("Cuisines", found.kitchens, {of.id: of.name for of in problem.kitchens.values()}),
        ("Fournisseurs", found.suppliers, {of.id: of.name for of in problem.suppliers.values()}),
        ("Familles", found.families, {}),
    ):
        yield f"{title} ({len(rows)} changent) :"
        yield from (
            f"  {names.get(row.of, row.of)} : {euros(row.before)} -> {euros(row.after)}" for row in rows[:SHOWN]
        )
    broken = [of for of in found.rules if of.before.holds and not of.after.holds]
    yield f"Règles d'achats : {len(found.rules)} changent de valeur, {len(broken)} ne tiennent plus."
    yield from (f"  {of.rule.title}, {of.after.kitchen}, {of.period}" for of in broken[:SHOWN])
    if found.lacking:
        yield f"Introuvable : {sum(found.lacking.values()) / 1000:.1f} kg, {len(found.lacking)} besoins."
    if found.small:
        yield f"{found.small} livraisons sous leur minimum."


def _kept(problem: Problem, plan: Plan, options: argparse.Namespace, found: Supposed) -> dict[str, Any]:
    """All that is needed to compare it, and to make it again."""
    return {
        "name": options.name,
        "problem_sha256": problem.sha256,
        "seed": plan.summary.seed,
        "without": sorted(options.without),
        "price": sorted(options.price),
        "covers": str(options.covers),
        "before_eur": str(found.before),
        "after_eur": str(found.after),
        "kitchens": list(_rows(found.kitchens)),
        "suppliers": list(_rows(found.suppliers)),
        "families": list(_rows(found.families)),
        "rules": [
            {
                "id": of.rule.id,
                "kitchen": of.after.kitchen,
                "period": of.period,
                "before": str(of.before.result().value),
                "after": str(of.after.result().value),
                "held": of.before.holds,
                "holds": of.after.holds,
            }
            for of in found.rules
        ],
        "lacking": [
            {"kitchen": kitchen, "week": week.isoformat(), "ingredient": of, "grams": grams}
            for (kitchen, week, of), grams in sorted(found.lacking.items())
        ],
        "small_drops": found.small,
    }


def _rows(rows: Iterable[Difference]) -> Iterator[dict[str, str]]:
    return ({"id": row.of, "before_eur": str(row.before), "after_eur": str(row.after)} for row in rows)
