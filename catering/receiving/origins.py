"""What diners must be told of the goods behind the lunches of a kitchen: origin of meat, allergens of products."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.allergens_told import read_told
from catering.menus.told import Behind, GoodsTold
from catering.moment import today
from catering.people.viewer import Viewer
from catering.receiving.queries_used import goods_at_hand_visible_to, goods_ordered_visible_to, goods_used_visible_to
from catering.rules.allergens import Allergen
from catering.rules.origin import Stages
from catering.together import read_together


async def goods_told(
    session: AsyncSession, viewer: Viewer | None, kitchen_id: int, first: date, last: date
) -> GoodsTold:
    """What diners must be told of some days, both included: one statement."""
    used, moved, ordered, at_hand = await read_together(
        session,
        [
            *goods_used_visible_to(viewer, kitchen_id, first, last),
            goods_ordered_visible_to(viewer, kitchen_id, first, last),
            goods_at_hand_visible_to(viewer, kitchen_id),
        ],
    )
    meats: dict[Behind, list[Stages]] = defaultdict(list)
    allergens: dict[Behind, set[Allergen]] = defaultdict(set)
    for day, slug, stated, *countries in (*used, *moved):
        if (stages := Stages(*countries)) not in meats[day, slug]:
            meats[day, slug].append(stages)
        allergens[day, slug].update(read_told(stated).contains)
    ahead = [day for day in _days(first, last) if day >= today()]
    for week, slug, stated in ordered:
        for day in ahead:
            if week <= day < week + timedelta(weeks=1):
                allergens[day, slug].update(read_told(stated).contains)
    for slug, stated in at_hand:
        for day in ahead:
            allergens[day, slug].update(read_told(stated).contains)
    return GoodsTold(meats, {of: frozenset(found) for of, found in allergens.items()})


def _days(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]
