"""What a viewer may read of the kitchens and of their calendar."""

from collections.abc import Collection
from datetime import date
from typing import Any, cast

from sqlalchemy import Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.kitchens.calendar import ZONE, SchoolCalendar, ServiceDay, Span, service_days
from catering.kitchens.models import (
    FINESS_LENGTH,
    UAI_LENGTH,
    Bridge,
    Kitchen,
    KitchenClosure,
    KitchenCovers,
    SchoolYear,
)
from catering.people.viewer import Viewer

KEY = (Kitchen.uai,)
"""Order in which kitchens are paged."""


def visible_to(viewer: Viewer) -> Select[Kitchen]:
    """Kitchens a viewer may read: a chef their own, the Département all, a producer none (budgets are not theirs)."""
    statement = select(Kitchen)
    if viewer.sees_everything:
        return statement
    if viewer.buys:
        return statement.where(Kitchen.uai.in_(viewer.kitchens))
    return statement.where(false())


def known_uais_visible_to(viewer: Viewer) -> Select[str]:
    """UAI of all kitchens: published by the Éducation nationale, so that a seller can name who buys."""
    del viewer
    return select(Kitchen.uai)


def names_visible_to(viewer: Viewer) -> Select[Kitchen]:
    """All kitchens, of which UAI, name and commune alone may be shown: published by the Éducation nationale."""
    del viewer
    return select(Kitchen)


def covers_visible_to(viewer: Viewer) -> Select[KitchenCovers]:
    """Planned covers per weekday of the kitchens a viewer may read."""
    own = visible_to(viewer).with_only_columns(Kitchen.id)
    return select(KitchenCovers).where(KitchenCovers.kitchen_id.in_(own))


def closures_visible_to(viewer: Viewer) -> Select[KitchenClosure]:
    """Days without service of the kitchens a viewer may read."""
    own = visible_to(viewer).with_only_columns(Kitchen.id)
    return select(KitchenClosure).where(KitchenClosure.kitchen_id.in_(own))


def school_years_visible_to(viewer: Viewer) -> Select[SchoolYear]:
    """The school years: published dates, the same for everybody."""
    del viewer
    return select(SchoolYear)


def bridges_visible_to(viewer: Viewer) -> Select[Bridge]:
    """The bridges: published dates, the same for everybody."""
    del viewer
    return select(Bridge)


def closed_days(
    viewer: Viewer, uais: Collection[str], first: date, last: date, zone: str = ZONE
) -> tuple[Select[Any], Select[Any]]:
    """(day) of the bridges of a zone and (UAI, day) of the own closures of visible kitchens, between two days."""
    bridges = bridges_visible_to(viewer).where(Bridge.zone == zone, Bridge.day.between(first, last))
    own = closures_visible_to(viewer).join(Kitchen, Kitchen.id == KitchenClosure.kitchen_id)
    own = own.where(Kitchen.uai.in_(uais), KitchenClosure.day.between(first, last))
    closures = own.with_only_columns(Kitchen.uai, KitchenClosure.day, maintain_column_froms=True)
    return bridges.with_only_columns(Bridge.day), cast(Select[Any], closures)


def kitchens(viewer: Viewer, *, uais: Collection[str] | None = None, epci: str | None = None) -> Select[Kitchen]:
    """Visible kitchens, of these UAI or of one group of communes; page through them by ``KEY``."""
    statement = visible_to(viewer)
    if uais is not None:
        statement = statement.where(Kitchen.uai.in_(uais))
    if epci is not None:
        statement = statement.where(Kitchen.epci == epci)
    return statement


def colleges(viewer: Viewer, *, uais: Collection[str] | None = None) -> Select[Kitchen]:
    """Visible kitchens that the Éducation nationale knows: what a school year is planned for."""
    return kitchens(viewer, uais=uais).where(func.length(Kitchen.uai) == UAI_LENGTH)


def establishments(viewer: Viewer) -> Select[Kitchen]:
    """Visible establishments of care: those known by their FINESS; page through them by ``KEY``."""
    return visible_to(viewer).where(func.length(Kitchen.uai) == FINESS_LENGTH)


async def school_calendar(session: AsyncSession, viewer: Viewer, zone: str = ZONE) -> SchoolCalendar:
    """The school calendar of a zone as loaded in the database."""
    years = await session.scalars(school_years_visible_to(viewer).order_by(SchoolYear.first_day))
    bridges = await session.scalars(bridges_visible_to(viewer).where(Bridge.zone == zone))
    return SchoolCalendar(
        years=tuple(Span(year.school_year, year.first_day, year.last_day) for year in years),
        bridges=frozenset(bridge.day for bridge in bridges),
        zone=zone,
    )


async def service_days_by_uai(
    session: AsyncSession, viewer: Viewer, first: date, last: date, *, uais: Collection[str] | None = None
) -> dict[str, list[ServiceDay]]:
    """Service days from ``first`` to ``last`` of each visible kitchen, by UAI; a kitchen without any has an empty list.

    Raises:
        CalendarUnknownError: the school holidays of one of the years are not known.
    """
    calendar = await school_calendar(session, viewer)
    with_covers = (
        kitchens(viewer, uais=uais).order_by(*KEY).options(selectinload(Kitchen.covers), selectinload(Kitchen.closures))
    )
    return {
        kitchen.uai: service_days(calendar, *_served(kitchen), first, last)
        for kitchen in await session.scalars(with_covers)
    }


def _served(kitchen: Kitchen) -> tuple[dict[int, int], frozenset[date]]:
    covers = {row.weekday: row.covers for row in kitchen.covers}
    return covers, frozenset(row.day for row in kitchen.closures)
