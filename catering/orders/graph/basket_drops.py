"""The deliveries that sending a basket would ask for, each judged as sending judges it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.market.graph import Supplier, show_supplier
from catering.moment import now
from catering.orders import models
from catering.orders.graph.notices import Purchase
from catering.orders.opening import LineKey
from catering.orders.prices import Paid
from catering.orders.rules import added_up, cut_off, least_of, next_delivery
from catering.orders.sale_terms import SaleTerms
from catering.orders.sold import Sold
from catering.recipes import models as recipes


@dataclass(frozen=True, slots=True)
class Held:
    """A line of a basket and the offer it buys, as it is now."""

    line: models.BasketLine
    sold: Sold

    @property
    def paid(self) -> Paid:
        """Prices of now, for its packs and its day."""
        return self.sold.paid(self.line.day, self.line.packs)

    @property
    def key(self) -> LineKey:
        """Offer and day."""
        return self.line.offer_id, self.line.day

    @property
    def terms(self) -> SaleTerms:
        """Conditions of sale of now."""
        return self.sold.terms(self.line.day, self.line.packs)

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, delivery included, at the prices of now."""
        return self.sold.priced(self.line.packs, self.line.day).amount

    def purchase_of(self, ingredient: recipes.Ingredient) -> Purchase:
        """What sending it would buy."""
        line, priced_by = self.line, self.paid.agreement.priced_by
        return Purchase(self.sold.supplier.id, ingredient, line.offer_id, self.amount, priced_by, line.day)


@strawberry.type(description="What a basket asks of one supplier on one day.")
class BasketDrop:
    held: strawberry.Private[Sequence[Held]]
    day: date = strawberry.field(description="Delivery day.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, delivery included.")
    ordered_eur: Decimal = strawberry.field(
        description="€ excl. tax of what the kitchen has ordered of the supplier for that day already: it counts too."
    )
    minimum_eur: Decimal = strawberry.field(
        description="Least amount of one delivery; below it the basket is not sent."
    )
    shared: bool = strawberry.field(
        description="Whether `minimumEur` is the least at one door, below the supplier's minimum: it may be sent from "
        "there on if the plan in use shares the round (`sharedRound`), else the whole minimum holds."
    )
    cut_off: datetime = strawberry.field(description="Until when it may be sent.")
    next_day: date | None = strawberry.field(description="First delivery day that can still be met.")

    @documented
    def supplier(self) -> Supplier:
        """Who delivers."""
        return show_supplier(self.held[0].sold.supplier)

    @documented
    def lines(self) -> int:
        """Number of lines."""
        return len(self.held)


def show_drop(day: date, held: Sequence[Held], ordered: Decimal) -> BasketDrop:
    """A delivery as GraphQL shows it; ``ordered``: € of what is ordered for it already."""
    supplier = held[0].sold.supplier
    amount = added_up(each.amount for each in held)
    whole = supplier.min_drop_eur
    least = whole if amount + ordered >= whole else least_of(supplier, (each.line for each in held))
    return BasketDrop(
        held=held,
        day=day,
        amount_eur=amount,
        ordered_eur=ordered,
        minimum_eur=least,
        shared=least < whole,
        cut_off=cut_off(day, supplier.lead_days),
        next_day=next_delivery(supplier.delivery_weekdays, supplier.lead_days, now(), held[0].sold.agreed.closed),
    )
