"""The last mile: kitchens that still lack something after all rounds, and problems small enough to be solved whole.

Prices move every kitchen a little; what they leave is a kitchen a few euros short, or a ratio that only the year as a
whole can meet. Such kitchens buy again over their whole horizon, all at once, each at what it has and an equal part
of what nobody bought, and its part of what totals over kitchens still allow or ask for; of their menus only weeks
with a drop that stays too small are chosen again. Who still lacks something then does so alone, at all that the
others leave; if that is not enough it chooses menus and purchases together, day by day; then, if they are few, all
kitchens do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.engine.crew import Crew
from optimizer.engine.demand import menu_demand
from optimizer.engine.drops import absences, bought_again, has_drops, source_in_drops
from optimizer.engine.impossibility import MOST_DAY_COLUMNS, day_columns, of_kitchens
from optimizer.engine.instance import Instance, compile_instance
from optimizer.engine.joint import JointModel, whole_model
from optimizer.engine.kitchen_year import KitchenStuck, YearMenu, choose_weeks, choose_year, menu_waste
from optimizer.engine.prices import Prices
from optimizer.engine.purchases import Period, Sourced
from optimizer.engine.sourcing import settled_totals
from optimizer.engine.totals import Part, Total, counted_of, left_for, parts_of, within
from optimizer.rules import PairingRule, SpacingRule
from optimizer.solver import Floats, Outcome, Status

SECONDS = 30.0
GAP = 0.005
TRIES = 8
"""Times that a kitchen chooses again because of a drop that is too small."""
MOST_POLISHED = 1_500
"""Dishes × days of all kitchens up to which the whole problem is solved at once, for a better plan."""
POLISH_SECONDS = 5.0
MUCH = 1e9
"""€ of a kitchen that lacks something of its own: nothing that a total brings is worth it."""


@dataclass
class Settled:
    """Menus by kitchen and their purchases; `unmet` = kitchens that lack something."""

    menus: list[YearMenu]
    sourced: list[Sourced]

    @property
    def unmet(self) -> set[int]:
        return {kitchen for answer in self.sourced for kitchen in answer.unmet}

    @property
    def cost(self) -> float:
        return sum(answer.cost for answer in self.sourced) + sum(menu.penalty for menu in self.menus)


def finish(
    crew: Crew, instance: Instance, menus: Sequence[YearMenu], sourced: Sequence[Sourced], prices: Prices
) -> Settled:
    """The plan with what can be mended mended; small problems get their best plan.

    `prices` are those at which a kitchen that lacks something chooses again.
    """
    settled = _at_once(crew, instance, Settled(list(menus), list(sourced)), prices)
    for kitchen in sorted(settled.unmet):
        if kitchen in settled.unmet:
            settled = _again(instance, settled, kitchen, prices)
    columns = day_columns(instance.problem)
    if settled.unmet and columns <= MOST_DAY_COLUMNS:
        found = _whole(instance, SECONDS, GAP)
        return settled if found is None or found.unmet else found
    if columns <= MOST_POLISHED and not settled.unmet and _all_priced(instance):
        found = _whole(instance, POLISH_SECONDS, 0.0)
        return found if found is not None and not found.unmet and found.cost < settled.cost else settled
    return settled


def _at_once(crew: Crew, instance: Instance, settled: Settled, prices: Prices) -> Settled:
    """All kitchens that lack something buy again, then choose again, in parts of the market that exclude each other."""
    kitchens = sorted(settled.unmet)
    if len(kitchens) <= 1:
        return settled
    own = _bought_by(instance, settled.sourced)
    others = [_without(answer, set(kitchens)) for answer in settled.sourced]
    left = _left(instance, others)
    free = np.maximum(left - sum(own[kitchen] for kitchen in kitchens), 0.0) / len(kitchens)
    menu_of = {menu.kitchen: menu for menu in settled.menus}
    purchases = [_purchases(settled.sourced, kitchen) for kitchen in kitchens]
    bounds = parts_of(instance, kitchens, [before.buys for before in purchases], _buys(others))
    tasks = [
        (menu_of[kitchen], own[kitchen] + free, part, prices, before)
        for kitchen, part, before in zip(kitchens, bounds, purchases, strict=True)
    ]
    found = zip(crew.map(_mend_task, tasks), tasks, strict=True)
    mended = {menu.kitchen: (menu, answer) for (menu, answer), task in found if _no_farther(instance, answer, task)}
    others = [_without(answer, set(mended)) for answer in settled.sourced]
    menus = [mended[menu.kitchen][0] if menu.kitchen in mended else menu for menu in settled.menus]
    return Settled(menus, settled_totals(instance, [*others, *(answer for _, answer in mended.values())]))


_Task = tuple[YearMenu, Floats, list[Part], Prices, Sourced]
"""A kitchen's menu, what it may buy (O × W), its part of each total, prices, and what it bought."""


def _mend_task(instance: Instance, task: _Task) -> tuple[YearMenu, Sourced]:
    menu, capacity, parts, prices, before = task
    totals = within(instance, parts)
    alone = replace(instance, capacity=np.minimum(capacity, instance.capacity), totals=totals)
    return _mended(instance, alone, menu, prices, before)


