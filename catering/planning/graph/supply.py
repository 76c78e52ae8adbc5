"""What a plan buys: needs per ingredient, purchases, deliveries and sales, as GraphQL shows them."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import DeliveryPlace
from catering.market.graph import Offer, Supplier, show_offer, show_supplier
from catering.market.loaders import OfferById, SupplierById
from catering.planning.graph.supply_loads import DropContent, LinesByDrop, PlaceByDelivery, PlaceWanted, week_delivered
from catering.planning.models import PlannedDrop as DropRow
from catering.planning.models import SourcedLine as LineRow
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById


@strawberry.type(description="Grams of an ingredient that a plan buys, added up.")
class Need:
    row: strawberry.Private[Any]
    run_id: strawberry.Private[int]
    grams: BigInt = strawberry.field(description="Grams, raw as bought.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, delivery included.")

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What is bought."""
        row = await info.context.loader(IngredientById).load(self.row.ingredient_id)
        return None if row is None else show_ingredient(row)

    @documented
    def week(self) -> date | None:
        """Monday of the week; null when weeks are added up."""
        week: date | None = getattr(self.row, "week", None)
        return week

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """The kitchen; null when kitchens are added up."""
        kitchen_id = getattr(self.row, "kitchen_id", None)
        if kitchen_id is None:
            return None
        return await place_of(info, self.run_id, kitchen_id)


@strawberry.type(description="What one kitchen buys of one offer for one week.")
class PurchaseLine:
    row: strawberry.Private[LineRow]
    grams: int = strawberry.field(description="Grams, raw as bought.")

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What is bought; null when you may not read it."""
        return await offer_of(info, self.row.offer_id)

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """The ingredient it is bought as."""
        row = await info.context.loader(IngredientById).load(self.row.ingredient_id)
        return None if row is None else show_ingredient(row)


@strawberry.type(description="One delivery of one supplier at one kitchen: all it sells there for a week.")
class Drop:
    row: strawberry.Private[DropRow]
    day: date = strawberry.field(name="date", description="Day of the delivery.")
    grams: BigInt = strawberry.field(description="Weight delivered.")

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included."""
        return self.row.amount

    @documented
    def week(self) -> date:
        """Monday of the week it is for: deliveries fall from the Tuesday before to that Monday."""
        return week_delivered(self.row.day)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who delivers; null when you may not read them."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    async def place(self, info: Ask) -> DeliveryPlace | None:
        """Where to."""
        return await place_of(info, self.row.run_id, self.row.kitchen_id)

    @documented
    async def lines(self, info: Ask) -> list[PurchaseLine]:
        """What is in it (a few dozen lines)."""
        key = DropContent(self.row.run_id, self.row.kitchen_id, week_delivered(self.row.day), self.row.supplier_id)
        return [shown(PurchaseLine, row, row=row) for row in await info.context.loader(LinesByDrop).load(key)]


@strawberry.type(description="What a supplier sells of one offer in one week, to all kitchens together.")
class WeeklySale:
    row: strawberry.Private[Any]
    week: date = strawberry.field(description="Monday of the week.")
    grams: BigInt = strawberry.field(description="Grams to deliver.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, delivery included.")

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What is sold; null when you may not read it."""
        return await offer_of(info, self.row.offer_id)


@strawberry.type(description="What a plan buys from one supplier.")
class SupplierPlan:
    row: strawberry.Private[Any]
    grams: BigInt = strawberry.field(description="Weight delivered.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, delivery included.")
    deliveries: int = strawberry.field(description="Number of deliveries.")
    kitchens: int = strawberry.field(description="Number of kitchens delivered.")

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who sells; null when you may not read them."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)


async def place_of(info: Ask, run_id: int, kitchen_id: int) -> DeliveryPlace | None:
    """Where a plan delivers; None when no delivery the viewer may read goes there."""
    place = await info.context.loader(PlaceByDelivery).load(PlaceWanted(run_id, kitchen_id))
    return None if place is None else shown(DeliveryPlace, place)


async def offer_of(info: Ask, offer_id: int) -> Offer | None:
    """An offer by its number; None when the viewer may not read it."""
    row = await info.context.loader(OfferById).load(offer_id)
    return None if row is None else show_offer(row)


def show_need(row: Any, run_id: int) -> Need:
    """A need as GraphQL shows it."""
    return Need(row=row, run_id=run_id, grams=BigInt(row.grams), amount_eur=row.amount)


def show_drop(row: DropRow) -> Drop:
    """A delivery as GraphQL shows it."""
    return shown(Drop, row, row=row)


def show_sale(row: Any) -> WeeklySale:
    """A week's sales of an offer as GraphQL shows them."""
    return shown(WeeklySale, row, row=row, amount_eur=row.amount)


def show_supplier_plan(row: Any) -> SupplierPlan:
    """A supplier's part of a plan as GraphQL shows it."""
    return shown(SupplierPlan, row, row=row, amount_eur=row.amount)
