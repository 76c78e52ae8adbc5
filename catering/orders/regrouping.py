"""What makes a basket filled from the plan fit to be sent: enough in stock, no delivery below its minimum.

A plan holds minima (docs/problem-format.md, MIN_DROP), but orders differ from it: left-overs are used first, stock runs
out, a supplier is away. A delivery that becomes small is made up when little is missing; else its goods are bought of
who comes anyway. Only lines that the plan put in are touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.filling import DropKey, Drops, Market, ordered_already
from catering.orders.models import Basket, BasketLine
from catering.orders.opening import LineKey, OpenBasket, Place, add_need, close, open_basket, own_kitchen, set_packs
from catering.orders.rules import NOTHING, label_lost, least_of, packs_for
from catering.orders.sold import Sold, cheapest_first, read_alternatives
from catering.orders.vocabulary import LineReason
from catering.people.viewer import Viewer

LITTLE = Decimal("0.25")  # legal-number: share of a minimum that is rather made up than bought elsewhere
MOST_EXTRA = 100
"""Packs beyond which a made-up delivery would be absurd."""


@dataclass(frozen=True, slots=True)
class Move:
    """Grams of a need that another offer takes, delivered on a day."""

    sold: Sold
    day: date
    grams: int


async def regroup(session: AsyncSession, viewer: Viewer, place: Place, now: datetime) -> Basket:
    """Make a basket fit to be sent, as far as the market allows; what cannot be mended stays for its buyer to see.

    Args:
        session: of the caller's transaction.
        viewer: who buys.
        place: the basket, at the version they saw.
        now: with its zone.

    Raises:
        catering.orders.refusals.Refusal: the kitchen is not the viewer's, or the basket changed.
    """
    kitchen = await own_kitchen(session, viewer, place.uai)
    opened = await open_basket(session, viewer, kitchen, place, now)
    bought = {offer_id for offer_id, _ in opened.lines}
    market = {each.offer.id: each for each in await read_alternatives(session, kitchen, place.week, bought, now)}
    coming = await ordered_already(session, kitchen, place.week)
    await mend(session, opened, market, coming.drops, now)
    return await close(session, viewer, opened, now)


async def mend(session: AsyncSession, opened: OpenBasket, market: Market, ordered: Drops, now: datetime) -> None:
    """The same of a basket that is open already.

    Args:
        session: of the caller's transaction.
        opened: the basket.
        market: by offer (row id), all that is sold of the ingredients of its lines.
        ordered: € excl. tax that the kitchen has ordered already.
        now: with its zone.
    """
    if opened.lines:
        with session.no_autoflush:
            await Mending(session, opened, market, ordered, now).mend()


@dataclass(slots=True)
class Mending:
    """A basket while it is mended. ``market``: by offer (row id); ``ordered``: € that drops hold in orders already."""

    session: AsyncSession
    opened: OpenBasket
    market: Market
    ordered: Drops
    now: datetime

    async def mend(self) -> None:
        """What is not in stock first, then the small deliveries, the smallest first."""
        for key in sorted(self._planned()):
            await self._keep_within_stock(key)
        for drop in sorted(self._small(), key=lambda each: (self._amount(each), each)):
            if self._amount(drop) < self._least(drop) and not self._made_up(drop):
                await self._move_away(drop)

    def _planned(self) -> Iterable[LineKey]:
        return [key for key, line in self.opened.lines.items() if line.reason is LineReason.PLAN]

    def _small(self) -> list[DropKey]:
        drops = {(self.market[offer].supplier.id, day) for offer, day in self.opened.lines}
        return [drop for drop in drops if self._amount(drop) < self._least(drop)]

    def _lines(self, drop: DropKey) -> dict[LineKey, BasketLine]:
        supplier, day = drop
        lines = self.opened.lines.items()
        return {key: line for key, line in lines if key[1] == day and self.market[key[0]].supplier.id == supplier}

    def _amount(self, drop: DropKey) -> Decimal:
        lines = self._lines(drop).items()
        here = sum((self.market[offer].priced(line.packs, day).amount for (offer, day), line in lines), NOTHING)
        return here + self.ordered.get(drop, NOTHING)

    def _least(self, drop: DropKey) -> Decimal:
        lines = self._lines(drop)
        (offer, _), *_others = lines
        return least_of(self.market[offer].supplier, lines.values())

    def _room(self, sold: Sold) -> int | None:
        """Packs of an offer that may still be added; None for any number."""
        held = sum(line.packs for (offer, _), line in self.opened.lines.items() if offer == sold.offer.id)
        left = sold.packs_left()
        return None if left is None else left - held

    async def _keep_within_stock(self, key: LineKey) -> None:
        """Buy what is left of an offer, and the rest of the need elsewhere; the line stays when nobody else has it."""
        sold, line = self.market[key[0]], self.opened.lines[key]
        room = self._room(sold)
        if room is None or room >= 0:
            return
        kept = max(line.packs + room, 0)
        missing = line.planned_g - kept * sold.offer.pack_g
        move = self._elsewhere(sold, missing) if missing > 0 else None
        if missing > 0 and move is None:
            return
        line.planned_g -= max(missing, 0)
        if kept:
            set_packs(line, sold, kept)
        else:
            await self._take_out(key)
        if move is not None:
            self._buy(move)

    def _made_up(self, drop: DropKey) -> bool:
        """Whether a few more packs of the cheapest pack have reached the minimum."""
        gap = self._least(drop) - self._amount(drop)
        if gap > self._least(drop) * LITTLE:
            return False
        planned = [key for key in self._planned() if key in self._lines(drop)]
        for offer, day in sorted(planned, key=lambda key: (self.market[key[0]].priced(1, key[1]).amount, key)):
            sold, line = self.market[offer], self.opened.lines[offer, day]
            packs = int((gap / sold.priced(1, day).amount).to_integral_value(ROUND_CEILING))
            room = self._room(sold)
            if packs <= MOST_EXTRA and (room is None or packs <= room):
                set_packs(line, sold, line.packs + packs)
                return True
        return False

    async def _move_away(self, drop: DropKey) -> None:
        """Buy all of a delivery of others, or leave it as it is."""
        lines = self._lines(drop)
        if any(line.reason is not LineReason.PLAN for line in lines.values()):
            return
        moves: list[Move] = []
        for (offer, _), line in sorted(lines.items()):
            sold = self.market[offer]
            move = self._elsewhere(sold, min(line.planned_g, line.packs * sold.offer.pack_g), moves)
            if move is None:
                return
            moves.append(move)
        for key in lines:
            await self._take_out(key)
        for move in moves:
            self._buy(move)

    def _elsewhere(self, given_up: Sold, grams: int, besides: Sequence[Move] = ()) -> Move | None:
        """The offer of another supplier that can take a need, and whose delivery then reaches its minimum.

        What has the same label comes first, then any label for a label (EGAlim), then the cheapest.
        """
        days, label = self._days(), given_up.offer.label
        others = [
            (each, days.get(each.supplier.id) or each.day_for(self.now))
            for each in self.market.values()
            if each.offer.ingredient_id == given_up.offer.ingredient_id
            and each.supplier.id != given_up.supplier.id
            and each.reaches
        ]
        known = [(each, day) for each, day in others if day is not None and each.proven_on(day)]
        on = {each.offer.id: day for each, day in known}

        for sold in sorted(cheapest_first(known), key=lambda each: label_lost(label, each.offer.label)):
            day = on[sold.offer.id]
            if self._fits(sold, day, grams, besides):
                return Move(sold, day, grams)
        return None

    def _fits(self, sold: Sold, day: date, grams: int, besides: Sequence[Move]) -> bool:
        """Whether an offer can take a need beside other moves, and its delivery is then worth its minimum."""
        packs, room, drop = packs_for(grams, sold.offer.pack_g), self._room(sold), (sold.supplier.id, day)
        held = sum(packs_for(each.grams, sold.offer.pack_g) for each in besides if each.sold is sold)
        if room is not None and packs > room - held:
            return False
        if not self._lines(drop):
            return self.ordered.get(drop, NOTHING) + sold.priced(packs, day).amount >= sold.supplier.min_drop_eur
        return self._amount(drop) + sold.priced(packs, day).amount >= self._least(drop)

    def _days(self) -> Mapping[int, date]:
        """On which day each supplier of the basket brings most."""
        amounts: dict[int, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for (offer, day), line in self.opened.lines.items():
            amounts[self.market[offer].supplier.id][day] += self.market[offer].priced(line.packs, day).amount
        return {supplier: max(days, key=lambda day: (days[day], day)) for supplier, days in amounts.items()}

    def _buy(self, move: Move) -> None:
        add_need(self.session, self.opened, move.sold, move.day, move.grams, LineReason.PLAN)

    async def _take_out(self, key: LineKey) -> None:
        line = self.opened.lines.pop(key)
        if inspect(line).pending:
            self.session.expunge(line)
        else:
            await self.session.delete(line)
