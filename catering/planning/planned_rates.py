"""What the published plan still buys, summed by kitchen and by the few ways in which its offers count for the rates.

The law is asked once of each kind of offer, which many offers have in common. Then the database adds up the lines of
the plan by what was answered: some rows of each kitchen leave it instead of nearly all its lines. Of few kitchens there
are fewer lines than offers: theirs are added up by all that the law looks at, and the law is asked of what comes out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import CTE, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import whole
from catering.market.models import Certificate, Offer
from catering.market.queries import offers_visible_to
from catering.people.viewer import Viewer
from catering.planning.kinds_of_offers import KIND, facts_asked, sign_of
from catering.planning.models import SourcedLine
from catering.planning.projecting import AGEING, PROVEN, ageing_week, not_ordered, still_planned
from catering.recipes.models import Ingredient
from catering.rules import law
from catering.rules.egalim_proofs import ageing
from catering.rules.egalim_year import rates_of_cells

FEW_KITCHENS = 10  # legal-number: where looking at every offer begins to pay; nothing of a law
Rates: TypeAlias = Mapping[str, bool]
"""By rate in whose value a purchase is: whether it counts there."""
Kind: TypeAlias = tuple[Any, ...]
"""``KIND``, label and facts of offers that the law does not tell apart."""


async def planned_rates(
    session: AsyncSession, viewer: Viewer, year: int, today: date, kitchen_ids: Collection[int] | None
) -> list[tuple[int, Rates, int]]:
    """Kitchen number, rates and cents of planned lines that nobody ordered, added up: two statements at most."""
    if kitchen_ids is not None and len(kitchen_ids) <= FEW_KITCHENS:
        few = await session.execute(_by_kind(session, still_planned(viewer, year, today, kitchen_ids)))
        return [(kitchen, _judged(year, kind, week), cents) for kitchen, week, cents, *kind in few]
    lines = not_ordered(viewer, year, today, kitchen_ids)
    offers = offers_visible_to(viewer).join(Ingredient, Ingredient.id == Offer.ingredient_id)
    offers = offers.outerjoin(Certificate, Certificate.id == Offer.certificate_id)
    kinds = (await session.execute(_kinds(offers))).all()
    if not kinds:
        return []
    ways = _Ways(year, ((number, kind) for number, *kind in kinds))
    rows = await session.execute(_by_way(session, lines, _ways_of_offers(offers, ways.numbers)))
    return [(kitchen, ways.rates(way, bool(proven), week), cents) for kitchen, way, proven, week, cents in rows]


def _judged(year: int, kind: Sequence[Any], week: date | None) -> Rates:
    """What offers of a kind count for at the end of a year, delivered in a week when that matters; its label proven."""
    family, nature, country, label, *facts = kind
    last_day = date(year, 12, 31)
    sign = sign_of(law(), family, nature, country, label, last_day, week or last_day, *facts)
    return rates_of_cells(year)(family, sign)


def _by_kind(session: AsyncSession, lines: Select[SourcedLine]) -> Select[Any]:
    """Cents of planned lines by kitchen and by all that decides whether they count: a label only when it is proven."""
    key: tuple[Any, ...] = (*KIND, case((PROVEN, Offer.label)))
    facts = facts_asked()
    cents = whole(session, func.sum(SourcedLine.amount))
    told: Any = lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).with_only_columns(
        SourcedLine.kitchen_id, ageing_week(), cents, *key, *facts
    )
    summed: Select[Any] = told.group_by(SourcedLine.kitchen_id, AGEING, *key, *(each.name for each in facts))
    return summed


def _kinds(offers: Select[Offer]) -> Select[Any]:
    """Each kind of offer, by the least number of those alike."""
    facts = facts_asked()
    told: Any = offers.with_only_columns(func.min(Offer.id), *KIND, Offer.label, *facts)
    grouped: Select[Any] = told.group_by(*KIND, Offer.label, *(each.name for each in facts))
    return grouped


class _Ways:
    """The ways in which numbered kinds of offers count for the rates of a year, by their rank."""

    def __init__(self, year: int, kinds: Iterable[tuple[int, Kind]]) -> None:
        self._year = year
        alike: dict[Any, list[tuple[int, Kind]]] = defaultdict(list)
        for number, kind in kinds:
            alike[self._told_apart_by(number, kind)].append((number, kind))
        self._examples = [some[0][1] for some in alike.values()]
        self._known: dict[tuple[int, bool, date | None], Rates] = {}
        self.numbers = [[number for number, _ in some] for some in alike.values()]
        """Of the kinds that count in each way."""

    def rates(self, way: int, proven: bool, week: date | None) -> Rates:
        """What offers of a way count for, with their label proven or not, delivered in a week when that matters."""
        key = way, proven, week
        if key not in self._known:
            self._known[key] = self._judged(self._examples[way], proven, week)
        return self._known[key]

    def _told_apart_by(self, number: int, kind: Kind) -> Any:
        label = kind[len(KIND)]
        if label in ageing(law()):
            # It counts from some age on: whether it does is seen week by week.
            return number
        return tuple(tuple(self._judged(kind, proven, None).items()) for proven in (False, True))

    def _judged(self, kind: Kind, proven: bool, week: date | None) -> Rates:
        label = len(KIND)
        return _judged(self._year, kind if proven else (*kind[:label], None, *kind[label + 1 :]), week)


def _ways_of_offers(offers: Select[Offer], ways: Sequence[Sequence[int]]) -> CTE:
    """The way of each offer, the days on which its label is proven, and whether it counts from some age on."""
    alike = [*KIND, Offer.label, *(each.element for each in facts_asked())]
    told: Any = offers.with_only_columns(
        Offer.id,
        func.min(Offer.id).over(partition_by=alike).label("kind"),
        Certificate.valid_from,
        Certificate.valid_to,
        Offer.label.in_(sorted(ageing(law()))).label("ages"),
    )
    of = told.subquery().c
    way = case(*((of.kind.in_(numbers), rank) for rank, numbers in enumerate(ways)))
    return select(of.id, way.label("way"), of.valid_from, of.valid_to, of.ages).cte("ways")


def _by_way(session: AsyncSession, lines: Select[SourcedLine], ways: CTE) -> Select[Any]:
    """Cents of planned lines by kitchen, way, whether the label is proven, and the week when that matters."""
    week = SourcedLine.week
    proven = func.coalesce(and_(ways.c.valid_from <= week, week <= ways.c.valid_to), False).label("proven")
    aged = case((ways.c.ages, week)).label(AGEING)
    # An outer join though every line has its offer: SQLite then goes from the lines to what is known of offers.
    told: Any = lines.outerjoin(ways, ways.c.id == SourcedLine.offer_id).with_only_columns(
        SourcedLine.kitchen_id, ways.c.way, proven, aged, whole(session, func.sum(SourcedLine.amount))
    )
    summed: Select[Any] = told.group_by(SourcedLine.kitchen_id, ways.c.way, "proven", AGEING)
    return summed
