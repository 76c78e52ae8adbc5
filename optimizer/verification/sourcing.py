"""Structural rules DEMAND, KEEPING, REACH, CAPACITY and AMOUNT: what is bought, when, of whom and at which price."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from optimizer.blocks import week_of
from optimizer.faults import Fault, Scope
from optimizer.plan import MenuLine, SourcingLine
from optimizer.problem import Problem
from optimizer.verification.french import euros, grams

DEMAND = "DEMAND"
KEEPING = "KEEPING"
REACH = "REACH"
CAPACITY = "CAPACITY"
AMOUNT = "AMOUNT"

_Need = tuple[str, date, str]


def check_demand(problem: Problem, menus: Iterable[MenuLine], sourcing: Iterable[SourcingLine]) -> Iterator[Fault]:
    """Per kitchen, week and ingredient, the grams sourced are those the menus and every meal take.

    What may come weeks ahead of its use is judged from the first week to the last: see `_check_kept`.
    """
    needs = _needs(problem, menus)
    bought: Counter[_Need] = Counter()
    for line in sourcing:
        bought[line.kitchen, line.week, line.ingredient] += line.grams
    yield from _check_kept(problem, needs, bought)
    for key in sorted(needs.keys() | bought.keys()):
        need, got = needs[key], bought[key]
        if need != got and key[2] not in problem.weeks_ahead:
            kitchen, week, ingredient = key
            by = f"{grams(got - need)} de trop" if got > need else f"il manque {grams(need - got)}"
            message = f"{grams(got)} de « {ingredient} » achetés pour {grams(need)} servis ({by})."
            yield Fault(DEMAND, Scope(kitchen, week.isoformat(), ingredient), got, need, message)


def _check_kept(problem: Problem, needs: Counter[_Need], bought: Counter[_Need]) -> Iterator[Fault]:
    """First in, first out: nothing is lacking in any week (DEMAND), nothing waits longer than it may (KEEPING).

    Each fault is told in the week in which it grows.
    """
    weeks = problem.weeks
    for kitchen, ingredient in sorted({key[::2] for key in needs.keys() | bought.keys()}):
        ahead = problem.weeks_ahead.get(ingredient)
        if ahead is None:
            continue
        came = list(accumulate(bought[kitchen, week, ingredient] for week in weeks))
        used = list(accumulate(needs[kitchen, week, ingredient] for week in weeks))
        lacked = waited = 0
        for w, week in enumerate(weeks):
            scope = Scope(kitchen, week.isoformat(), ingredient)
            if (lacks := used[w] - came[w]) > lacked:
                lacked = lacks
                message = f"il manque {grams(lacks)} de « {ingredient} » à ce qui a été livré jusque-là."
                yield Fault(DEMAND, scope, came[w], used[w], message)
            kept = used[bisect_right(weeks, week + timedelta(weeks=ahead)) - 1]
            if (waits := came[w] - kept) > waited:
                waited = waits
                message = f"{grams(waits)} de « {ingredient} » livrés plus de {ahead} semaine(s) avant de servir."
                yield Fault(KEEPING, scope, came[w], kept, message)


def _needs(problem: Problem, menus: Iterable[MenuLine]) -> Counter[_Need]:
    covers = {(day.kitchen, day.date): day.covers for day in problem.service_days}
    needs: Counter[_Need] = Counter()
    for day in problem.service_days:
        for ingredient, each in problem.every_meal.items():
            needs[day.kitchen, day.week, ingredient] += each * day.covers
    for line in menus:
        dish = problem.dishes.get(line.dish)
        served = covers.get((line.kitchen, line.date), line.covers)
        if dish is not None:
            week = week_of(line.date)
            for ingredient, each in dish.ingredients.items():
                needs[line.kitchen, week, ingredient] += each * served
    return needs


def check_reach(problem: Problem, sourcing: Iterable[SourcingLine]) -> Iterator[Fault]:
    """The offer exists, is one of the ingredient, and its supplier delivers to the kitchen."""
    for line in sourcing:
        offer = problem.offers.get(line.offer)
        scope = Scope(line.kitchen, line.week.isoformat(), line.offer)
        if offer is None:
            yield Fault(REACH, scope, line.offer, None, f"l'offre « {line.offer} » n'existe pas.")
            continue
        if offer.ingredient != line.ingredient:
            message = f"l'offre « {line.offer} » est de « {offer.ingredient} », pas de « {line.ingredient} »."
            yield Fault(REACH, scope, line.ingredient, offer.ingredient, message)
        if not problem.reaches(line.offer, line.kitchen):
            message = f"« {offer.supplier} » ne livre pas cette cuisine ({grams(line.grams)} commandés)."
            yield Fault(REACH, scope, line.grams, 0, message)


def check_capacity(problem: Problem, sourcing: Iterable[SourcingLine]) -> Iterator[Fault]:
    """Per offer and week, what all kitchens buy stays within the capacity; outside its ranges nothing is sold."""
    sold: Counter[tuple[str, date]] = Counter()
    for line in sourcing:
        if line.offer in problem.offers:
            sold[line.offer, line.week] += line.grams
    for (offer, week), got in sorted(sold.items()):
        capacity = problem.capacity(offer, week)
        if capacity is not None and got > capacity:
            limit = f"la capacité est de {grams(capacity)}" if capacity else "elle n'est pas en vente cette semaine"
            message = f"{grams(got)} vendus à toutes les cuisines, {limit} ({grams(got - capacity)} de trop)."
            yield Fault(CAPACITY, Scope(period=week.isoformat(), subject=offer), got, capacity, message)


def check_amount(problem: Problem, sourcing: Iterable[SourcingLine]) -> Iterator[Fault]:
    """Each line's amount is its price, delivery included, rounded once; so no line may be written twice."""
    prices: dict[tuple[str, str], Fraction] = {}
    lines: Counter[tuple[str, date, str, str]] = Counter()
    for line in sourcing:
        lines[line.kitchen, line.week, line.ingredient, line.offer] += 1
        pair = line.offer, line.kitchen
        if line.offer not in problem.offers or not problem.reaches(*pair):
            continue
        price = prices.get(pair)
        if price is None:
            price = prices[pair] = Fraction(problem.unit_price(*pair))
        amount = exact_amount(price, line.grams)
        if amount != line.amount_excl_tax:
            yield _wrong_amount(line, amount)
    for (kitchen, week, _, offer), times in lines.items():
        if times > 1:
            message = f"la ligne est écrite {times} fois, il en faut une seule : l'arrondi se fait une fois par ligne."
            yield Fault(AMOUNT, Scope(kitchen, week.isoformat(), offer), times, 1, message)


def exact_amount(price: Fraction, quantity: int) -> Decimal:
    """Euros of ``quantity`` grams at ``price`` €/kg, half-up to the cent, in integers alone."""
    numerator, denominator = price.numerator * quantity * 100, price.denominator * 1000
    return Decimal((2 * numerator + denominator) // (2 * denominator)).scaleb(-2)


def _wrong_amount(line: SourcingLine, amount: Decimal) -> Fault:
    stated = line.amount_excl_tax
    message = (
        f"{euros(stated)} pour {grams(line.grams)}, le prix donne {euros(amount)} (écart {euros(stated - amount)})."
    )
    return Fault(AMOUNT, Scope(line.kitchen, line.week.isoformat(), line.offer), stated, amount, message)
