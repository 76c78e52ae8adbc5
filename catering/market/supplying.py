"""Use cases of quantities and days: capacity per week, the template of a year, holidays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market import refusals
from catering.market.models import Capacity, Offer, StandingAvailability, Supplier, SupplierPause
from catering.market.owning import own_offers, own_supplier
from catering.market.queries import availabilities_visible_to, capacities_visible_to, pauses_visible_to
from catering.market.rules import Supply, fill_weeks, without
from catering.market.stock import Holders, restate
from catering.market.trace import traced
from catering.people.viewer import Viewer
from catering.spelling import tidy, unfit

MOST_GRAMS = 1_000_000_000
"""A thousand tonnes a week: a larger number is a mistake of unit."""
LONGEST_PERIOD = timedelta(days=800)
MOST_STATED = 500
"""Quantities that one write may state; a page of products and some weeks are a quarter of it."""
LONGEST_REASON = 200  # legal-number: width of a database column
MONTHS = range(1, 13)


async def state_capacity(
    session: AsyncSession,
    viewer: Viewer,
    slug: str,
    first: date,
    last: date,
    grams_per_week: int | None,
    holders: Holders | None = None,
) -> Offer:
    """Say what an offer can deliver in each week of a period; outside it nothing changes. Zero sells nothing then.

    Args:
        session: of the write.
        viewer: who sells.
        slug: of the offer.
        first: first day, included.
        last: last day, included.
        grams_per_week: to all kitchens together; None is unlimited.
        holders: tells who has ordered, when more is ordered than that.

    Raises:
        refusals.Refusal: the offer is not theirs, or the period or the quantity cannot be.
        refusals_stock.BelowReservations: more is ordered already for a week of the period.
    """
    (offer,) = await own_offers(session, viewer, [slug])
    await _change_capacities(session, viewer, [Stated.of(offer, [Supply(first, last, grams_per_week)])], holders)
    return offer


async def state_capacities(
    session: AsyncSession,
    viewer: Viewer,
    supplier: str,
    stated: Mapping[str, Sequence[Supply]],
    holders: Holders | None = None,
) -> None:
    """Say what several offers of a supplier can deliver in the weeks of several periods: all of it, or nothing.

    Args:
        session: of the write.
        viewer: who sells.
        supplier: slug of the supplier.
        stated: by slug of the offer, periods and grams per week in each of them; zero sells nothing then.
        holders: tells who has ordered, when more is ordered than that.

    Raises:
        refusals.Refusal: an offer is not of that supplier or not theirs, or a period or a quantity cannot be.
        refusals_stock.BelowReservations: more is ordered already for a week of an offer.
    """
    if not 0 < sum(map(len, stated.values())) <= MOST_STATED:
        raise refusals.InvalidSupply(f"Aucune quantité, ou plus de {MOST_STATED} à la fois : en dire moins.")
    await own_supplier(session, viewer, supplier)
    offers = await own_offers(session, viewer, stated)
    if strangers := [offer.slug for offer in offers if offer.supplier.slug != supplier]:
        raise refusals.UnknownOffer(strangers)
    changes = [Stated.of(offer, stated[offer.slug]) for offer in offers]
    await _change_capacities(session, viewer, changes, holders)


async def state_availability(
    session: AsyncSession, viewer: Viewer, slug: str, months: Mapping[int, int | None]
) -> Offer:
    """Say what an offer can deliver in each week of every month, year after year; a month left out is not sold.

    It sells nothing by itself: ``fill`` makes the capacities of a period from it.

    Raises:
        refusals.Refusal: the offer is not theirs, or a month or a quantity cannot be.
    """
    (offer,) = await own_offers(session, viewer, [slug])
    if unknown := sorted(set(months) - set(MONTHS)):
        raise refusals.InvalidSupply(f"Mois {unknown[0]} inconnu : écrire de 1 (janvier) à 12 (décembre).")
    _check_grams(months.values())
    if 0 in months.values():
        raise refusals.InvalidSupply("Un mois sans vente ne s'écrit pas : le retirer de la liste.")
    template = availabilities_visible_to(viewer).where(StandingAvailability.offer_id == offer.id)
    rows = {row.month: row for row in await session.scalars(template)}
    before = {str(month): rows[month].grams_per_week for month in sorted(rows)}
    after = {str(month): months[month] for month in sorted(months)}
    if before == after:
        return offer
    for month, row in rows.items():
        if month not in months:
            await session.delete(row)
        else:
            row.grams_per_week = months[month]
    session.add_all(
        StandingAvailability(offer_id=offer.id, month=month, grams_per_week=grams)
        for month, grams in months.items()
        if month not in rows
    )
    trace = {"months": before}, {"months": after}
    session.add(traced(viewer, StandingAvailability.__tablename__, offer.slug, *trace))
    await session.flush()
    return offer


async def fill(
    session: AsyncSession, viewer: Viewer, slug: str, first: date, last: date, holders: Holders | None = None
) -> Offer:
    """Fill the weeks of a period from the offer's template; what was stated for these weeks is replaced.

    Raises:
        refusals.Refusal: the offer is not theirs, has no template, or the period cannot be.
        refusals_stock.BelowReservations: more is ordered already for a week; ``holders`` tells by whom.
    """
    (offer,) = await own_offers(session, viewer, [slug])
    _check_period(first, last)
    template = availabilities_visible_to(viewer).where(StandingAvailability.offer_id == offer.id)
    months = {row.month: row.grams_per_week for row in await session.scalars(template)}
    if not months:
        raise refusals.InvalidSupply("Cette offre n'a pas encore de disponibilité par mois : la décrire d'abord.")
    filled = Stated(offer, [(first, last)], fill_weeks(months, first, last))
    await _change_capacities(session, viewer, [filled], holders)
    return offer


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of an offer: the periods that are spoken of, days included, and what is sold in them."""

    offer: Offer
    periods: Sequence[tuple[date, date]]
    sold: Sequence[Supply]

    @classmethod
    def of(cls, offer: Offer, given: Sequence[Supply]) -> "Stated":
        """The same from quantities, of which zero is a period without sale.

        Raises:
            refusals.InvalidSupply: a period or a quantity cannot be, or two periods meet.
        """
        ordered = sorted(given, key=lambda each: each.valid_from)
        for each in ordered:
            _check_period(each.valid_from, each.valid_to)
        _check_grams(each.grams_per_week for each in ordered)
        if any(later.valid_from <= earlier.valid_to for earlier, later in pairwise(ordered)):
            raise refusals.InvalidSupply(
                f"« {offer.product} » : deux quantités pour les mêmes jours, n'en garder qu'une."
            )
        periods = [(each.valid_from, each.valid_to) for each in ordered]
        return cls(offer, periods, [each for each in ordered if each.grams_per_week != 0])

    def after(self, before: Sequence[Supply]) -> list[Supply]:
        """The capacities of the offer from now on, given those before."""
        kept = list(before)
        for first, last in self.periods:
            kept = without(kept, first, last)
        return _joined([*kept, *self.sold])


