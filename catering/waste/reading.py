"""Reads what the weighings of kitchens rest on, in a fixed number of statements, and works the results out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, extract, func

from catering.graph.request import Request
from catering.kitchens.calendar import CalendarUnknownError
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, service_days_by_uai
from catering.moment import today
from catering.receiving.models import StockLot, StockMove
from catering.receiving.queries_stock import lots, moves_visible_to
from catering.receiving.vocabulary import MoveKind
from catering.waste.loaders import SiteByKitchenId
from catering.waste.models import BiowasteNote, ServiceCovers, WasteDiagnostic, WasteSite, WeighingCampaign
from catering.waste.queries import CAMPAIGN_KEY, campaigns, covers, summed, weighings
from catering.waste.queries_diagnostic import agreements, biowaste, diagnostics
from catering.waste.rules.duties import SiteFacts, meals_of
from catering.waste.rules.figures import CARE
from catering.waste.rules.kept import ProtocolKept, protocol_kept, services_of
from catering.waste.rules.result import Result, result
from catering.waste.vocabulary import BiowasteStream, KitchenKind, Service, Stage

YEAR = timedelta(days=365)
ML_PER_L = 1000
MOST_CAMPAIGNS = 20  # legal-number: campaigns of a history, years of them


@dataclass(frozen=True, slots=True)
class Measured:
    """What one kitchen weighed on some days. ``rows`` are weighings added up (``queries.SUMMED`` and ``net_g``).

    Of one service, ``rows`` are its own bins at table: preparation is of the whole day, its part is in ``result``.
    """

    kitchen: Kitchen
    site: WasteSite | None
    first: date
    last: date
    rows: Sequence[Any]
    covers: Sequence[ServiceCovers]
    result: Result

    @property
    def kind(self) -> KitchenKind:
        """What kind of establishment: a collège unless it said otherwise."""
        return KitchenKind.COLLEGE if self.site is None else self.site.kind


async def measured(
    request: Request, uai: str, first: date, last: date, service: Service | None = None
) -> Measured | None:
    """What a kitchen weighed from ``first`` to ``last``; None when the viewer may not read the kitchen."""
    kitchen: Kitchen | None = await request.one(kitchens(request.viewer, uais=[uai]))
    if kitchen is None:
        return None
    site = await request.loader(SiteByKitchenId).load(kitchen.id)
    asked = {"kitchen_ids": [kitchen.id], "first": first, "last": last}
    rows = await request.rows(summed(weighings(request.viewer, **asked)))  # type: ignore[arg-type]
    counted = await request.objects(covers(request.viewer, **asked))  # type: ignore[arg-type]
    if service is None:
        return Measured(kitchen, site, first, last, rows, counted, result(rows, counted, every=services_at(site)))
    own = [row for row in rows if row.service is service and row.stage is not Stage.PREPARATION]
    ate = [row for row in counted if row.service is service]
    return Measured(kitchen, site, first, last, own, ate, result(rows, counted, only=service))


def services_at(site: WasteSite | None) -> frozenset[Service]:
    """Services that a day must have weighed in an establishment to be complete."""
    if site is None:
        return frozenset()
    return services_of(site.kind, [Service(each) for each in site.services or ()])


async def kept(request: Request, found: Measured) -> ProtocolKept:
    """How what was weighed stands to the protocol of its kind, with the days that lack; few statements."""
    if found.kind in CARE:
        served: list[date] | None = [
            found.first + timedelta(days=n) for n in range((found.last - found.first).days + 1)
        ]
    else:
        served = await _days_of_class(request, found)
    return protocol_kept(found.kind, found.result, served, found.last, today())


async def _days_of_class(request: Request, found: Measured) -> list[date] | None:
    async with request.reading() as session:
        try:
            days = await service_days_by_uai(session, request.viewer, found.first, found.last, uais=[found.kitchen.uai])
        except CalendarUnknownError:
            return None
    return [each.day for each in days.get(found.kitchen.uai, [])]


async def current_period(request: Request, uai: str) -> tuple[date, date]:
    """First and last day of the campaign of a kitchen that began last, under way or over; the last year without one."""
    begun = campaigns(request.viewer, uai=uai).where(WeighingCampaign.first_day <= today())
    newest = begun.order_by(*(column.desc() for column in CAMPAIGN_KEY)).limit(1)
    found: WeighingCampaign | None = await request.one(newest)
    return (today() - YEAR, today()) if found is None else (found.first_day, found.last_day)


async def history(
    request: Request, kitchen: Kitchen, *, before: date | None = None, year: int | None = None
) -> list[Measured]:
    """The campaigns of a kitchen, oldest first: all of a year, else the latest twenty at most.

    Args:
        request: on whose behalf.
        kitchen: whose.
        before: only those that ended before this day.
        year: only those that began in this civil year.
    """
    statement = campaigns(request.viewer, uai=kitchen.uai)
    if year is not None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        statement = statement.where(WeighingCampaign.first_day >= first, WeighingCampaign.first_day <= last)
    if before is not None:
        statement = statement.where(WeighingCampaign.last_day < before)
    newest = statement.order_by(*(column.desc() for column in CAMPAIGN_KEY))
    if year is None:
        newest = newest.limit(MOST_CAMPAIGNS)
    found = sorted(await request.objects(newest), key=lambda row: row.first_day)
    if not found:
        return []
    asked = {"kitchen_ids": [kitchen.id], "first": found[0].first_day, "last": found[-1].last_day}
    rows = await request.rows(summed(weighings(request.viewer, **asked)))  # type: ignore[arg-type]
    counted = await request.objects(covers(request.viewer, **asked))  # type: ignore[arg-type]
    site = await request.loader(SiteByKitchenId).load(kitchen.id)
    return [_within(kitchen, site, each.first_day, each.last_day, rows, counted) for each in found]


def _within(
    kitchen: Kitchen,
    site: WasteSite | None,
    first: date,
    last: date,
    rows: Iterable[Any],
    counted: Iterable[ServiceCovers],
) -> Measured:
    some = [row for row in rows if first <= row.day <= last]
    ate = [row for row in counted if first <= row.day <= last]
    return Measured(kitchen, site, first, last, some, ate, result(some, ate, every=services_at(site)))


async def of_all(
    request: Request, first: date, last: date, epci: str | None, kind: KitchenKind | None = None
) -> list[Measured]:
    """What every kitchen that the viewer may read weighed, those that weighed nothing left out; four statements.

    Each is read by what it is: a day of a place of care counts only with all of its meals.
    """
    places = await request.objects(kitchens(request.viewer, epci=epci).order_by(Kitchen.uai))
    rows = await request.rows(summed(weighings(request.viewer, epci=epci, first=first, last=last)))
    by_kitchen: Mapping[int, list[Any]] = defaultdict(list)
    ate: Mapping[int, list[ServiceCovers]] = defaultdict(list)
    for row in rows:
        by_kitchen[row.kitchen_id].append(row)
    # Covers are counted every day in every kitchen; few weigh.
    asked = covers(request.viewer, kitchen_ids=sorted(by_kitchen), first=first, last=last)
    for each in await request.objects(asked):
        ate[each.kitchen_id].append(each)
    there = [place for place in places if place.id in by_kitchen]
    sites = await request.loader(SiteByKitchenId).load_many([place.id for place in there])
    found = [
        _within(place, site, first, last, by_kitchen[place.id], ate[place.id])
        for place, site in zip(there, sites, strict=True)
    ]
    return [each for each in found if kind is None or each.kind is kind]


async def stock_losses(request: Request, uai: str, first: date, last: date) -> Sequence[Any]:
    """What was thrown away on the shelves, noted in receiving: ``ingredient_id, grams``, the heaviest first.

    It is followed beside the weighings (GAS-11) and never added to them.
    """
    own = lots(request.viewer, uai=uai).with_only_columns(StockLot.id)
    lost = moves_visible_to(request.viewer).where(
        StockMove.kind == MoveKind.LOSS, StockMove.day >= first, StockMove.day <= last, StockMove.lot_id.in_(own)
    )
    grams = (-func.sum(StockMove.grams)).label("grams")
    by_ingredient = (
        lost.join(StockLot, StockLot.id == StockMove.lot_id)
        .with_only_columns(StockLot.ingredient_id, grams)
        .group_by(StockLot.ingredient_id)
        .order_by(grams.desc(), StockLot.ingredient_id)
    )
    return await request.rows(by_ingredient)


async def latest_diagnostic(request: Request, uai: str, version: int | None = None) -> WasteDiagnostic | None:
    """A version of the diagnostic of a kitchen, the latest by default."""
    found: WasteDiagnostic | None = await request.one(diagnostics(request.viewer, uai, version))
    return found


async def facts(request: Request, kitchen: Kitchen, on: date, busiest: int | None) -> SiteFacts:
    """What is known of an establishment on a day; ``busiest`` are its planned covers on its fullest weekday."""
    viewer = request.viewer
    site = await request.loader(SiteByKitchenId).load(kitchen.id)
    by_then = diagnostics(viewer, kitchen.uai).where(WasteDiagnostic.written_on <= on)
    written = await request.one(by_then)
    held = await request.objects(agreements(viewer, kitchen.id))
    notes: Sequence[BiowasteNote] = await request.objects(
        biowaste(viewer, kitchen.id, first=on - YEAR, last=on, stream=BiowasteStream.USED_OIL)
    )
    return SiteFacts(
        diagnosed=written is not None,
        measured=written is not None and written.measured_from is not None,
        meals_per_day=meals_of(None if site is None else site.meals_per_day, busiest),
        many_meals_since=None if site is None else site.many_meals_since,
        agreements_proposed=len([each for each in held if each.stands(on)]),
        agreements_held=len([each for each in held if each.holds(on)]),
        authorised=any(each.authority for each in held if each.stands(on)),
        sorted_since=None if site is None else site.biowaste_sorted_since,
        oil_ml=sum(note.quantity for note in notes),
        oil_stated_ml=None if site is None or site.oil_l_per_year is None else site.oil_l_per_year * ML_PER_L,
    )


async def biowaste_sums(request: Request, kitchen_id: int, first: date, last: date) -> Sequence[Any]:
    """What left apart, added up net of what was taken back: ``year, stream, treatment, quantity, times``."""
    year = extract("year", BiowasteNote.day).label("year")
    key = year, BiowasteNote.stream, BiowasteNote.treatment
    times = func.sum(case((BiowasteNote.reverses_id.is_(None), 1), else_=-1)).label("times")
    quantity = func.sum(BiowasteNote.quantity).label("quantity")
    notes = biowaste(request.viewer, kitchen_id, first=first, last=last)
    return await request.rows(notes.with_only_columns(*key, quantity, times).group_by(*key).order_by(*key))
