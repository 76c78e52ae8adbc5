"""Use cases of standing orders: state one, stop it, and fill the baskets of a week from all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import school_calendar
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Offer
from catering.market.queries import offers
from catering.market.refusals_stock import NotEnough
from catering.moment import paris_day
from catering.orders import refusals
from catering.orders.models import MOST_PACKS, StandingFill, StandingOrder
from catering.orders.opening import (
    OpenBasket,
    close_all,
    lock_baskets,
    new_line,
    own_kitchen,
    require_packs,
    require_round,
    set_packs,
)
from catering.orders.prices import NOTHING_AGREED
from catering.orders.proposing import Acceptance, Proposal, lines_of, read_acceptance
from catering.orders.queries import standing_fills_visible_to, standing_orders_visible_to
from catering.orders.sold import BUYER, Sold, read_agreements, read_market, read_sold
from catering.orders.vocabulary import LineReason, StandingOutcome
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.procurement.refusals import AboveThreshold, BeyondAward, BeyondMaximum
from catering.refusal import Refusal

TO_SUNDAY = timedelta(days=6)
LONGEST = timedelta(days=800)
"""Two school years: beyond, the year is mistyped."""
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


Asked = tuple[StandingOrder, date]
"""A standing order and one of its days."""


class WeekFilled(NamedTuple):
    """How many days of standing orders were put into baskets, and how many would be refused when sent."""

    put: int
    refused: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A day of a standing order, what it would put into the basket, and why sending would refuse that, if it would."""

    standing: StandingOrder
    proposal: Proposal
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class StandingWish:
    """So many packs of an offer (slug) on these weekdays (Monday is 0), from one day to another, both included."""

    uai: str
    offer: str
    packs: int
    weekdays: frozenset[int]
    first_day: date
    last_day: date


async def state(session: AsyncSession, viewer: Viewer, wish: StandingWish, now: datetime) -> StandingOrder:
    """Store a standing order; it fills the baskets of the weeks to come.

    Raises:
        refusals.Refusal: the kitchen is not the viewer's, the offer is unknown or not delivered there on such a day, or
            the period cannot be.
    """
    require_packs(wish.packs)
    if not wish.weekdays:
        raise refusals.BadPeriod("aucun jour de livraison n'est donné")
    if wish.first_day > wish.last_day:
        raise refusals.BadPeriod("la fin précède le début")
    if wish.last_day < paris_day(now):
        raise refusals.BadPeriod("la fin est passée")
    if wish.last_day - wish.first_day > LONGEST:
        raise refusals.BadPeriod(f"plus de {LONGEST.days} jours : la redire chaque année")
    kitchen = await own_kitchen(session, viewer, wish.uai)
    offer: Offer | None = await session.scalar(offers(BUYER, slugs=[wish.offer]))
    if offer is None:
        raise refusals.NoSuchOffer(wish.offer)
    await _require_weekdays(session, kitchen, offer, wish, now)
    await _require_no_other(session, kitchen, offer, wish)
    row = StandingOrder(
        kitchen_id=kitchen.id,
        offer_id=offer.id,
        packs=wish.packs,
        weekdays=wish.weekdays,
        first_day=wish.first_day,
        last_day=wish.last_day,
        created_at=now,
        created_by=viewer.actor,
        ended_at=None,
    )
    session.add(row)
    await session.flush()
    session.add(_trace(viewer, row, now, None, {"packs": row.packs, "weekdays": sorted(row.weekdays)}))
    return row


async def _require_no_other(session: AsyncSession, kitchen: Kitchen, offer: Offer, wish: StandingWish) -> None:
    """Two standing orders of one offer for one day would both be filled: stated twice, it would come twice."""
    # Held: of two that are stated side by side the later one sees the earlier.
    await session.execute(kitchens_visible_to(BUYER).where(Kitchen.id == kitchen.id).with_for_update(key_share=True))
    others = await session.scalars(
        standing_orders_visible_to(BUYER).where(
            StandingOrder.kitchen_id == kitchen.id,
            StandingOrder.offer_id == offer.id,
            StandingOrder.ended_at.is_(None),
            StandingOrder.first_day <= wish.last_day,
            StandingOrder.last_day >= wish.first_day,
        )
    )
    for other in others:
        if days := sorted(set(other.weekdays) & wish.weekdays):
            raise refusals.BadPeriod(
                f"la commande permanente {other.id} couvre déjà ce produit le {FRENCH_DAYS[days[0]]} : l'arrêter"
            )


