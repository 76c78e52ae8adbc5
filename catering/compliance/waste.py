"""The waste cells: the duties of each establishment that concern it, read for all in five statements."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell
from catering.kitchens.models import KitchenCovers
from catering.kitchens.queries import covers_visible_to
from catering.people.viewer import Viewer
from catering.waste.models import BiowasteNote, DonationAgreement, WasteDiagnostic, WasteSite
from catering.waste.queries_diagnostic import (
    agreements_visible_to,
    biowaste_visible_to,
    diagnostics_visible_to,
    sites_visible_to,
)
from catering.waste.reading import ML_PER_L, YEAR
from catering.waste.rules.duties import DutyState, SiteFacts, WasteDuty, duties, meals_of
from catering.waste.vocabulary import BiowasteStream

STATUS = {
    DutyState.DONE: CellStatus.HELD,
    DutyState.TO_DO: CellStatus.MISSED,
    DutyState.UNKNOWN: CellStatus.NO_DATA,
}
"""A duty that does not concern an establishment has no cell."""


@dataclass(slots=True)
class _Known:
    """What was read, by kitchen number."""

    diagnosed: Mapping[int, bool] = field(default_factory=dict)
    """Whether some version of the diagnostic names a period of weighings; none is written where there is no entry."""
    busiest: Mapping[int, int] = field(default_factory=dict)
    sites: Mapping[int, WasteSite] = field(default_factory=dict)
    agreements: dict[int, list[DonationAgreement]] = field(default_factory=lambda: defaultdict(list))
    oil: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def facts(self, kitchen: int, on: date) -> SiteFacts:
        """What is known of one establishment on a day."""
        site, held = self.sites.get(kitchen), self.agreements.get(kitchen, [])
        return SiteFacts(
            diagnosed=kitchen in self.diagnosed,
            measured=self.diagnosed.get(kitchen, False),
            meals_per_day=meals_of(None if site is None else site.meals_per_day, self.busiest.get(kitchen)),
            many_meals_since=None if site is None else site.many_meals_since,
            agreements_proposed=len([each for each in held if each.stands(on)]),
            authorised=any(each.authority for each in held if each.stands(on)),
            agreements_held=len([each for each in held if each.holds(on)]),
            sorted_since=None if site is None else site.biowaste_sorted_since,
            oil_ml=self.oil.get(kitchen, 0),
            oil_stated_ml=None if site is None or site.oil_l_per_year is None else site.oil_l_per_year * ML_PER_L,
        )


async def waste_cells(
    session: AsyncSession, viewer: Viewer, today: date, kitchen_ids: Collection[int]
) -> list[GridCell]:
    """One cell per kitchen and duty that concerns it; five statements."""
    known = await _read(session, viewer, today)
    return [cell for number in kitchen_ids for cell in _of_kitchen(number, known.facts(number, today), today)]


async def _read(session: AsyncSession, viewer: Viewer, on: date) -> _Known:
    known = _Known()
    written = diagnostics_visible_to(viewer).where(WasteDiagnostic.written_on <= on)
    measured = func.max(case((WasteDiagnostic.measured_from.is_(None), 0), else_=1))
    by_kitchen = written.with_only_columns(WasteDiagnostic.kitchen_id, measured).group_by(WasteDiagnostic.kitchen_id)
    known.diagnosed = {number: bool(some) for number, some in await session.execute(by_kitchen)}
    most = func.max(KitchenCovers.covers)
    covers = covers_visible_to(viewer).with_only_columns(KitchenCovers.kitchen_id, most)
    known.busiest = dict((await session.execute(covers.group_by(KitchenCovers.kitchen_id))).tuples().all())
    known.sites = {each.kitchen_id: each for each in await session.scalars(sites_visible_to(viewer))}
    for agreement in await session.scalars(agreements_visible_to(viewer)):
        known.agreements[agreement.kitchen_id].append(agreement)
    oil: Select[Any] = biowaste_visible_to(viewer).where(
        BiowasteNote.stream == BiowasteStream.USED_OIL, BiowasteNote.day.between(on - YEAR, on)
    )
    columns = (BiowasteNote.kitchen_id, BiowasteNote.quantity)
    for kitchen, quantity in await session.execute(oil.with_only_columns(*columns)):
        known.oil[kitchen] += quantity
    return known


def _of_kitchen(number: int, facts: SiteFacts, today: date) -> Iterator[GridCell]:
    for duty in duties(facts, today):
        if duty.state is DutyState.NOT_CONCERNED:
            continue
        counted = duty.stated is not None
        yield GridCell(
            kitchen_id=number,
            kind=CellKind.WASTE,
            rule=duty.rule,
            status=STATUS[duty.state],
            value=duty.stated if counted else Decimal(duty.state is DutyState.DONE),
            least=None if counted else Decimal(1),
            most=duty.limit,
            unit=CellUnit(duty.unit) if counted and duty.unit else CellUnit.DONE,
            first=today - YEAR,
            last=today,
            cures=_cures(duty),
        )


def _cures(duty: WasteDuty) -> tuple[Cure, ...]:
    return () if duty.state is not DutyState.TO_DO else (Cure(True, Decimal(0), None, duty.told),)
