"""Reads what is declared of a kitchen's year, as the viewer may read it, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.checks import Check, Doubt, Facts, Unreasoned, checks
from catering.declarations.figures import Figures, Part, figures_of, parts_of
from catering.declarations.meals import Meals, meals_of
from catering.declarations.models import Declaration, Satellite
from catering.declarations.queries import declarations, doubts, invoices_by_state, satellites
from catering.kitchens.calendar import CalendarUnknownError, ServiceDay
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import school_calendar, service_days_by_uai
from catering.moment import today
from catering.people.viewer import Viewer
from catering.purchases.models import Canteen
from catering.purchases.queries import canteens_visible_to
from catering.purchases.summing import tallies
from catering.purchases.third_country import bought_abroad
from catering.receiving.vocabulary import InvoiceState
from catering.rules.egalim_year import Tally

WAITING = (InvoiceState.RECEIVED, InvoiceState.DISPUTED)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a year would declare today, and what stands in the way."""

    kitchen: Kitchen
    year: int
    canteen: Canteen | None
    tally: Tally
    figures: Figures
    satellites: Sequence[Satellite]
    parts: Sequence[Part]
    checks: Sequence[Check]
    meals: Meals | None
    """None while the school calendar does not cover the year."""
    declared: Sequence[Declaration]
    """Its versions, the latest first."""

    @property
    def latest(self) -> Declaration | None:
        """What was declared last."""
        return self.declared[0] if self.declared else None

    @property
    def version(self) -> int:
        """Of what was declared last; 0 before."""
        return 0 if self.latest is None else self.latest.version


async def draft_of(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, year: int, tally: Tally | None = None
) -> Draft:
    """The year of a kitchen that the viewer may read.

    Args:
        session: of the read.
        viewer: on whose behalf.
        kitchen: whose year it is.
        year: civil year.
        tally: its purchases, when they are read already.
    """
    if tally is None:
        tally = (await tallies(session, viewer, year, kitchen_ids=[kitchen.id])).get(kitchen.id, {})
    mine = canteens_visible_to(viewer).where(Canteen.kitchen_id == kitchen.id)
    canteen: Canteen | None = await session.scalar(mine)
    served = list(await session.scalars(satellites(viewer, year, [kitchen.id])))
    figures = figures_of(tally, year)
    served_on, known = await _service(session, viewer, kitchen, year)
    meals = meals_of(served_on, [each.yearly_meals for each in served]) if known else None
    waiting, rejected = await _invoices(session, viewer, kitchen, year)
    facts = Facts(
        year=year,
        today=today(),
        siret=None if canteen is None else canteen.siret,
        tally=tally,
        figures=figures,
        doubts=[Doubt(*row) for row in await session.execute(doubts(viewer, kitchen.id, year))],
        unreasoned=[
            Unreasoned(each.product, each.amount, each.blocking)
            for each in await bought_abroad(session, viewer, year, kitchen_ids=[kitchen.id])
            if each.reason is None
        ],
        waiting_invoices=waiting,
        rejected_invoices=rejected,
        service=[each.day for each in served_on],
        calendar_known=known,
        meals=meals,
        restaurants=[(each.name, each.yearly_meals) for each in served],
    )
    declared = list(await session.scalars(declarations(viewer, year=year, kitchen_ids=[kitchen.id])))
    parts = parts_of(tally, year, served)
    return Draft(kitchen, year, canteen, tally, figures, served, parts, checks(facts), meals, declared)


async def _invoices(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, year: int) -> tuple[int, int]:
    """How many invoices wait, and how many were rejected."""
    rows = await session.execute(invoices_by_state(viewer, kitchen.id, year))
    found: dict[InvoiceState, int] = {state: number for state, number in rows}  # noqa: C416 - rows are no pairs
    return sum(found.get(state, 0) for state in WAITING), found.get(InvoiceState.REJECTED, 0)


async def _service(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, year: int) -> tuple[list[ServiceDay], bool]:
    """Days on which a kitchen served in a civil year, and whether the school calendar covers all of it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    spans = (await school_calendar(session, viewer)).years
    # Classes begin in September: a civil year is the end of one school year and the beginning of the next.
    ended = any(span.first_day < first <= span.last_day for span in spans)
    begun = any(first < span.first_day <= last < span.last_day for span in spans)
    try:
        days = await service_days_by_uai(session, viewer, first, last, uais=[kitchen.uai])
    except CalendarUnknownError:
        return [], False
    return list(days[kitchen.uai]), ended and begun