async def stop(session: AsyncSession, viewer: Viewer, standing_id: int, now: datetime) -> StandingOrder:
    """Stop a standing order; what it has put into baskets stays there.

    Raises:
        refusals.UnknownLine: there is none that the viewer may read.
        refusals.NotYourOrder: the viewer does not buy.
    """
    if not viewer.buys:
        raise refusals.NotYourOrder("la cuisine")
    statement = standing_orders_visible_to(viewer).where(StandingOrder.id == standing_id).with_for_update()
    row: StandingOrder | None = await session.scalar(statement)
    if row is None:
        raise refusals.UnknownLine(f"commande permanente {standing_id}")
    if row.ended_at is None:
        row.ended_at = now
        session.add(_trace(viewer, row, now, {"ended": False}, {"ended": True}))
    await session.flush()
    return row


async def fill_week(session: AsyncSession, viewer: Viewer, week: date, now: datetime) -> WeekFilled:
    """Put what standing orders ask for into the baskets of a week (its Monday), as far as sending would accept it.

    Every day that a standing order asks for gets its outcome. A day that was filled is never filled again, even when
    somebody has removed the line: the chef has the last word; one that was refused is tried again. Days without class
    are left out, thus holidays too. The number of statements does not depend on how many standing orders there are.
    """
    active = await _active(session, week)
    days = (await school_calendar(session, BUYER)).days(week, week + TO_SUNDAY, range(len(FRENCH_DAYS)))
    todo = [(row, day) for row in active for day in days if _asks(row, day)]
    if not todo:
        return WeekFilled(0, 0)
    opened = await _open_baskets(session, viewer, week, {row.kitchen_id for row, _ in todo}, now)
    known = await _known(session, todo)
    fresh = [each for each in todo if not _filled(known.get((each[0].id, each[1])))]
    tried = await _tried(session, week, opened, fresh, now)
    refused = [_put(session, opened, each) for each in tried]
    await close_all(session, viewer, opened.values(), now)
    for each, refusal in zip(tried, refused, strict=True):
        _record(session, known.get((each.standing.id, each.proposal.day)), each, refusal, now)
    await session.flush()
    return WeekFilled(refused.count(None), len(refused) - refused.count(None))


async def _active(session: AsyncSession, week: date) -> Sequence[StandingOrder]:
    statement = standing_orders_visible_to(BUYER).where(
        StandingOrder.ended_at.is_(None),
        StandingOrder.first_day <= week + TO_SUNDAY,
        StandingOrder.last_day >= week,
    )
    return (await session.scalars(statement.order_by(StandingOrder.id))).all()


def _asks(row: StandingOrder, day: date) -> bool:
    return row.first_day <= day <= row.last_day and day.weekday() in row.weekdays


async def _open_baskets(
    session: AsyncSession, viewer: Viewer, week: date, ids: Collection[int], now: datetime
) -> dict[int, OpenBasket]:
    """The baskets by kitchen (row id), locked: two programs that fill one week do it one after the other."""
    kitchens = await session.scalars(kitchens_visible_to(BUYER).where(Kitchen.id.in_(ids)))
    locked = await lock_baskets(session, viewer, [(kitchen, week) for kitchen in kitchens], now)
    return {each.kitchen.id: each for each in locked}


async def _known(session: AsyncSession, todo: Collection[Asked]) -> dict[tuple[int, date], StandingFill]:
    """What became so far of the days asked for, by standing order and day."""
    rows = {row.id for row, _ in todo}
    statement = standing_fills_visible_to(BUYER).where(
        StandingFill.standing_order_id.in_(rows), StandingFill.day.in_({day for _, day in todo})
    )
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return {(each.standing_order_id, each.day): each for each in found}


def _filled(known: StandingFill | None) -> bool:
    return known is not None and known.outcome is StandingOutcome.FILLED


