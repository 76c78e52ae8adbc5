"""Loads of what plans buy: purchases added up, deliveries, and the places they go to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func

from catering.graph.loading import Loader
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.kitchens.calendar import week_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.people.viewer import Viewer
from catering.planning.models import PlannedDrop, SourcedLine
from catering.planning.queries import DROP_KEY, drops_visible_to, lines_visible_to
from catering.planning.queries_of_runs import places_visible_to
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.recipes.vocabulary import Family

SIX_DAYS = timedelta(days=6)
"""A week's deliveries fall in the seven days that end on its Monday: from the Tuesday before."""
TO_FRIDAY = timedelta(days=4)


def week_delivered(day: date) -> date:
    """Monday of the week that a delivery of this day is for (docs/problem-format.md, DROPS)."""
    return week_of(day + SIX_DAYS)


@dataclass(frozen=True, slots=True)
class Place:
    """A kitchen as its suppliers know it."""

    uai: str
    name: str
    address: str
    postcode: str
    commune: str
    lat: Decimal
    lon: Decimal


PLACE = (
    Kitchen.id, Kitchen.uai, Kitchen.name, Kitchen.address, Kitchen.postcode, Kitchen.commune, Kitchen.lat, Kitchen.lon
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceWanted:
    """A kitchen that a plan delivers to."""

    run_id: int
    kitchen_id: int


class PlaceByDelivery(Loader[PlaceWanted, Place | None]):
    """Places that visible deliveries go to: a supplier knows whom they deliver to, neither the rest nor the budgets."""

    async def fetch(self, keys: list[PlaceWanted]) -> Mapping[PlaceWanted, Place | None]:
        """The places by plan and kitchen."""
        by_run: dict[int, list[int]] = defaultdict(list)
        for key in keys:
            by_run[key.run_id].append(key.kitchen_id)
        visible = places_visible_to(self.request.viewer, by_run).with_only_columns(*PLACE)
        places = {row[0]: Place(*row[1:]) for row in await self.request.rows(visible)}
        return {key: places.get(key.kitchen_id) for key in keys}


@dataclass(frozen=True, slots=True)
class LinesWanted:
    """Purchases of one plan that meet every condition given; weeks are Mondays, both ends included."""

    run_id: int
    first_week: date | None = None
    last_week: date | None = None
    uai: str | None = None
    ingredient: str | None = None
    """Slug."""
    family: Family | None = None
    supplier: str | None = None
    """Slug."""


def lines_wanted(viewer: Viewer, wanted: LinesWanted) -> Select[SourcedLine]:
    """The visible purchases that are wanted."""
    statement = lines_visible_to(viewer).where(SourcedLine.run_id == wanted.run_id)
    if wanted.first_week is not None:
        statement = statement.where(SourcedLine.week >= wanted.first_week)
    if wanted.last_week is not None:
        statement = statement.where(SourcedLine.week <= wanted.last_week)
    if wanted.uai is not None:
        own = kitchens(viewer, uais=[wanted.uai]).with_only_columns(Kitchen.id)
        statement = statement.where(SourcedLine.kitchen_id.in_(own))
    if wanted.ingredient is not None:
        named = ingredients(viewer, slugs=[wanted.ingredient]).with_only_columns(Ingredient.id)
        statement = statement.where(SourcedLine.ingredient_id.in_(named))
    if wanted.family is not None:
        of_family = ingredients(viewer, family=wanted.family).with_only_columns(Ingredient.id)
        statement = statement.where(SourcedLine.ingredient_id.in_(of_family))
    if wanted.supplier is not None:
        sold = offers(viewer, supplier=wanted.supplier).with_only_columns(Offer.id)
        statement = statement.where(SourcedLine.offer_id.in_(sold))
    return statement


class LinesAddedUp(PageByParent[LinesWanted, Any]):
    """Pages of purchases added up per distinct key of ``order``: its columns, ``grams`` and ``amount``."""

    def statement(self, parent: LinesWanted) -> Select[Any]:
        """The sums of the visible purchases that are wanted."""
        key = self.order.columns
        sums = func.sum(SourcedLine.grams).label("grams"), func.sum(SourcedLine.amount).label("amount")
        return lines_wanted(self.request.viewer, parent).with_only_columns(*key, *sums).group_by(*key)


class NeedsByIngredient(LinesAddedUp):
    """What a plan buys of each ingredient."""

    order = Order((SourcedLine.ingredient_id,))


class NeedsByIngredientAndWeek(LinesAddedUp):
    """What a plan buys of each ingredient, week by week."""

    order = Order((SourcedLine.ingredient_id, SourcedLine.week))


class NeedsByIngredientAndKitchen(LinesAddedUp):
    """What a plan buys of each ingredient, kitchen by kitchen."""

    order = Order((SourcedLine.ingredient_id, SourcedLine.kitchen_id))


class NeedsByIngredientWeekAndKitchen(LinesAddedUp):
    """What a plan buys of each ingredient, week by week and kitchen by kitchen."""

    order = Order((SourcedLine.ingredient_id, SourcedLine.week, SourcedLine.kitchen_id))


class SalesByWeekAndOffer(LinesAddedUp):
    """What is sold of each offer, week by week."""

    order = Order((SourcedLine.week, SourcedLine.offer_id))


class SupplierPlanPageByRunId(PageByParent[int, Any]):
    """Pages of suppliers with what runs buy from each: ``supplier_id, grams, amount, deliveries, kitchens``."""

    order = Order((PlannedDrop.supplier_id,))

    def statement(self, parent: int) -> Select[Any]:
        """The sums of the visible deliveries of the run."""
        sums: tuple[Any, ...] = (
            func.sum(PlannedDrop.grams).label("grams"),
            func.sum(PlannedDrop.amount).label("amount"),
            func.count().label("deliveries"),
            func.count(PlannedDrop.kitchen_id.distinct()).label("kitchens"),
        )
        of_run = drops_visible_to(self.request.viewer).where(PlannedDrop.run_id == parent)
        return of_run.with_only_columns(PlannedDrop.supplier_id, *sums).group_by(PlannedDrop.supplier_id)


@dataclass(frozen=True, slots=True)
class DropsWanted:
    """Deliveries of one plan that meet every condition given; weeks are Mondays, both ends included."""

    run_id: int
    first_week: date | None = None
    last_week: date | None = None
    uai: str | None = None
    supplier: str | None = None
    """Slug."""


class DropPage(PageByParent[DropsWanted, PlannedDrop]):
    """Pages of deliveries, in the order of the index that finds them."""

    table = PlannedDrop

    def statement(self, parent: DropsWanted) -> Select[PlannedDrop]:
        """The visible deliveries that are wanted."""
        viewer = self.request.viewer
        statement = drops_visible_to(viewer).where(PlannedDrop.run_id == parent.run_id)
        if parent.first_week is not None:
            statement = statement.where(PlannedDrop.day >= parent.first_week - SIX_DAYS)
        if parent.last_week is not None:
            statement = statement.where(PlannedDrop.day <= parent.last_week)
        if parent.uai is not None:
            own = kitchens(viewer, uais=[parent.uai]).with_only_columns(Kitchen.id)
            statement = statement.where(PlannedDrop.kitchen_id.in_(own))
        if parent.supplier is not None:
            named = suppliers(viewer, slugs=[parent.supplier]).with_only_columns(Supplier.id)
            statement = statement.where(PlannedDrop.supplier_id.in_(named))
        return statement


class DropPageByRun(DropPage):
    """Deliveries of runs, kitchen by kitchen and day by day: as they are stored."""

    order = Order(DROP_KEY)


class DropPageBySupplier(DropPage):
    """Deliveries of suppliers, day by day."""

    order = Order((PlannedDrop.day, PlannedDrop.kitchen_id, PlannedDrop.supplier_id))


@dataclass(frozen=True, slots=True)
class DropContent:
    """Names what one delivery holds: all that a kitchen buys from a supplier for a week."""

    run_id: int
    kitchen_id: int
    week: date
    supplier_id: int


class LinesByDrop(Loader[DropContent, Sequence[SourcedLine]]):
    """Purchases that make up deliveries."""

    async def fetch(self, keys: list[DropContent]) -> Mapping[DropContent, Sequence[SourcedLine]]:
        """The purchases by delivery."""
        # Each part of the key on its own, so that an index serves: more is read than asked, and left aside below.
        statement = (
            lines_visible_to(self.request.viewer)
            .join(Offer, Offer.id == SourcedLine.offer_id)
            .where(SourcedLine.run_id.in_({key.run_id for key in keys}))
            .where(SourcedLine.kitchen_id.in_({key.kitchen_id for key in keys}))
            .where(SourcedLine.week.in_({key.week for key in keys}))
            .where(Offer.supplier_id.in_({key.supplier_id for key in keys}))
            .with_only_columns(SourcedLine, Offer.supplier_id)
        )
        found: dict[DropContent, list[SourcedLine]] = defaultdict(list)
        # Sorted here: asked to sort, SQLite would walk the whole plan by the index on offers.
        for line, supplier_id in sorted(await self.request.rows(statement), key=lambda row: row[0].offer_id):
            found[DropContent(line.run_id, line.kitchen_id, line.week, supplier_id)].append(line)
        return found

    def missing(self, key: DropContent) -> Sequence[SourcedLine]:
        """Nothing visible."""
        del key
        return ()