def _no_farther(instance: Instance, answer: Sourced, task: _Task) -> bool:
    """Whether a kitchen lacks nothing of its own any more, and misses its part of each total by no more than before."""
    if _lacks(answer) or not answer.off:
        return not answer.unmet
    _, _, parts, _, before = task
    totals = within(instance, parts)
    now, then = (_missed(totals, counted_of(instance, of.buys)) for of in (answer, before))
    return all(a <= b for a, b in zip(now, then, strict=True))


def _missed(totals: Sequence[Total], sums: Floats) -> list[float]:
    """By how much each of the totals is beyond its bounds, in its measure."""
    return [max(0.0, of.low - float(sums[t]), float(sums[t]) - of.high) for t, of in enumerate(totals)]


def _buys(sourced: Sequence[Sourced]) -> list[tuple[int, int, int, float]]:
    return [buy for answer in sourced for buy in answer.buys]


def _purchases(sourced: Sequence[Sourced], kitchen: int) -> Sourced:
    """What one kitchen buys over the whole horizon, and what it lacks, put together from the periods."""
    mine = [answer for answer in sourced if any(buy[1] == kitchen for buy in answer.buys)]
    return Sourced(
        cost=0.0,
        buys=[buy for answer in mine for buy in answer.buys if buy[1] == kitchen],
        capacity_prices={key: price for answer in mine for key, price in answer.capacity_prices.items()},
        ratio_prices=np.median([answer.ratio_prices for answer in mine], axis=0),
        budget_prices=np.median([answer.budget_prices for answer in mine], axis=0),
        missing=[of for answer in mine for of in answer.missing if of[0] == kitchen],
        short=[],
        over=[],
        small=[of for answer in mine for of in answer.small if of[1] == kitchen],
        open=frozenset(drop for answer in mine for drop in answer.open or () if drop[1] == kitchen),
        total_prices=_usual_prices(mine),
    )


def _usual_prices(sourced: Sequence[Sourced]) -> dict[int, float]:
    """Prices of totals over the periods that have a part of them."""
    known = {t for answer in sourced for t in answer.total_prices}
    return {
        t: float(np.median([answer.total_prices[t] for answer in sourced if t in answer.total_prices]))
        for t in sorted(known)
    }


def _bought_by(instance: Instance, sourced: Sequence[Sourced]) -> dict[int, Floats]:
    """kg that each kitchen that lacks something buys of each offer and week (O × W)."""
    lacking = {kitchen for answer in sourced for kitchen in answer.unmet}
    bought = {kitchen: np.zeros(instance.capacity.shape) for kitchen in lacking}
    for answer in sourced:
        for o, kitchen, w, kg in answer.buys:
            if kitchen in bought:
                bought[kitchen][o, w] += kg
    return bought


def _again(instance: Instance, settled: Settled, kitchen: int, prices: Prices) -> Settled:
    """One kitchen buys again, then chooses again, at what the others leave."""
    others = [_without(answer, {kitchen}) for answer in settled.sourced]
    totals = left_for(instance, counted_of(instance, _buys(others))) if instance.totals else ()
    alone = replace(instance, capacity=_left(instance, others), totals=totals)
    mine = next(menu for menu in settled.menus if menu.kitchen == kitchen)
    mine, answer = _mended(instance, alone, mine, prices, _purchases(settled.sourced, kitchen))
    if _lacks(answer):
        chosen = _choose(alone, kitchen)
        if chosen is None:
            return settled
        mine, answer = chosen, _bought(alone, [chosen])
        if _lacks(answer):
            return settled
    menus = [mine if menu.kitchen == kitchen else menu for menu in settled.menus]
    found = Settled(menus, settled_totals(instance, [*others, answer]))
    # Of a total that many kitchens share, one alone may only bring its part.
    better = not found.unmet & settled.unmet or _beyond(instance, found) < _beyond(instance, settled)
    return found if better else settled


def _lacks(answer: Sourced) -> bool:
    """Whether a kitchen lacks something of its own, totals shared with others aside."""
    return bool(replace(answer, off=[]).unmet)


def _beyond(instance: Instance, settled: Settled) -> float:
    """€ that the totals are beyond their bounds, at usual prices, and kitchens that lack something of their own."""
    missed = _missed(instance.totals, counted_of(instance, _buys(settled.sourced)))
    far = sum(of.usual * lack for of, lack in zip(instance.totals, missed, strict=True))
    return far + MUCH * sum(len(replace(answer, off=[]).unmet) for answer in settled.sourced)