async def _tried(
    session: AsyncSession, week: date, opened: Mapping[int, OpenBasket], todo: Sequence[Asked], now: datetime
) -> list[Tried]:
    """What each day would put into its basket, and why sending would refuse it."""
    there = {line.offer_id for basket in opened.values() for line in basket.lines.values()}
    rows = await read_market(session, week, offer_ids={*there, *(row.offer_id for row, _ in todo)})
    market = {row.Offer.id: row for row in rows}
    agreed = await read_agreements(session, [each.kitchen for each in opened.values()], week, rows, now)

    def proposal(row: StandingOrder, day: date) -> Proposal:
        kitchen = opened[row.kitchen_id].kitchen
        terms = agreed.get(kitchen.uai, NOTHING_AGREED)
        return Proposal(Sold(kitchen, week, terms, *market[row.offer_id]), day, row.packs)

    asked = [(row, proposal(row, day)) for row, day in todo]
    beside = lines_of(opened.values(), market, agreed)
    acceptance = await read_acceptance(session, [each for _, each in asked], beside, now)
    return _judged(acceptance, asked)


def _judged(acceptance: Acceptance, asked: Sequence[tuple[StandingOrder, Proposal]]) -> list[Tried]:
    """One after the other. The minimum of a delivery is left to the sending: the basket is still to be filled."""
    tried = []
    for row, proposal in asked:
        refusal = acceptance.refusal(proposal, alone=False)
        if refusal is None:
            acceptance.take(proposal)
        tried.append(Tried(row, proposal, refusal))
    return tried


def _put(session: AsyncSession, opened: Mapping[int, OpenBasket], tried: Tried) -> Refusal | None:
    """Put one day into its basket; why it is not there, if it is not."""
    if tried.refusal is not None:
        return tried.refusal
    basket, (sold, day) = opened[tried.standing.kitchen_id], (tried.proposal.sold, tried.proposal.day)
    there = basket.lines.get((sold.offer.id, day))
    packs = tried.proposal.packs + (there.packs if there else 0)
    if packs > MOST_PACKS:
        return refusals.BadQuantity(packs, 1, MOST_PACKS)
    set_packs(there or new_line(session, basket, sold, day, LineReason.STANDING), sold, packs)
    return None


OUTCOME_OF: Mapping[type[Refusal], StandingOutcome] = {
    refusals.BadQuantity: StandingOutcome.BAD_QUANTITY,
    refusals.TooLate: StandingOutcome.TOO_LATE,
    refusals.NotADeliveryDay: StandingOutcome.NOT_A_DELIVERY_DAY,
    refusals.TooFar: StandingOutcome.TOO_FAR,
    refusals.NotForSale: StandingOutcome.NOT_FOR_SALE,
    refusals.SupplierAway: StandingOutcome.SUPPLIER_AWAY,
    refusals.NotProven: StandingOutcome.NOT_PROVEN,
    refusals.NotHygienic: StandingOutcome.NOT_HYGIENIC,
    NotEnough: StandingOutcome.NOT_ENOUGH,
    AboveThreshold: StandingOutcome.ABOVE_THRESHOLD,
    BeyondMaximum: StandingOutcome.BEYOND_MAXIMUM,
    BeyondAward: StandingOutcome.BEYOND_AWARD,
}


def _outcome(refusal: Refusal) -> StandingOutcome:
    """By the nearest reason known: a finer one of another room is told as the one it is a kind of."""
    return next(OUTCOME_OF[each] for each in type(refusal).__mro__ if each in OUTCOME_OF)


def _record(
    session: AsyncSession, known: StandingFill | None, tried: Tried, refusal: Refusal | None, now: datetime
) -> None:
    outcome = StandingOutcome.FILLED if refusal is None else _outcome(refusal)
    message = None if refusal is None else str(refusal)
    if known is None:
        day, standing_id = tried.proposal.day, tried.standing.id
        session.add(StandingFill(standing_order_id=standing_id, day=day, at=now, outcome=outcome, message=message))
    elif (known.outcome, known.message) != (outcome, message):
        known.at, known.outcome, known.message = now, outcome, message


async def _require_weekdays(
    session: AsyncSession, kitchen: Kitchen, offer: Offer, wish: StandingWish, now: datetime
) -> None:
    monday = wish.first_day - timedelta(days=wish.first_day.weekday())
    (sold,) = await read_sold(session, kitchen, monday, [offer.id], now)
    for weekday in sorted(wish.weekdays):
        # Closed in its first week, it may be open in all others: filling leaves out days without class.
        require_round(sold, monday + timedelta(days=weekday), now)


def _trace(
    viewer: Viewer, row: StandingOrder, now: datetime, before: dict[str, object] | None, after: dict[str, object]
) -> ChangeEvent:
    return ChangeEvent(
        at=now, actor=viewer.actor, subject=StandingOrder.__tablename__, key=str(row.id), before=before, after=after
    )
