"""The civil year before the story: SIRETs, and purchases as the plan buys, so that the year can be declared."""

import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from stdnum import luhn

from catering.demonstration.cast import ADMINISTRATION
from catering.demonstration.stage import Stage, Weeks
from catering.documents.models import FileKind
from catering.documents.service import keep_document
from catering.figures import euros
from catering.kitchens.calendar import SATURDAY, SchoolCalendar, week_of
from catering.kitchens.queries import school_calendar
from catering.moment import today
from catering.planning.models import SourcedLine
from catering.planning.queries import lines
from catering.purchases.exporting import BY_SIRET, Line, export_rows, writing
from catering.purchases.importing import import_purchases
from catering.purchases.models import Canteen, OriginZone, PurchaseImport, PurchaseLine, PurchaseSource
from catering.purchases.provenance import is_local
from catering.purchases.queries import canteens_visible_to, purchases_visible_to
from catering.purchases.registering import Wish, register_all
from catering.purchases.service import circuit_court
from catering.recipes.vocabulary import Family
from catering.rules import law
from catering.rules.zones import zone_of

INVENTED_NIC = "9999"
"""First four digits of the five that tell establishments apart: no collège has ten thousand of them."""
A_YEAR = timedelta(weeks=52)
MOST_BYTES = 100_000_000


class _Kind(NamedTuple):
    """What one line of the history adds up: a supplier's deliveries of a month that ma-cantine counts alike."""

    kitchen: int
    month: date
    supplier: int
    family: Family
    label: str
    zone: OriginZone | None
    local: bool


async def tell_the_year(session: AsyncSession, stage: Stage, weeks: Weeks) -> list[str]:
    """Give every kitchen of the plan its SIRET, and the purchases of the year before its deliveries are told.

    Purchases are those of the plan in the same weeks (of a week that the plan does not hold: of the nearest to it one
    year later), a line per supplier, month and kind; they enter the ledger as a file. Told once per school year.

    Returns:
        What was told, in French, a line each.
    """
    name = f"historique-demonstration-{stage.school_year.label}.csv"
    await _name_kitchens(session, stage)
    mine = select(PurchaseImport.id).where(PurchaseImport.name == name, PurchaseImport.actor == ADMINISTRATION.actor)
    if await session.scalar(mine) is not None:
        return []
    calendar = await school_calendar(session, ADMINISTRATION)
    until = await _untold(session, stage, weeks)
    bought = await _bought(session, stage, calendar, until)
    if not bought:
        return []
    sirets = {row.kitchen_id: row.siret for row in await session.scalars(canteens_visible_to(ADMINISTRATION))}
    file = io.BytesIO()
    with writing(file, BY_SIRET, FileKind.CSV) as add:
        add(export_rows((sirets[kind.kitchen], _line(stage, kind, *sums)) for kind, sums in bought.items()))
    sent = await keep_document(session, ADMINISTRATION, name, file.getvalue(), most_bytes=MOST_BYTES)
    made = await import_purchases(session, ADMINISTRATION, sent.id)
    return [
        f"Historique d'achats (inventé, fichier {name}) : {made.file.lines} lignes, "
        f"{euros(made.file.amount_excl_tax)} HT, "
        f"dans {len({kind.kitchen for kind in bought})} cuisines."
    ]


async def _name_kitchens(session: AsyncSession, stage: Stage) -> None:
    """Invented SIRETs, of the SIREN of each collège; who was told otherwise stays as told."""
    known = set(await session.scalars(canteens_visible_to(ADMINISTRATION).with_only_columns(Canteen.kitchen_id)))
    unnamed = [each for each in stage.kitchens if each.id not in known and each.siren]
    wishes = {line: Wish(each.uai, invented_siret(each.siren or "")) for line, each in enumerate(unnamed, start=1)}
    await register_all(session, ADMINISTRATION, wishes)


def invented_siret(siren: str) -> str:
    """A SIRET that no establishment has and whose key is right."""
    digits = siren + INVENTED_NIC
    return digits + str(luhn.calc_check_digit(digits))


