"""Kitchens and their service calendar, as GraphQL shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import Weekday
from catering.kitchens import models
from catering.kitchens.calendar import CalendarUnknownError
from catering.kitchens.calendar import ServiceDay as PlainServiceDay
from catering.kitchens.models import KitchenCovers, PriorityEducation
from catering.kitchens.queries import (
    KEY,
    covers_visible_to,
    kitchens,
    school_years_visible_to,
    service_days_by_uai,
    visible_to,
)

LONGEST_PERIOD = timedelta(days=400)
BY_UAI = Order(KEY)

strawberry.enum(PriorityEducation, description="Priority education network of a collège.")


@strawberry.type(description="Lunches planned on one weekday of class.")
class WeekdayCovers:
    weekday: Weekday = strawberry.field(description="A weekday without covers is not served.")
    covers: int = strawberry.field(description="Planned lunches.")


@strawberry.type(description="A day on which a kitchen serves lunch.")
class ServiceDay:
    day: date = strawberry.field(name="date", description="The day.")
    covers: int = strawberry.field(description="Planned lunches, at least 1.")


@strawberry.type(description="First and last day of class of the pupils, published by the ministry.")
class SchoolYear:
    school_year: strawberry.ID = strawberry.field(description="As `2026-27`.")
    first_day: date = strawberry.field(description="First day of class.")
    last_day: date = strawberry.field(description="Last day of class, included.")
    source: str = strawberry.field(description="Where the dates were read.")


class CoversByKitchenId(ManyByKey[int, KitchenCovers]):
    """Planned lunches per weekday of kitchens the viewer may read."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The kitchen."""
        return KitchenCovers.kitchen_id

    def statement(self) -> Select[KitchenCovers]:
        """Rows of visible kitchens, Monday first."""
        visible = covers_visible_to(self.request.viewer)
        return visible.order_by(KitchenCovers.kitchen_id, KitchenCovers.weekday)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of one kitchen from ``first`` to ``last``, both included."""

    uai: str
    first: date
    last: date


class ServiceDaysByPeriod(Loader[Period, Sequence[PlainServiceDay]]):
    """Service days of kitchens the viewer may read: one pass per distinct pair of dates."""

    async def fetch(self, keys: list[Period]) -> Mapping[Period, Sequence[PlainServiceDay]]:
        """The days by period.

        Raises:
            BadDatesError: the school holidays of these dates are not known.
        """
        uais: dict[tuple[date, date], list[str]] = defaultdict(list)
        for key in keys:
            uais[key.first, key.last].append(key.uai)
        found: dict[Period, Sequence[PlainServiceDay]] = {}
        for (first, last), some in uais.items():
            for uai, days in (await self._days(first, last, some)).items():
                found[Period(uai, first, last)] = days
        return found

    async def _days(self, first: date, last: date, uais: Sequence[str]) -> Mapping[str, Sequence[PlainServiceDay]]:
        async with self.request.reading() as session:
            try:
                return await service_days_by_uai(session, self.request.viewer, first, last, uais=uais)
            except CalendarUnknownError as fault:
                raise BadDatesError(str(fault)) from fault


class KitchenById(OneByKey[int, models.Kitchen]):
    """Kitchens the viewer may read."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return models.Kitchen.id

    def statement(self) -> Select[models.Kitchen]:
        """All visible kitchens."""
        return visible_to(self.request.viewer)


