"""Marks of waste: every text that a kitchen wrote bears its name."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.models import AttendanceEvent, CoversForecast
from catering.waste.models import (
    BiowasteNote,
    DonationAgreement,
    WasteAction,
    WasteDiagnostic,
    WasteFinding,
    WasteSite,
    Weighing,
    WeighingCampaign,
)
from tests.api import marks

TEXTS: dict[Any, tuple[str, ...]] = {
    AttendanceEvent: ("note",),
    CoversForecast: ("model_version",),
    Weighing: ("note",),
    WeighingCampaign: ("note",),
    WasteSite: ("collector",),
    DonationAgreement: ("association", "what"),
    BiowasteNote: ("collector", "slip"),
    WasteDiagnostic: ("pilot", "team", "situation"),
}


async def mark_waste(session: AsyncSession, owners: "marks.Owners") -> None:
    """Whatever was written of a kitchen."""
    places = {number: marks.word("lieu", uai) for uai, number in owners.kitchens.items()}
    for table, names in TEXTS.items():
        for row in await session.scalars(select(table)):
            for name in names:
                setattr(row, name, places[row.kitchen_id])
    whose = {row.id: places[row.kitchen_id] for row in await session.scalars(select(WasteDiagnostic))}
    for finding in await session.scalars(select(WasteFinding)):
        finding.seen = whose[finding.diagnostic_id]
    for action in await session.scalars(select(WasteAction)):
        action.what = action.who = whose[action.diagnostic_id]