async def _untold(session: AsyncSession, stage: Stage, weeks: Weeks) -> Mapping[int, date]:
    """Monday of the first week whose purchases are told otherwise, by kitchen."""
    present = week_of(today())
    told = {each.id for each in stage.told_kitchens}
    of_receptions = purchases_visible_to(ADMINISTRATION).where(PurchaseLine.source == PurchaseSource.RECEPTION)
    first = of_receptions.with_only_columns(PurchaseLine.kitchen_id, func.min(PurchaseLine.bought_on))
    until = {each.id: min(weeks.every[0], present) if each.id in told else present for each in stage.kitchens}
    for kitchen, day in await session.execute(first.group_by(PurchaseLine.kitchen_id)):
        if kitchen in until:
            until[kitchen] = min(until[kitchen], week_of(day))
    return until


async def _bought(
    session: AsyncSession, stage: Stage, calendar: SchoolCalendar, until: Mapping[int, date]
) -> dict[_Kind, tuple[date, Decimal]]:
    """Day of the last delivery and € excl. tax by kind."""
    start = date(stage.school_year.first_day.year, 1, 1)
    lived = _first_days(calendar.days(start, max(until.values()) - timedelta(days=1), range(SATURDAY)))
    replayed = _replayed(lived, stage.planned_weeks)
    every = lines(ADMINISTRATION, stage.run_id).where(SourcedLine.week.in_(replayed))
    columns = (SourcedLine.kitchen_id, SourcedLine.week, SourcedLine.offer_id, SourcedLine.amount)
    communes = {each.id: each.insee for each in stage.kitchens}
    found: dict[_Kind, tuple[date, Decimal]] = {}
    for kitchen, week, offer, amount in await session.execute(every.with_only_columns(*columns)):
        for day in replayed[week]:
            if day < until[kitchen]:
                kind = _kind(stage, communes[kitchen], kitchen, offer, day)
                last, sum_so_far = found.get(kind, (day, Decimal(0)))
                found[kind] = max(last, day), sum_so_far + amount
    return found


def _first_days(days: Iterable[date]) -> list[date]:
    """First day of class of each week."""
    weeks: dict[date, date] = {}
    for day in days:
        weeks.setdefault(week_of(day), day)
    return list(weeks.values())


def _replayed(days: Iterable[date], planned: Collection[date]) -> Mapping[date, list[date]]:
    """By week of the plan, the first days of the weeks that buy as it does."""
    found: dict[date, list[date]] = defaultdict(list)
    for day in days:
        week = week_of(day)
        wanted = week if week in planned else week + A_YEAR
        found[min(planned, key=lambda each: (abs(each - wanted), each))].append(day)
    return found


def _kind(stage: Stage, commune: str, kitchen: int, offer_id: int, day: date) -> _Kind:
    offer = stage.offers[offer_id]
    zone = zone_of(offer.origin_country, day)
    family = stage.ingredients[offer.ingredient_id].family
    return _Kind(
        kitchen,
        day.replace(day=1),
        offer.supplier_id,
        family,
        offer.label or "",
        OriginZone(zone) if zone else None,
        is_local(stage.suppliers[offer.supplier_id], commune, offer.origin, offer.origin_country),
    )


def _line(stage: Stage, kind: _Kind, day: date, amount: Decimal) -> Line:
    supplier = stage.suppliers[kind.supplier]
    family = law().tables.families[kind.family].french_name
    return Line(
        kitchen_id=kind.kitchen,
        product=f"{family} : livraisons de {day:%m/%Y} (démonstration)",
        bought_on=day,
        invoiced_on=None,
        amount_excl_tax=amount,
        family=kind.family,
        sign=kind.label,
        labels=kind.label,
        origin_zone=kind.zone,
        circuit_court=circuit_court(supplier.kind),
        local=kind.local,
        local_definition=None,
        local_km=None,
        seller=supplier.name,
    )