@strawberry.type(description="A collège that cooks lunch on site, or an establishment of care that weighs its waste.")
class Kitchen:
    row_id: strawberry.Private[int]
    uai: strawberry.ID = strawberry.field(
        description="What it is known by: UAI of a collège, 8 characters, else FINESS of an establishment, 9 digits."
    )
    finess: str | None = strawberry.field(description="FINESS of an establishment of care; null for a collège.")
    name: str = strawberry.field(description="Its name.")
    siren: str | None = strawberry.field(description="9 digits; null when unknown.")
    address: str = strawberry.field(description="Street.")
    postcode: str = strawberry.field(description="5 digits.")
    commune: str = strawberry.field(description="Name of the commune.")
    insee: str = strawberry.field(description="INSEE code of the commune.")
    epci: str = strawberry.field(description="Group of communes (EPCI).")
    lat: Decimal = strawberry.field(description="Degrees north.")
    lon: Decimal = strawberry.field(description="Degrees east.")
    pupils: int = strawberry.field(description="Pupils enrolled; residents of care.")
    priority_education: PriorityEducation | None = strawberry.field(description="Null outside priority education.")
    budget_eur_per_meal: Decimal = strawberry.field(description="Food budget of one meal, € excl. tax.")

    @documented
    async def covers(self, info: Ask) -> list[WeekdayCovers]:
        """Planned lunches per weekday, Monday first."""
        rows = await info.context.loader(CoversByKitchenId).load(self.row_id)
        return [WeekdayCovers(weekday=Weekday(row.weekday), covers=row.covers) for row in rows]

    @documented
    async def service_days(
        self,
        info: Ask,
        first_day: Annotated[date, strawberry.argument(description="First day looked at, included.")],
        last_day: Annotated[date, strawberry.argument(description="Last day looked at, included.")],
    ) -> list[ServiceDay]:
        """Days on which it serves, in order: the service calendar. At most 400 days apart."""
        if not timedelta() <= last_day - first_day <= LONGEST_PERIOD:
            raise BadDatesError(
                f"La période du {first_day} au {last_day} ne convient pas : "
                f"lastDay suit firstDay, de {LONGEST_PERIOD.days} jours au plus."
            )
        days = await info.context.loader(ServiceDaysByPeriod).load(Period(self.uai, first_day, last_day))
        return [ServiceDay(day=day.day, covers=day.covers) for day in days]


@strawberry.type(description="Where a delivery goes: a kitchen as its suppliers know it.")
class DeliveryPlace:
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Name of the collège.")
    address: str = strawberry.field(description="Street.")
    postcode: str = strawberry.field(description="5 digits.")
    commune: str = strawberry.field(description="Name of the commune.")
    lat: Decimal = strawberry.field(description="Degrees north.")
    lon: Decimal = strawberry.field(description="Degrees east.")


def show_kitchen(row: models.Kitchen) -> Kitchen:
    """A kitchen as GraphQL shows it."""
    return shown(Kitchen, row, row_id=row.id)


@strawberry.type
class Query:
    @documented
    async def kitchens(
        self,
        info: Ask,
        epci: Annotated[str | None, strawberry.argument(description="Only of this group of communes (name).")] = None,
        commune: Annotated[str | None, strawberry.argument(description="Only of this commune (name).")] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Kitchen]:
        """Kitchens you may read, in order of UAI."""
        statement = kitchens(info.context.viewer, epci=epci)
        if commune is not None:
            statement = statement.where(models.Kitchen.commune == commune)
        return await page(info.context, statement, BY_UAI, show_kitchen, first, after)

    @documented
    async def kitchen(
        self, info: Ask, uai: Annotated[strawberry.ID, strawberry.argument(description="UAI, or FINESS of care.")]
    ) -> Kitchen | None:
        """The kitchen of this UAI; null when there is none or you may not read it."""
        row = await info.context.one(kitchens(info.context.viewer, uais=[uai]))
        return None if row is None else show_kitchen(row)

    @documented
    async def intercommunalities(self, info: Ask) -> list[str]:
        """Names of the groups of communes (EPCI) of the kitchens you may read, in order."""
        names = kitchens(info.context.viewer).with_only_columns(models.Kitchen.epci).distinct()
        return [name for (name,) in await info.context.rows(names.order_by(models.Kitchen.epci))]

    @documented
    async def school_years(self, info: Ask) -> list[SchoolYear]:
        """School years the platform knows, in order."""
        statement = school_years_visible_to(info.context.viewer).order_by(models.SchoolYear.first_day)
        return [shown(SchoolYear, row) for row in await info.context.objects(statement)]
