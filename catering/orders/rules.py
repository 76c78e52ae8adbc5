"""Pure decisions of orders: until when, on which day, how many packs, and what an order is worth."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from catering.kitchens.calendar import takes_deliveries
from catering.market.delivered import delivered_amount, vat_of
from catering.market.models import Supplier
from catering.moment import PARIS, paris_day
from catering.orders.vocabulary import LineReason, PriceSource
from catering.procurement.grounds import PricedBy

NOON = time(12)
"""Orders close at noon: farms harvest and pack in the afternoon."""
DAY = timedelta(days=1)
DAYS_BEFORE = timedelta(days=6)
"""Deliveries for a week fall from the Tuesday before on (docs/problem-format.md, DROPS)."""
DAYS_AFTER = timedelta(days=6)
"""And, beyond what a plan allows, until the Sunday of the week itself: fresh bread, a late complement."""
LONGEST_SEARCH = 90
"""Days ahead in which a supplier that delivers on a weekday has a day that can still be met: longer than the summer."""
NOTHING = Decimal("0.00")


class Counted(Protocol):
    """A line of a basket, as far as the least of its delivery depends on it."""

    @property
    def reason(self) -> LineReason:
        """Who put it in."""

    @property
    def packs(self) -> int:
        """As they stand."""

    @property
    def planned_g(self) -> int:
        """Grams the plan needs of it."""

    @property
    def pack_g_seen(self) -> int:
        """Grams of one pack."""


def least_of(supplier: Supplier, lines: Iterable[Counted]) -> Decimal:
    """€ excl. tax from which a delivery may be ordered: its supplier's minimum.

    What the plan put in may be a kitchen's part of a delivery that it shares with kitchens near it, if the supplier
    allows it: then the least at one door is asked; the supplier, who sees all orders of the day, answers for the whole.
    A part of which somebody took packs away is not what the plan counted on: the whole minimum is asked of it.
    """
    planned = [line for line in lines if line.reason is LineReason.PLAN]
    if supplier.shared_door_eur is None or not planned or any(map(lowered, planned)):
        return supplier.min_drop_eur
    return supplier.shared_door_eur


def lowered(line: Counted) -> bool:
    """Whether a line buys fewer packs than what the plan needs of it asks for."""
    return line.packs < packs_for(line.planned_g, line.pack_g_seen)


def cut_off(day: date, lead_days: int) -> datetime:
    """Until when an order for a delivery day may be sent: noon in Paris, ``lead_days`` calendar days before."""
    return datetime.combine(day - lead_days * DAY, NOON, PARIS)


def moved_cut_off(closes: datetime, by: timedelta) -> datetime:
    """Until when an order may be cancelled that comes some days later, or earlier, than when it was sent: the lead time
    that its supplier asked then stays.

    Args:
        closes: until now.
        by: whole days, of the delivery.
    """
    return (closes.astimezone(PARIS) + by).astimezone(UTC)


def leaves_from(day: date, closes: datetime) -> datetime:
    """From when on an order may be said to have left: the eve of its delivery, once it can no longer be cancelled.

    Goods of which the orders close on the delivery day itself may leave as it begins: whoever drives at six has no
    choice.

    Args:
        day: of the delivery.
        closes: until when the kitchen may cancel.
    """
    eve, morning = (datetime.combine(each, time(), PARIS) for each in (day - DAY, day))
    return max(eve, min(closes, morning)).astimezone(UTC)


def delivers_for(day: date, week: date) -> bool:
    """Whether a delivery day can serve the meals of a week (its Monday)."""
    return week - DAYS_BEFORE <= day <= week + DAYS_AFTER


def next_delivery(
    weekdays: Iterable[int], lead_days: int, now: datetime, closed: Collection[date] = frozenset()
) -> date | None:
    """First day on which a supplier delivers to an open collège and for which an order sent now is in time.

    Args:
        weekdays: on which it delivers; Monday is 0.
        lead_days: calendar days between order and delivery.
        now: with its zone.
        closed: days on which that kitchen is closed, beside holidays and weekends (``takes_deliveries``).
    """
    wanted, today = frozenset(weekdays), paris_day(now)
    days = (today + offset * DAY for offset in range(lead_days + LONGEST_SEARCH))
    met = (day for day in days if day.weekday() in wanted and now < cut_off(day, lead_days))
    return next((day for day in met if takes_deliveries(day, closed)), None)


def best_day(
    weekdays: Iterable[int], lead_days: int, week: date, now: datetime, closed: Collection[date] = frozenset()
) -> date | None:
    """Delivery day for a week: the last one up to its Monday that can still be met, else the first one after it.

    The last, because goods are then freshest; none when no day of the week can be met. Never one on which the collège
    is closed (``closed``: beside holidays and weekends, see ``takes_deliveries``).
    """
    wanted = frozenset(weekdays)
    days = [week + offset * DAY for offset in range(-DAYS_BEFORE.days, DAYS_AFTER.days + 1)]
    met = (day for day in days if day.weekday() in wanted and now < cut_off(day, lead_days))
    possible = [day for day in met if takes_deliveries(day, closed)]
    before = [day for day in possible if day <= week]
    return before[-1] if before else next(iter(possible), None)


def packs_for(grams: int, pack_g: int) -> int:
    """Whole packs that hold at least so many grams."""
    return -(-grams // pack_g)


def label_lost(given_up: str | None, other: str | None) -> int:
    """How much of a label is lost when one offer takes the place of another: 0 nothing, 1 another label, 2 all of it.

    Offers that lose least come first (EGAlim), then the cheapest.
    """
    return 0 if given_up in (None, other) else 2 - bool(other)


def grams_held(packs: int, pack_g: int, planned_g: int) -> int:
    """Grams that a line of a basket is there for: what the plan needs, unless somebody changed its packs since.

    Args:
        packs: as they stand.
        pack_g: grams of one pack.
        planned_g: grams the plan needs of it; 0 for what the plan does not know.
    """
    untouched = planned_g and packs == packs_for(planned_g, pack_g)
    return planned_g if untouched else packs * pack_g


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan buys of one offer for a week.

    Of several, those with a label (``labelled``) are bought first, then the cheapest by ``eur_per_kg`` delivered.
    """

    offer_id: int
    ingredient_id: int
    grams: int
    pack_g: int
    eur_per_kg: Decimal
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A line of a basket proposal: whole packs, the grams the plan needs of it, and what will be left over."""

    offer_id: int
    ingredient_id: int
    packs: int
    planned_g: int
    left_over_g: int


def fill(wanted: Iterable[Wanted], at_hand: dict[int, int]) -> list[Filled]:
    """Whole packs for what a plan buys, once per offer and week.

    Of each ingredient, what is at hand is used first; then labelled offers are bought before others and cheap ones
    before dear ones, and what a whole pack brings beyond its need lessens the need of the next: the plan bought just
    enough labels, so that what is spared is not theirs. The last planned offer takes the rest: every need is met.

    Args:
        wanted: one entry per offer.
        at_hand: grams left over or already ordered, by ingredient.
    """
    by_ingredient: dict[int, list[Wanted]] = {}
    for each in wanted:
        by_ingredient.setdefault(each.ingredient_id, []).append(each)
    lines: list[Filled] = []
    for ingredient_id, offers in sorted(by_ingredient.items()):
        in_order = sorted(offers, key=lambda each: (not each.labelled, each.eur_per_kg, each.offer_id))
        lines += _fill_one(in_order, at_hand.get(ingredient_id, 0))
    return lines


def _fill_one(offers: Sequence[Wanted], at_hand: int) -> list[Filled]:
    missing = sum(each.grams for each in offers) - at_hand
    lines: list[Filled] = []
    for each in offers:
        need = min(each.grams, missing)
        if need <= 0:
            continue
        packs = packs_for(need, each.pack_g)
        bought = min(packs * each.pack_g, missing)
        lines.append(Filled(each.offer_id, each.ingredient_id, packs, bought, packs * each.pack_g - bought))
        missing -= bought
    return lines


@dataclass(frozen=True, slots=True)
class Priced:
    """Packs at the prices of an order line; amounts in €, excl. tax, delivery included."""

    packs: int
    pack_g: int
    price_eur_per_pack: Decimal
    delivery_eur_per_kg: Decimal
    vat_pct: Decimal

    @property
    def grams(self) -> int:
        """Weight of the packs."""
        return self.packs * self.pack_g

    @property
    def amount(self) -> Decimal:
        """Rounded half-up to the cent."""
        return self.amount_of(self.grams)

    def amount_of(self, grams: int) -> Decimal:
        """What so many grams cost, rounded half-up to the cent: goods need not weigh what their packs say."""
        return delivered_amount(grams, self.price_eur_per_pack, self.pack_g, self.delivery_eur_per_kg)

    @property
    def vat(self) -> Decimal:
        """VAT of the amount, rounded half-up to the cent."""
        return vat_of(self.amount, self.vat_pct)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Which price it is. ``name`` is the slug of a price list, the number of a contract, or the consultation and lot of
    an award; ``line`` is the row id of the line of the contract or of the consultation.

    ``since`` is the day from which the index has given a contract its price; none before the first revision.
    """

    source: PriceSource
    name: str | None = None
    line: int | None = None
    since: date | None = None

    @property
    def priced_by(self) -> PricedBy:
        """The line of a contract or of an award on which it is then bought."""
        contract = self.line if self.source is PriceSource.CONTRACT else None
        return PricedBy(contract, self.line if self.source is PriceSource.AWARD else None)

    @property
    def words(self) -> str:
        """In French, for the order form and for a control."""
        if self.source is PriceSource.AWARD:
            return f"Prix de l'offre retenue, consultation {self.name}, franco de port"
        if self.source is PriceSource.CONTRACT:
            revised = f", révisé au {self.since:%d/%m/%Y}" if self.since else ""
            return f"Prix du marché n° {self.name}, ligne {self.line}{revised}, franco de port"
        return f"Tarif {self.name}" if self.source is PriceSource.LIST else "Prix de l'offre"


OWN_PRICE = Agreement(PriceSource.OFFER)


def added_up(amounts: Iterable[Decimal]) -> Decimal:
    """Amounts rounded line by line, added."""
    return sum(amounts, NOTHING)