async def _change_capacities(
    session: AsyncSession, viewer: Viewer, changes: Sequence[Stated], holders: Holders | None
) -> None:
    """The one place where capacities change: what is stated for a period replaces what was there."""
    rows = await _capacities_of(session, viewer, [each.offer.id for each in changes])
    changed = []
    for each in changes:
        before = [_supply(row) for row in rows[each.offer.id]]
        if before != (after := each.after(before)):
            changed.append((each, before, after))
    if not changed:
        return
    for each, _, _ in changed:
        for row in rows[each.offer.id]:
            await session.delete(row)
    await session.flush()
    for each, before, after in changed:
        session.add_all(_row(each.offer, supply) for supply in after)
        told = {"ranges": [_told(supply) for supply in before]}, {"ranges": [_told(supply) for supply in after]}
        session.add(traced(viewer, Capacity.__tablename__, each.offer.slug, *told))
    await session.flush()
    spoken = {each.offer.id: (min(each.periods)[0], max(each.periods)[1]) for each, _, _ in changed}
    await restate(session, spoken, holders=holders)


async def _capacities_of(
    session: AsyncSession, viewer: Viewer, offers: Sequence[int]
) -> defaultdict[int, list[Capacity]]:
    """Capacities in order of date, by offer."""
    statement = capacities_visible_to(viewer).where(Capacity.offer_id.in_(offers)).order_by(Capacity.valid_from)
    found: defaultdict[int, list[Capacity]] = defaultdict(list)
    for row in await session.scalars(statement):
        found[row.offer_id].append(row)
    return found


def _row(offer: Offer, supply: Supply) -> Capacity:
    return Capacity(
        offer_id=offer.id,
        valid_from=supply.valid_from,
        valid_to=supply.valid_to,
        grams_per_week=supply.grams_per_week,
    )