def _mended(
    instance: Instance, alone: Instance, menu: YearMenu, prices: Prices, before: Sourced
) -> tuple[YearMenu, Sourced]:
    """The menu and its purchases; weeks with drops that are too small are chosen again without what makes them so.

    What one period lacks of a ratio another may have to spare: the kitchen buys over its whole horizon.
    """
    if not has_drops(instance):
        return _mended_afresh(instance, alone, menu, prices)
    weeks = Period(tuple(range(len(instance.weeks))))
    answer = bought_again(alone, menu_demand(instance, [menu]), weeks, before, ())
    for _ in range(TRIES):
        wrong = {w for _, _, w, _ in answer.small} | {w for _, w, _, _ in answer.missing}
        if not wrong:
            break
        prices = replace(prices, absent=absences(instance, [answer], prices.absent))
        try:
            menu = choose_weeks(instance, prices, menu, wrong)
        except KitchenStuck:
            break
        answer = bought_again(alone, menu_demand(instance, [menu]), weeks, answer, {(menu.kitchen, w) for w in wrong})
    if not answer.unmet:
        return menu, answer
    afresh = _mended_afresh(instance, alone, menu, prices)
    return (menu, answer) if _lacks(afresh[1]) and not _lacks(answer) else afresh


def _mended_afresh(instance: Instance, alone: Instance, menu: YearMenu, prices: Prices) -> tuple[YearMenu, Sourced]:
    """Bought and chosen again over the whole year, every offer being on sale, while drops are too small."""
    answer = _bought(alone, [menu])
    for _ in range(TRIES):
        if not answer.small:
            break
        prices = replace(prices, absent=absences(instance, [answer], prices.absent))
        try:
            menu = choose_year(instance, (prices, [menu.kitchen], [menu.basis]))[0]
        except KitchenStuck:
            break
        answer = _bought(alone, [menu])
    return menu, answer


def _bought(instance: Instance, menus: Sequence[YearMenu]) -> Sourced:
    """Purchases over the whole horizon in one LP, with every offer on sale."""
    weeks = Period(tuple(range(len(instance.weeks))))
    return source_in_drops(instance, menu_demand(instance, menus), weeks, every_offer=True)


def _choose(instance: Instance, kitchen: int) -> YearMenu | None:
    """Menus and purchases of one kitchen together, if it is small enough; `instance` says what it may buy."""
    name = instance.kitchens[kitchen]
    problem = of_kitchens(instance.problem, [name])
    if day_columns(problem) > MOST_DAY_COLUMNS:
        return None
    alone = compile_instance(problem, by_day=True)
    weeks = [instance.weeks.index(week) for week in alone.weeks]
    joint = whole_model(replace(alone, capacity=instance.capacity[:, weeks]), [0], "exact", every_offer=True)
    outcome = joint.model.solve(time_limit=SECONDS, gap=GAP)
    return _menu(joint, outcome, 0, kitchen) if outcome.usable else None


def _whole(instance: Instance, seconds: float, gap: float) -> Settled | None:
    """Menus and purchases of all kitchens together."""
    by_day = compile_instance(instance.problem, by_day=True)
    joint = whole_model(by_day, range(len(by_day.kitchens)), "exact", every_offer=True)
    outcome = joint.model.solve(time_limit=seconds, gap=gap)
    # An answer cut short would depend on the machine: as a better plan it is left alone, as the only one it is taken.
    if not outcome.usable or (gap == 0.0 and outcome.status is not Status.OPTIMAL):
        return None
    menus = [_menu(joint, outcome, kitchen, kitchen) for kitchen in range(len(instance.kitchens))]
    return Settled(menus, [_bought(instance, menus)])


def _menu(joint: JointModel, outcome: Outcome, site: int, kitchen: int) -> YearMenu:
    part = joint.parts[site]
    slots = len(joint.instance.problem.slots)
    days = [[-1] * slots for _ in part.pattern.dates]
    for column, dish, c in zip(part.columns, part.dishes, part.cells, strict=True):
        if outcome.values[column] > 0.5:  # legal-number: a whole count is nearer to one than to none
            days[part.block.cells[c].days[0]][int(joint.instance.slot_of[dish])] = dish
    penalty = sum(price * float(outcome.values[column]) for column, price in part.soft)
    penalty += menu_waste(joint.instance, site, days)
    return YearMenu(kitchen, tuple(tuple(day) for day in days), penalty)


def _without(answer: Sourced, kitchens: Collection[int]) -> Sourced:
    return replace(
        answer,
        buys=[buy for buy in answer.buys if buy[1] not in kitchens],
        missing=[of for of in answer.missing if of[0] not in kitchens],
        short=[of for of in answer.short if of[0] not in kitchens],
        over=[of for of in answer.over if of[0] not in kitchens],
        small=[of for of in answer.small if of[1] not in kitchens],
        crowded=[of for of in answer.crowded if of[0] not in kitchens],
        open=None if answer.open is None else frozenset(drop for drop in answer.open if drop[1] not in kitchens),
    )


def _left(instance: Instance, others: Sequence[Sourced]) -> Floats:
    """kg that others leave of each offer and week (O × W)."""
    left = instance.capacity.copy()
    for answer in others:
        for o, _, w, kg in answer.buys:
            left[o, w] -= kg
    return np.maximum(left, 0.0)


def _all_priced(instance: Instance) -> bool:
    """Whether the exact model prices every soft rule; soft spacing and pairing it does not know."""
    return all(rule.hard or not isinstance(rule, SpacingRule | PairingRule) for rule in instance.rules)
