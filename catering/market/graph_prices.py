"""Price lists and the history of an offer, as GraphQL shows them."""

import json
from datetime import date, datetime
from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market import models
from catering.market.graph import Offer, Supplier, show_offer
from catering.market.loaders import (
    ChangePage,
    KitchensByPriceListId,
    ListedPricePage,
    OfferById,
    PriceListPage,
)
from catering.people.models import ChangeEvent


@strawberry.type(description="The price of a pack of an offer in a list, from a day on.")
class ListedPrice:
    row: strawberry.Private[models.PriceListLine]
    since: date = strawberry.field(description="From this day on, until a later price of the same offer.")
    price_eur_per_pack: Decimal = strawberry.field(description="€ excl. tax, before delivery.")

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What it is the price of; null when you may not read it."""
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)


@strawberry.type(description="Prices of one supplier for some kitchens, agreed with them or in a contract.")
class PriceList:
    row: strawberry.Private[models.PriceList]
    id: strawberry.ID = strawberry.field(description="Stable name.")
    name: str = strawberry.field(description="In French.")
    contract: str | None = strawberry.field(description="Number of the contract; null for a price agreed with a group.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date | None = strawberry.field(description="Last day, included; null has no end.")

    @documented
    async def kitchens(self, info: Ask) -> list[strawberry.ID]:
        """UAI of the kitchens that pay these prices and that you may know of, in order."""
        rows = await info.context.loader(KitchensByPriceListId).load(self.row.id)
        return [strawberry.ID(row.uai) for row in rows]

    @documented
    async def prices(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[ListedPrice]:
        """Its prices, offer by offer, the oldest first."""
        found = await info.context.loader(ListedPricePage).load(PageKey(self.row.id, first, after))
        return found.shown(show_listed_price)


@strawberry.type(description="One change of an offer or of its capacities, as it was before and after.")
class OfferChange:
    row: strawberry.Private[ChangeEvent]
    id: strawberry.ID = strawberry.field(description="Number; a later change has a greater one.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who.")
    subject: str = strawberry.field(description="Name of the table that changed.")

    @documented
    def before(self) -> str | None:
        """What changed, as it was, in JSON; null when it is new."""
        return None if self.row.before is None else json.dumps(self.row.before, ensure_ascii=False)

    @documented
    def after(self) -> str | None:
        """The same afterwards; null when it is gone."""
        return None if self.row.after is None else json.dumps(self.row.after, ensure_ascii=False)


def show_price_list(row: models.PriceList) -> PriceList:
    """A price list as GraphQL shows it."""
    return shown(PriceList, row, row=row, id=row.slug)


def show_listed_price(row: models.PriceListLine) -> ListedPrice:
    """A price of a list as GraphQL shows it."""
    return shown(ListedPrice, row, row=row, since=row.valid_from)


def show_change(row: ChangeEvent) -> OfferChange:
    """A change as GraphQL shows it."""
    return shown(OfferChange, row, row=row, id=strawberry.ID(str(row.id)))


@documented
async def price_lists(
    of: strawberry.Parent[Supplier], info: Ask, first: First = DEFAULT_ROWS, after: After = None
) -> Page[PriceList]:
    """Its price lists that you may read, in order of id: a buyer reads those of their kitchens."""
    found = await info.context.loader(PriceListPage).load(PageKey(of.row.slug, first, after))
    return found.shown(show_price_list)


@documented
async def history(
    of: strawberry.Parent[Offer], info: Ask, first: First = DEFAULT_ROWS, after: After = None
) -> Page[OfferChange]:
    """Its changes, newest first: prices, sheet, capacities; empty for who neither sells it nor controls."""
    found = await info.context.loader(ChangePage).load(PageKey(of.row.slug, first, after))
    return found.shown(show_change)


OF_SUPPLIER = (price_lists,)
OF_OFFER = (history,)
