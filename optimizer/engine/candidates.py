"""Offers worth buying: those that no offer of unlimited quantity beats on price, every ratio and every total at once.

Only a search is narrowed by this; the lower bound always looks at every offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from optimizer.engine.instance import Bools, Instance
from optimizer.engine.totals import totals_beaten
from optimizer.solver import Floats, Ints


def undominated(instance: Instance, offers: Sequence[int], unit: Floats, week: int) -> list[int]:
    """Of these offers on sale at unit prices `unit` (O), those worth buying in a week."""
    of = np.asarray(offers, dtype=np.int64)
    if not len(of):
        return []
    return [int(o) for o in of[_kept(instance, of, unit[of][:, None], week)[:, 0]]]


def on_sale(instance: Instance, kitchen: int, week: int, ingredient: int) -> Ints:
    """Offers of an ingredient that a kitchen can buy in a week."""
    offers = instance.offers_of[ingredient]
    able: Ints = offers[(instance.capacity[offers, week] > 0) & np.isfinite(instance.unit[offers, kitchen])]
    return able


def worth_buying(instance: Instance, kitchen: int, week: int, ingredient: int) -> Ints:
    """Offers of an ingredient worth buying at a kitchen in a week; found once for all kitchens and like weeks."""
    cache = _found.setdefault(instance, {})
    offers = instance.offers_of[ingredient]
    capacity = instance.capacity[offers, week]
    likeness = (capacity > 0).tobytes() + np.isinf(capacity).tobytes() + instance.labelled[offers, week].tobytes()
    key = (ingredient, likeness)
    if key not in cache:
        on_sale = offers[capacity > 0]
        kept = _kept(instance, on_sale, instance.unit[on_sale], week)
        cache[key] = [on_sale[kept[:, k]] for k in range(len(instance.kitchens))]
    return cache[key][kitchen]


_found: WeakKeyDictionary[Instance, dict[tuple[int, bytes], list[Ints]]] = WeakKeyDictionary()


def _kept(instance: Instance, offers: Ints, unit: Floats, week: int) -> Bools:
    """Flags (offers × places) at unit prices (offers × places), inf = not delivered there."""
    ratio = instance.ratio[:, offers, instance.labelled[offers, week].astype(np.int64)]
    # Where goals are charged, an offer is only beaten by one that is no dearer in either respect.
    if instance.problem.goals:
        label = instance.labelled[offers, week].astype(np.int64)
        charge = instance.charge[label, offers].max(axis=1)
        least = instance.charge[label, offers].min(axis=1)
    kept: Bools = np.asarray(np.isfinite(unit), dtype=np.bool_)
    places = np.arange(len(offers))
    for a in np.flatnonzero(np.isinf(instance.capacity[offers, week])):
        no_better: Bools = np.asarray((ratio <= ratio[:, [a]]).all(axis=0), dtype=np.bool_)
        as_good: Bools = np.asarray((ratio == ratio[:, [a]]).all(axis=0) & (places <= a), dtype=np.bool_)
        worse = no_better[:, None] & (unit >= unit[a])
        alike = as_good[:, None] & (unit == unit[a])
        worse &= totals_beaten(instance, offers, int(a))[:, None]
        if instance.problem.goals:
            worse &= (least >= charge[a])[:, None]
        kept &= ~worse | alike | ~np.isfinite(unit[a])
    return kept
