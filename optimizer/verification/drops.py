"""Structural rules DROPS and MIN_DROP.

Deliveries are the sums of the sourcing lines, on days on which the supplier delivers; none is below its minimum.
Kitchens of a group (``shared_drops.csv``) reach it together: then they are served on one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from optimizer.blocks import week_of
from optimizer.faults import Fault, Scope
from optimizer.plan import Drop, SourcingLine
from optimizer.problem import Problem
from optimizer.verification.french import euros, grams
from optimizer.verification.spent import ZERO

DROPS = "DROPS"
MIN_DROP = "MIN_DROP"
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_Key = tuple[str, date, str]
_TO_MONDAY = timedelta(days=6)


def drop_week(day: date) -> date:
    """Monday of the week a delivery is for: the seven days that end on it, so that nothing comes after a meal."""
    return week_of(day + _TO_MONDAY)


def check_drops(problem: Problem, sourcing: Iterable[SourcingLine], drops: Sequence[Drop]) -> Iterator[Fault]:
    """Per kitchen, week and supplier: one drop, on a delivery weekday, with the grams and euros of the lines."""
    bought = _bought(problem, sourcing)
    delivered: dict[_Key, tuple[int, Decimal]] = {}
    for drop in drops:
        yield from _check_day(problem, drop)
        key = drop.kitchen, drop_week(drop.date), drop.supplier
        if key in delivered:
            scope = Scope(drop.kitchen, drop.date.isoformat(), drop.supplier)
            yield Fault(DROPS, scope, 2, 1, f"plus d'une livraison de « {drop.supplier} » pour la même semaine.")
        had = delivered.get(key, (0, ZERO))
        delivered[key] = had[0] + drop.grams, had[1] + drop.amount_excl_tax
    for key in sorted(bought.keys() | delivered.keys()):
        yield from _compare(key, bought.get(key, (0, ZERO)), delivered.get(key, (0, ZERO)))
    yield from _check_one_day(problem, drops)


def _check_one_day(problem: Problem, drops: Sequence[Drop]) -> Iterator[Fault]:
    """The kitchens of a group have their supplier's drop of a week on one day: that is what they share."""
    days: dict[_Key, set[date]] = defaultdict(set)
    for drop in drops:
        group = problem.drop_group(drop.supplier, drop.kitchen)
        if group is not None:
            days[group, drop_week(drop.date), drop.supplier].add(drop.date)
    for (group, week, supplier), found in sorted(days.items()):
        if len(found) > 1:
            dates = ", ".join(day.isoformat() for day in sorted(found))
            message = f"la livraison partagée « {group} » de « {supplier} » se fait en {len(found)} jours : {dates}."
            yield Fault(DROPS, Scope(period=week.isoformat(), subject=supplier), len(found), 1, message)


def check_min_drops(problem: Problem, sourcing: Iterable[SourcingLine]) -> Iterator[Fault]:
    """Per kitchen, week and supplier, what is bought is worth at least the supplier's minimum.

    Of a group that shares the drop: what its kitchens buy together, each at least what is left at one door.
    """
    shared: dict[_Key, list[tuple[str, Decimal]]] = defaultdict(list)
    for (kitchen, week, supplier), (_, amount) in sorted(_bought(problem, sourcing).items()):
        least = problem.least_drop(supplier, kitchen)
        group = problem.drop_group(supplier, kitchen)
        if group is not None:
            shared[group, week, supplier].append((kitchen, amount))
        if amount < least:
            yield _too_small((kitchen, week, supplier), amount, least, "")
    for (group, week, supplier), of in sorted(shared.items()):
        together, least = sum((amount for _, amount in of), ZERO), problem.suppliers[supplier].min_drop_eur
        if together < least:
            yield _too_small((of[0][0], week, supplier), together, least, f" par le groupe « {group} »")


def _too_small(key: _Key, amount: Decimal, least: Decimal, whose: str) -> Fault:
    kitchen, week, supplier = key
    message = (
        f"{euros(amount)} commandés{whose} à « {supplier} », qui ne livre pas à moins de {euros(least)} "
        f"(il manque {euros(least - amount)})."
    )
    return Fault(MIN_DROP, Scope(kitchen, week.isoformat(), supplier), amount, least, message)


def _bought(problem: Problem, sourcing: Iterable[SourcingLine]) -> dict[_Key, tuple[int, Decimal]]:
    sums: dict[_Key, tuple[int, Decimal]] = {}
    for line in sourcing:
        offer = problem.offers.get(line.offer)
        if offer is not None:
            key = line.kitchen, line.week, offer.supplier
            had = sums.get(key, (0, ZERO))
            sums[key] = had[0] + line.grams, had[1] + line.amount_excl_tax
    return sums


def _check_day(problem: Problem, drop: Drop) -> Iterator[Fault]:
    supplier = problem.suppliers.get(drop.supplier)
    scope = Scope(drop.kitchen, drop.date.isoformat(), drop.supplier)
    if supplier is None:
        yield Fault(DROPS, scope, drop.supplier, None, f"le fournisseur « {drop.supplier} » n'existe pas.")
    elif drop.date.weekday() not in supplier.delivery_weekdays:
        days = ", ".join(JOURS[day] for day in supplier.delivery_weekdays)
        day = JOURS[drop.date.weekday()]
        yield Fault(DROPS, scope, day, days, f"livraison un {day}, « {drop.supplier} » livre : {days}.")


def _compare(key: _Key, bought: tuple[int, Decimal], delivered: tuple[int, Decimal]) -> Iterator[Fault]:
    kitchen, week, supplier = key
    scope = Scope(kitchen, week.isoformat(), supplier)
    if bought[0] != delivered[0]:
        by = grams(abs(bought[0] - delivered[0]))
        message = f"{grams(delivered[0])} livrés pour {grams(bought[0])} achetés (écart {by})."
        yield Fault(DROPS, scope, delivered[0], bought[0], message)
    if bought[1] != delivered[1]:
        by = euros(abs(bought[1] - delivered[1]))
        message = f"{euros(delivered[1])} livrés pour {euros(bought[1])} achetés (écart {by})."
        yield Fault(DROPS, scope, delivered[1], bought[1], message)