def _joined(ranges: Iterable[Supply]) -> list[Supply]:
    """The ranges in order of date, those that touch and say the same made one."""
    ordered = sorted(ranges, key=lambda each: each.valid_from)
    found = ordered[:1]
    for earlier, later in pairwise(ordered):
        if earlier.valid_to + timedelta(days=1) == later.valid_from and earlier.grams_per_week == later.grams_per_week:
            found[-1] = Supply(found[-1].valid_from, later.valid_to, later.grams_per_week)
        else:
            found.append(later)
    return found


def _supply(row: Capacity) -> Supply:
    return Supply(row.valid_from, row.valid_to, row.grams_per_week)


def _told(each: Supply) -> list[str | int | None]:
    return [each.valid_from.isoformat(), each.valid_to.isoformat(), each.grams_per_week]


async def pause(
    session: AsyncSession, viewer: Viewer, supplier: str, first: date, last: date, reason: str
) -> SupplierPause:
    """Deliver nothing between two days, both included: holidays, works.

    Nothing is sold for these days any more, and the stock of the weeks stays as it is, for when the pause is taken
    back. Orders that were sent before stand: their supplier reports a failure or proposes another day.

    Raises:
        refusals.Refusal: the supplier is not theirs, the days cannot be, or another pause covers some of them.
    """
    owner = await own_supplier(session, viewer, supplier, alone=True)
    _check_period(first, last)
    if (why := unfit(reason, LONGEST_REASON)) is not None:
        raise refusals.InvalidSupply(f"Le motif {why} : écrire quelques mots.")
    other = await _pause_within(session, viewer, owner, first, last)
    if other is not None:
        raise refusals.InvalidSupply(
            f"Une pause couvre déjà du {other.first_day:%d/%m/%Y} au {other.last_day:%d/%m/%Y} : la retirer d'abord."
        )
    return await _stay_away(session, viewer, owner, first, last, reason)


async def away_on(session: AsyncSession, viewer: Viewer, supplier: str, day: date, reason: str) -> None:
    """Sell nothing more for a day on which the supplier has failed; nothing changes when a pause covers it already.

    Raises:
        refusals.Refusal: the supplier is not theirs.
    """
    owner = await own_supplier(session, viewer, supplier, alone=True)
    if await _pause_within(session, viewer, owner, day, day) is None:
        await _stay_away(session, viewer, owner, day, day, reason)


async def _pause_within(
    session: AsyncSession, viewer: Viewer, owner: Supplier, first: date, last: date
) -> SupplierPause | None:
    same_days = (SupplierPause.first_day <= last) & (first <= SupplierPause.last_day)
    of_them = pauses_visible_to(viewer).where(SupplierPause.supplier_id == owner.id, same_days)
    found: SupplierPause | None = await session.scalar(of_them.limit(1))
    return found


async def _stay_away(
    session: AsyncSession, viewer: Viewer, owner: Supplier, first: date, last: date, reason: str
) -> SupplierPause:
    row = SupplierPause(supplier_id=owner.id, first_day=first, last_day=last, reason=tidy(reason), made_by=viewer.actor)
    session.add(row)
    session.add(traced(viewer, SupplierPause.__tablename__, owner.slug, None, _away(row)))
    await session.flush()
    return row


async def resume(session: AsyncSession, viewer: Viewer, supplier: str, number: int) -> None:
    """Take a pause back: the supplier delivers on these days after all.

    Raises:
        refusals.Refusal: the supplier is not theirs, or it has no such pause.
    """
    owner = await own_supplier(session, viewer, supplier)
    own = pauses_visible_to(viewer).where(SupplierPause.supplier_id == owner.id, SupplierPause.id == number)
    row = await session.scalar(own)
    if row is None:
        raise refusals.InvalidSupply(f"Aucune pause {number} chez ce fournisseur.")
    session.add(traced(viewer, SupplierPause.__tablename__, owner.slug, _away(row), None))
    await session.delete(row)
    await session.flush()


def _away(row: SupplierPause) -> dict[str, str]:
    return {"first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat(), "reason": row.reason}


def _check_period(first: date, last: date) -> None:
    if last < first:
        raise refusals.InvalidSupply(
            f"La période finit le {last:%d/%m/%Y}, avant de commencer : corriger l'une des dates."
        )
    if last - first > LONGEST_PERIOD:
        raise refusals.InvalidSupply(f"Période de plus de {LONGEST_PERIOD.days} jours : la couper en plusieurs.")


def _check_grams(quantities: Iterable[int | None]) -> None:
    for grams in quantities:
        if grams is not None and not 0 <= grams <= MOST_GRAMS:
            raise refusals.InvalidSupply(
                f"{grams} g par semaine : donner de 0 à {MOST_GRAMS} grammes, ou rien pour une quantité sans limite."
            )
