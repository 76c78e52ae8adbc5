"""What a viewer may read of weighings, covers and campaigns: a buyer those of their kitchens, who controls all."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer
from catering.waste.models import ServiceCovers, Weighing, WeighingCampaign
from catering.waste.vocabulary import Service

WEIGHING_KEY = (Weighing.day, Weighing.id)
"""Order in which weighings are paged."""
CAMPAIGN_KEY = (WeighingCampaign.first_day, WeighingCampaign.id)
"""Order in which campaigns are paged."""
SUMMED = (
    Weighing.kitchen_id, Weighing.day, Weighing.service, Weighing.stage, Weighing.part, Weighing.dish_id,
    Weighing.food_group, Weighing.cause, Weighing.confirmed,
)  # fmt: skip
"""What rows of `summed` are told apart by."""


def _own(viewer: Viewer) -> Select[int]:
    return kitchens_visible_to(viewer).with_only_columns(Kitchen.id)


def weighings_visible_to(viewer: Viewer) -> Select[Weighing]:
    """Weighings of the kitchens a viewer may read; they are the business of no seller."""
    return select(Weighing).where(Weighing.kitchen_id.in_(_own(viewer)))


def covers_visible_to(viewer: Viewer) -> Select[ServiceCovers]:
    """Covers of the kitchens a viewer may read."""
    return select(ServiceCovers).where(ServiceCovers.kitchen_id.in_(_own(viewer)))


def campaigns_visible_to(viewer: Viewer) -> Select[WeighingCampaign]:
    """Campaigns of the kitchens a viewer may read."""
    return select(WeighingCampaign).where(WeighingCampaign.kitchen_id.in_(_own(viewer)))


def weighings(
    viewer: Viewer,
    *,
    uai: str | None = None,
    epci: str | None = None,
    kitchen_ids: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
    service: Service | None = None,
    ids: Collection[int] | None = None,
    keys: Collection[str] | None = None,
) -> Select[Weighing]:
    """Visible weighings that meet every condition given; both days are included."""
    statement = weighings_visible_to(viewer).where(
        *_met(viewer, Weighing, uai, epci, kitchen_ids, first, last, service)
    )
    if ids is not None:
        statement = statement.where(Weighing.id.in_(ids))
    if keys is not None:
        statement = statement.where(Weighing.entry_key.in_(keys))
    return statement


def summed(statement: Select[Weighing]) -> Select[*tuple[Any, ...]]:
    """Weighings added up, opposite rows with what they take back: the columns of ``SUMMED`` and ``net_g``.

    Where all was taken back there is no row: an empty bin was weighed, a mistaken one was not.
    """
    standing = func.sum(case((Weighing.reverses_id.is_(None), 1), else_=-1))
    added = statement.with_only_columns(*SUMMED, func.sum(Weighing.net_g).label("net_g")).group_by(*SUMMED)
    return added.having(standing > 0)


def covers(
    viewer: Viewer,
    *,
    uai: str | None = None,
    epci: str | None = None,
    kitchen_ids: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
    service: Service | None = None,
) -> Select[ServiceCovers]:
    """Visible covers that meet every condition given; both days are included. One row per kitchen, day and service."""
    return covers_visible_to(viewer).where(*_met(viewer, ServiceCovers, uai, epci, kitchen_ids, first, last, service))


def campaigns(
    viewer: Viewer,
    *,
    uai: str | None = None,
    ids: Collection[int] | None = None,
    overlapping: tuple[date, date] | None = None,
) -> Select[WeighingCampaign]:
    """Visible campaigns that meet every condition given; ``overlapping`` a period, both days included."""
    statement = campaigns_visible_to(viewer)
    if uai is not None:
        statement = statement.where(WeighingCampaign.kitchen_id.in_(_chosen(viewer, uai, None)))
    if ids is not None:
        statement = statement.where(WeighingCampaign.id.in_(ids))
    if overlapping is not None:
        first, last = overlapping
        statement = statement.where(WeighingCampaign.first_day <= last, WeighingCampaign.last_day >= first)
    return statement


def _met(
    viewer: Viewer,
    table: type[Weighing | ServiceCovers],
    uai: str | None,
    epci: str | None,
    kitchen_ids: Collection[int] | None,
    first: date | None,
    last: date | None,
    service: Service | None,
) -> Iterator[ColumnElement[bool]]:
    """The conditions given, of what is noted for a kitchen, day and service."""
    if uai is not None or epci is not None:
        yield table.kitchen_id.in_(_chosen(viewer, uai, epci))
    if kitchen_ids is not None:
        yield table.kitchen_id.in_(kitchen_ids)
    if first is not None:
        yield table.day >= first
    if last is not None:
        yield table.day <= last
    if service is not None:
        yield table.service == service


def _chosen(viewer: Viewer, uai: str | None, epci: str | None) -> Select[int]:
    statement = _own(viewer)
    if uai is not None:
        statement = statement.where(Kitchen.uai == uai)
    return statement if epci is None else statement.where(Kitchen.epci == epci)
