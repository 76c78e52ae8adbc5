"""The cells of the plan to diversify proteins: of each kitchen that owes one, or of which nobody knows (VEG-10)."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell
from catering.menus.protein_plans import RULE, PlanStanding, standings
from catering.people.viewer import Viewer


async def protein_plan_cells(
    session: AsyncSession, viewer: Viewer, on: date, kitchen_ids: Collection[int]
) -> list[GridCell]:
    """One cell per kitchen that the law asks, that has a plan, or of which covers are unknown; one statement."""
    found = await standings(session, viewer, on, kitchen_ids)
    return [_cell(number, of, on) for number, of in found.items() if of.present or of.due is not False]


def _cell(number: int, of: PlanStanding, on: date) -> GridCell:
    status = CellStatus.NO_DATA if of.due is None else CellStatus.MISSED
    return GridCell(
        kitchen_id=number,
        kind=CellKind.NUTRITION,
        rule=RULE,
        status=CellStatus.HELD if of.present else status,
        value=None if of.due is None and not of.present else Decimal(of.present),
        least=Decimal(1),
        most=None,
        unit=CellUnit.DONE,
        first=date(on.year, 1, 1),
        last=on,
        cures=() if of.present or of.due is None else (Cure(True, Decimal(0), None, of.told),),
    )
