"""Whether sending would accept what is about to be proposed: a substitute, goods of another farm, a standing order.

The rules are those of sending (``checking``, ``opening``, procurement's grounds); here they answer with the refusal
instead of raising it. One statement reads what they decide from, whatever the proposals, kitchens and suppliers.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.refusals_stock import NotEnough, Shortage
from catering.moment import paris_day
from catering.orders import refusals
from catering.orders.as_named import Made, by_ingredient, judge_names, made_of
from catering.orders.checking import Goods, animals_ordered, holidays_of, judge_hygiene, judge_sale, permits_of
from catering.orders.models import Order
from catering.orders.opening import LineKey, OpenBasket, require_deliverable, require_packs
from catering.orders.prices import NOTHING_AGREED, Agreed
from catering.orders.queries import GIVEN_UP, orders_visible_to
from catering.orders.rules import NOTHING, cut_off, next_delivery
from catering.orders.sold import BUYER, Sold
from catering.procurement.counting import counted_in_needs, needs_on
from catering.procurement.grounds import Wish, grounds_of_order, is_bare
from catering.refusal import Refusal
from catering.rules.procurement import procurement_law
from catering.together import read_together

Place = tuple[int, date]
"""The basket of a kitchen (row id) for a week (its Monday)."""
Drop = tuple[int, int, date]
"""Kitchen and supplier (row ids), and the day of delivery."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """So many packs of an offer for a kitchen, on a day of delivery."""

    sold: Sold
    day: date
    packs: int

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.sold.priced(self.packs, self.day).amount

    @property
    def key(self) -> LineKey:
        """Which line of the basket it is."""
        return self.sold.offer.id, self.day

    @property
    def place(self) -> Place:
        """The basket it is of."""
        return self.sold.kitchen.id, self.sold.week

    @property
    def drop(self) -> Drop:
        """The delivery it would come with."""
        return self.sold.kitchen.id, self.sold.supplier.id, self.day

    @property
    def goods(self) -> Goods:
        """As the checks of the market see it."""
        grams = self.packs * self.sold.offer.pack_g
        return Goods(self.sold.offer, self.sold.supplier, self.day, grams, self.sold.offer.animal_product)


@dataclass
class Acceptance:
    """What sending decides from, and what baskets hold already; each proposal that is kept takes its part of it."""

    now: datetime
    away: Sequence[tuple[Any, ...]]
    permits: Sequence[tuple[Any, ...]]
    animals: Sequence[tuple[Any, ...]]
    ordered: Mapping[Drop, Decimal]
    made: Mapping[int, Made]
    families: Mapping[int, str]
    needs: Mapping[tuple[int, str], Decimal]
    held: dict[Place, list[Proposal]] = field(default_factory=lambda: defaultdict(list))
    """Lines of baskets, with what was proposed since."""
    there: Counter[tuple[Place, int]] = field(default_factory=Counter)
    """Grams of offers (row id) that baskets held before."""
    taken: Counter[tuple[int, date]] = field(default_factory=Counter)
    """Grams of offers (row id) and weeks that were proposed since the stock was read."""

    def hold(self, proposal: Proposal) -> None:
        """Count a line that is in a basket."""
        self.held[proposal.place].append(proposal)
        self.there[proposal.place, proposal.sold.offer.id] += proposal.goods.grams

    def take(self, proposal: Proposal) -> None:
        """Count a proposal that was made: it is no longer there for the next one."""
        self.held[proposal.place].append(proposal)
        self.taken[proposal.sold.offer.id, proposal.sold.week] += proposal.goods.grams

    def refusal(self, proposal: Proposal, *, besides: LineKey | None = None, alone: bool = True) -> Refusal | None:
        """Why sending would refuse a proposal beside what its basket holds; None when it would not.

        Args:
            proposal: what may be put into the basket.
            besides: the line of the basket whose place it takes.
            alone: whether its delivery must reach the minimum with what is there; not when more is still to come.
        """
        others = [each for each in self.held[proposal.place] if each.key != besides]
        asked: list[Callable[[], object]] = [
            lambda: require_packs(proposal.packs),
            lambda: require_deliverable(proposal.sold, proposal.day, self.now),
            lambda: self._require_in_time(proposal),
            lambda: _require_proof(proposal),
            lambda: judge_sale([proposal.goods], self.away),
            lambda: judge_names([(proposal.sold.offer, proposal.day)], self.made, paris_day(self.now)),
            lambda: self._require_hygiene(proposal, others),
            lambda: self._require_stock(proposal),
            lambda: self._require_ground(proposal, others),
        ]
        if alone:
            asked.append(lambda: self._require_minimum(proposal, others))
        return next((found for ask in asked if (found := _refusal_of(ask)) is not None), None)

    def _require_minimum(self, proposal: Proposal, others: Iterable[Proposal]) -> None:
        supplier = proposal.sold.supplier
        same = sum((each.amount for each in others if each.drop == proposal.drop), NOTHING)
        amount = proposal.amount + same + self.ordered.get(proposal.drop, NOTHING)
        if amount < supplier.min_drop_eur:
            raise refusals.BelowMinimum([(supplier.name, proposal.day, amount, supplier.min_drop_eur)])

    def _require_in_time(self, proposal: Proposal) -> None:
        supplier = proposal.sold.supplier
        closes = cut_off(proposal.day, supplier.lead_days)
        if self.now >= closes:
            following = next_delivery(
                supplier.delivery_weekdays, supplier.lead_days, self.now, proposal.sold.agreed.closed
            )
            raise refusals.TooLate([refusals.Late(supplier.name, proposal.day, closes, following)])

    def _require_hygiene(self, proposal: Proposal, others: Iterable[Proposal]) -> None:
        if proposal.sold.offer.animal_product is None:
            return
        beside = [
            (each.sold.supplier.id, each.sold.offer.animal_product, each.day, each.goods.grams)
            for each in others
            if each.sold.offer.animal_product is not None
        ]
        judge_hygiene(proposal.sold.kitchen, [proposal.goods], self.permits, [*self.animals, *beside])

    def packs_left(self, sold: Sold) -> int | None:
        """Whole packs of an offer that may still be proposed; None for any number."""
        rest = self._left(sold)
        return None if rest is None else rest // sold.offer.pack_g

    def _left(self, sold: Sold) -> int | None:
        if sold.left_g is None:
            return None
        there = self.there[(sold.kitchen.id, sold.week), sold.offer.id]
        return max(sold.left_g - there - self.taken[sold.offer.id, sold.week], 0)

    def _require_stock(self, proposal: Proposal) -> None:
        sold, rest, grams = proposal.sold, self._left(proposal.sold), proposal.goods.grams
        if rest is not None and grams > rest:
            offer, pack_g = sold.offer, sold.offer.pack_g
            raise NotEnough(
                [Shortage(offer.id, offer.slug, offer.product, sold.supplier.name, sold.week, pack_g, grams, rest)]
            )

    def _require_ground(self, proposal: Proposal, others: Iterable[Proposal]) -> None:
        """Its ground after those of the other lines; by itself when these are at fault already."""
        beside, wish = [self._wish(each) for each in others], self._wish(proposal)
        if _refusal_of(lambda: self._grounds(proposal, beside)) is not None:
            beside = []
        self._grounds(proposal, [*beside, wish])

    def _grounds(self, proposal: Proposal, wishes: Sequence[Wish]) -> None:
        agreed = proposal.sold.agreed
        grounds_of_order(wishes, paris_day(self.now), agreed.contracts, agreed.awards, self.needs)

    def _wish(self, each: Proposal) -> Wish:
        offer, priced_by = each.sold.offer, each.sold.paid(each.day, each.packs).agreement.priced_by
        family = self.families[offer.ingredient_id]
        return Wish(
            each.sold.kitchen.id, offer.supplier_id, offer.ingredient_id, offer.id, family, each.amount, priced_by,
            each.day, is_bare(offer.label, each.day),
        )  # fmt: skip


async def read_acceptance(
    session: AsyncSession, proposals: Sequence[Proposal], beside: Sequence[Proposal], now: datetime
) -> Acceptance:
    """What sending would decide from about some proposals: one statement.

    Args:
        session: of the caller's transaction.
        proposals: any that will be asked about.
        beside: the lines that the baskets hold.
        now: with its zone.
    """
    suppliers = {each.sold.supplier.id for each in proposals}
    kitchens = {each.sold.kitchen.id for each in proposals}
    days = {each.day for each in proposals}
    animal = {each.sold.offer.animal_product for each in proposals} - {None}
    goods = {each.sold.offer.ingredient_id for each in (*proposals, *beside)}
    today = paris_day(now)
    asked: list[Select[Any]] = [
        holidays_of(BUYER, suppliers),
        permits_of(BUYER, suppliers),
        animals_ordered(suppliers, animal, days),
        _ordered(kitchens, suppliers, days),
        made_of(goods),
        *counted_in_needs(BUYER, today, kitchens),
    ]
    away, allowed, animals, ordered, goods_made_of, *counted = await read_together(session, asked)
    tables, needs, made = procurement_law(), needs_on(today, counted), by_ingredient(goods_made_of)
    found = Acceptance(
        now,
        away,
        allowed,
        animals,
        {(kitchen, supplier, day): amount for kitchen, supplier, day, amount in ordered},
        made,
        {number: tables.family_of(*of, today) for number, of in made.items()},
        {(kitchen, family): needs.of([kitchen], family).total for kitchen, family in needs.pairs()},
    )
    for line in beside:
        found.hold(line)
    return found


def lines_of(opened: Iterable[OpenBasket], market: Mapping[int, Any], agreed: Mapping[str, Agreed]) -> list[Proposal]:
    """What open baskets hold; ``market`` are rows of ``sold_in`` by offer (row id), ``agreed`` is by kitchen (UAI)."""
    found = []
    for basket in opened:
        terms = agreed.get(basket.kitchen.uai, NOTHING_AGREED)
        for line in basket.lines.values():
            sold = Sold(basket.kitchen, basket.basket.week, terms, *market[line.offer_id])
            found.append(Proposal(sold, line.day, line.packs))
    return found


def _ordered(kitchens: Iterable[int], suppliers: Iterable[int], days: Iterable[date]) -> Select[Any]:
    key: tuple[Any, ...] = (Order.kitchen_id, Order.supplier_id, Order.day)
    return (
        orders_visible_to(BUYER)
        .where(Order.kitchen_id.in_(kitchens), Order.supplier_id.in_(suppliers), Order.day.in_(days))
        .where(Order.state.not_in(GIVEN_UP))
        .with_only_columns(*key, func.sum(Order.amount).label("amount"))
        .group_by(*key)
    )


def _require_proof(proposal: Proposal) -> None:
    if not proposal.sold.proven_on(proposal.day):
        offer = proposal.sold.offer
        raise refusals.NotProven([(offer.product, str(offer.label), proposal.day)])


def _refusal_of(ask: Callable[[], object]) -> Refusal | None:
    try:
        ask()
    except Refusal as refusal:
        return refusal
    return None
