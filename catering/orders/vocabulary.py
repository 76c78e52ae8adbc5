"""Words of the trade that baskets and orders use."""

from enum import StrEnum


class LineReason(StrEnum):
    """Why a line stands in a basket or in an order."""

    PLAN = "plan"
    """The published plan buys it."""
    MANUAL = "manual"
    """Somebody added it."""
    SUBSTITUTE = "substitute"
    """It takes the place of another offer of the same ingredient."""
    STANDING = "standing"
    """A standing order asks for it."""
    RESOURCED = "resourced"
    """It replaces what a supplier cannot deliver."""


class StandingOutcome(StrEnum):
    """What became of a day of a standing order: put into the basket, or why sending it would be refused."""

    FILLED = "filled"
    TOO_LATE = "too_late"
    NOT_A_DELIVERY_DAY = "not_a_delivery_day"
    TOO_FAR = "too_far"
    NOT_FOR_SALE = "not_for_sale"
    SUPPLIER_AWAY = "supplier_away"
    NOT_PROVEN = "not_proven"
    NOT_HYGIENIC = "not_hygienic"
    NOT_ENOUGH = "not_enough"
    ABOVE_THRESHOLD = "above_threshold"
    BEYOND_MAXIMUM = "beyond_maximum"
    """Of a contract."""
    BEYOND_AWARD = "beyond_award"
    BAD_QUANTITY = "bad_quantity"
    """More packs of one line than anybody orders."""


class PriceSource(StrEnum):
    """Where the price that a kitchen pays comes from."""

    OFFER = "offer"
    """The offer's own price; delivery is added."""
    LIST = "list"
    """A price list of the supplier for this kitchen; delivery is added."""
    AWARD = "award"
    """The price by which a consultation was won; delivered free."""
    CONTRACT = "contract"
    """A line of a contract, revised by its index; delivered free."""


class SaleCondition(StrEnum):
    """What a buyer sees of an offer, and what may have changed when the basket is sent."""

    INGREDIENT = "ingredient"
    PRODUCT = "product"
    ORIGIN = "origin"
    LABEL = "label"
    CERTIFICATE = "certificate"
    PACK = "pack"
    """Its weight."""
    PACKAGING = "packaging"
    WEIGHING = "weighing"
    """Billed by the pack or by the weight delivered."""
    PRICE = "price"
    DELIVERY = "delivery"
    PRICE_SOURCE = "price_source"
    """Which price it is: of the offer, of a list, of an award, of a contract and its revision."""
    VAT = "vat"
    ALLERGENS = "allergens"
    """The day on which they were last stated."""


class OrderState(StrEnum):
    """Where an order stands."""

    SENT = "sent"
    """The supplier has not answered yet."""
    CHANGE_PROPOSED = "change_proposed"
    """The supplier proposes other quantities or another day; the kitchen answers."""
    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    """Accepted with fewer packs than were ordered."""
    PREPARED = "prepared"
    """Harvested or packed, ready to leave."""
    SHIPPED = "shipped"
    """On its way: nobody can cancel any more."""
    PARTLY_RECEIVED = "partly_received"
    """The kitchen has begun to check it in."""
    RECEIVED = "received"
    REFUSED = "refused"
    """The supplier will not deliver it."""
    FAILED = "failed"
    """The supplier had accepted and cannot deliver, or the kitchen says that nothing came."""
    CANCELLED = "cancelled"

    @property
    def stands(self) -> bool:
        """Whether its quantities still take stock of the supplier."""
        return self not in (OrderState.REFUSED, OrderState.FAILED, OrderState.CANCELLED)


class OrderEventKind(StrEnum):
    """What happened to an order."""

    SENT = "sent"
    ACCEPTED = "accepted"
    """The supplier takes the lines, each with as many packs as stated."""
    REFUSED = "refused"
    CHANGE_PROPOSED = "change_proposed"
    CHANGE_AGREED = "change_agreed"
    CHANGE_DECLINED = "change_declined"
    PREPARED = "prepared"
    SHIPPED = "shipped"
    RECEIVED_IN_PART = "received_in_part"
    """Some lines are checked in."""
    RECEIVED = "received"
    """The reception is complete."""
    RECEPTION_CORRECTED = "reception_corrected"
    FAILED = "failed"
    CANCEL_ASKED = "cancel_asked"
    """The kitchen asks to cancel after the cut-off; the supplier decides."""
    CANCEL_DECLINED = "cancel_declined"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    """It was given up, and its goods had come: the kitchen had noted them before, on a tablet without network."""
    PERMIT_ENDED = "permit_ended"
    """The approval or dérogation behind goods of it ends before they come; the order stands as it did."""


KITCHEN = "kitchen"
"""Who says that an order was not delivered, in the data of its event; its supplier otherwise."""
