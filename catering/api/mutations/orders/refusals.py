"""Why baskets and orders say no, as GraphQL shows it."""

from datetime import date, datetime
from typing import Self

import strawberry

from catering.api.refusals import Refusal, shows
from catering.graph.shown import shown
from catering.market import refusals_stock
from catering.orders import refusals
from catering.orders.graph.baskets import ChangedCondition
from catering.orders.graph.orders import OrderState
from catering.planning import refusals as plan_refusals
from catering.refusal import Refusal as Reason


@shows(plan_refusals.NoPlan)
@strawberry.type(description="No published plan buys anything for this kitchen and week.")
class NoPlan(Refusal):
    pass


@shows(refusals.UnknownOrder)
@strawberry.type(description="There is no such order that you may read.")
class UnknownOrder(Refusal):
    pass


@shows(refusals.NoSuchOffer)
@strawberry.type(description="There is no such offer, or not of this ingredient.")
class NoSuchOffer(Refusal):
    pass


@shows(refusals.UnknownLine)
@strawberry.type(description="The basket or the order has no such line, or there is no such standing order.")
class UnknownLine(Refusal):
    pass


@shows(refusals.BadQuantity)
@strawberry.type(description="A number of packs that cannot be ordered or accepted.")
class BadQuantity(Refusal):
    pass


@shows(refusals.BasketChanged)
@strawberry.type(description="Somebody changed the basket since you read it: read it again.")
class BasketChanged(Refusal):
    version: int = strawberry.field(description="The version of now.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with the version of now."""
        assert isinstance(reason, refusals.BasketChanged)
        return cls(message=str(reason), version=reason.version)


@shows(refusals.EmptyBasket)
@strawberry.type(description="There is nothing to send.")
class EmptyBasket(Refusal):
    pass


@shows(refusals.NotADeliveryDay)
@strawberry.type(description="The supplier does not deliver on that day, or that day does not serve the week.")
class NotADeliveryDay(Refusal):
    pass


@shows(refusals.TooFar)
@strawberry.type(description="The supplier does not deliver as far as this kitchen.")
class TooFar(Refusal):
    pass


@strawberry.type(description="A delivery that is asked for too late.")
class LateDelivery:
    supplier: str = strawberry.field(description="Name of who delivers.")
    day: date = strawberry.field(description="Delivery day asked for.")
    cut_off: datetime = strawberry.field(description="Until when it could be ordered.")
    next_day: date | None = strawberry.field(description="First delivery day that can be met.")


@shows(refusals.TooLate)
@strawberry.type(description="A supplier's cut-off has passed.")
class TooLate(Refusal):
    late: list[LateDelivery] = strawberry.field(description="Every delivery that cannot be met.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with every delivery that is late."""
        assert isinstance(reason, refusals.TooLate)
        late = [shown(LateDelivery, each) for each in reason.late]
        return cls(message=str(reason), late=late)


@strawberry.type(description="A line whose offer is no longer sold as it was seen.")
class ChangedLine:
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    product: str = strawberry.field(description="What is sold now.")
    day: date = strawberry.field(description="Delivery day.")
    fingerprint: strawberry.ID = strawberry.field(description="Names the conditions of now: give it back to accept.")
    changes: list[ChangedCondition] = strawberry.field(description="What changed, old and new, one of each kind.")


@shows(refusals.TermsChanged)
@strawberry.type(description="Conditions of sale moved since the basket was filled: accept them, or change the basket.")
class TermsChanged(Refusal):
    lines: list[ChangedLine] = strawberry.field(description="Every line whose conditions moved.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with every line whose conditions moved."""
        assert isinstance(reason, refusals.TermsChanged)
        lines = [
            shown(ChangedLine, each, changes=[shown(ChangedCondition, change) for change in each.changes])
            for each in reason.lines
        ]
        return cls(message=str(reason), lines=lines)


@shows(refusals.BelowMinimum)
@strawberry.type(description="A delivery is worth less than the least its supplier brings.")
class BelowMinimum(Refusal):
    pass


@shows(refusals.NotProven)
@strawberry.type(description="A certificate does not cover the delivery day.")
class NotProven(Refusal):
    pass


@shows(refusals.NotForSale)
@strawberry.type(description="An offer is not sold on its delivery day.")
class NotForSale(Refusal):
    pass


@shows(refusals.SupplierAway)
@strawberry.type(description="A supplier is on holiday on the delivery day.")
class SupplierAway(Refusal):
    pass


@strawberry.type(description="Why a line may not be delivered to a canteen.")
class HygieneFault:
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    product: str = strawberry.field(description="What is sold.")
    day: date = strawberry.field(description="Delivery day.")
    message: str = strawberry.field(description="In French, with the rule and what to do.")


@shows(refusals.NotHygienic)
@strawberry.type(description="Products of animals that their supplier may not deliver to this kitchen.")
class NotHygienic(Refusal):
    faults: list[HygieneFault] = strawberry.field(description="Every line that may not be delivered, with why.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with every line that may not be delivered."""
        assert isinstance(reason, refusals.NotHygienic)
        return cls(message=str(reason), faults=[shown(HygieneFault, each) for each in reason.faults])


@strawberry.type(description="An offer of which less is left than is asked for.")
class OfferShortage:
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    product: str = strawberry.field(description="What is sold.")
    supplier: str = strawberry.field(description="Name of who sells it.")
    asked_packs: int = strawberry.field(description="Packs asked for.")
    left_packs: int = strawberry.field(description="Packs left.")


@shows(refusals_stock.NotEnough)
@strawberry.type(description="Less is left than is asked for; nothing was ordered.")
class NotEnough(Refusal):
    shortages: list[OfferShortage] = strawberry.field(description="Every offer that has too little.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with what is left of every offer."""
        assert isinstance(reason, refusals_stock.NotEnough)
        shortages = [shown(OfferShortage, each) for each in reason.shortages]
        return cls(message=str(reason), shortages=shortages)


@shows(refusals_stock.BelowReservations)
@strawberry.type(description="The capacity would fall below what is ordered already.")
class BelowReservations(Refusal):
    pass


@shows(refusals.DayOver)
@strawberry.type(description="The day is over: what came of it is for the kitchens to say.")
class DayOver(Refusal):
    pass


@shows(refusals.WrongState)
@strawberry.type(description="The order has moved on: what is asked no longer fits. Read it again.")
class WrongState(Refusal):
    state: OrderState = strawberry.field(description="Where it stands now.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with the state of now."""
        assert isinstance(reason, refusals.WrongState)
        return cls(message=str(reason), state=reason.state)


@shows(refusals.ProposalReplaced)
@strawberry.type(description="The supplier has proposed something else since: read `proposedChange` again.")
class ProposalReplaced(Refusal):
    pass


@shows(refusals.NothingAccepted)
@strawberry.type(description="The answer keeps no pack, or changes nothing.")
class NothingAccepted(Refusal):
    pass


@shows(refusals.BadPeriod)
@strawberry.type(description="A standing order without a day, or that ends before it starts.")
class BadPeriod(Refusal):
    pass


@shows(refusals.InvalidReason)
@strawberry.type(description="The reason says nothing, deceives the eye, or is too long.")
class InvalidReason(Refusal):
    pass
