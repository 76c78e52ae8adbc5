"""Words of receptions, stock and invoices."""

from enum import StrEnum


class Decision(StrEnum):
    """What the kitchen decides of a line on arrival."""

    ACCEPTED = "accepted"
    RESERVED = "reserved"
    """Accepted with a reserve: written on the delivery note, told to the supplier."""
    REFUSED = "refused"


class ReceptionReason(StrEnum):
    """Why a line is refused or accepted with a reserve."""

    TEMPERATURE = "temperature"
    EXPIRED = "expired"
    """Past its date."""
    SHORT_DATED = "short_dated"
    """Too near its date to be used in time."""
    DAMAGED = "damaged"
    QUALITY = "quality"
    """Not as ordered: ripeness, size, freshness, look."""
    WEIGHT = "weight"
    """Less than the delivery note says."""
    LABELLING = "labelling"
    """Lot, origin, date or proof of a label missing."""
    NOT_ORDERED = "not_ordered"
    OTHER = "other"


class ExpiryKind(StrEnum):
    """Which date a product bears (regulation 1169/2011)."""

    USE_BY = "use_by"
    """DLC: never served after it."""
    BEST_BEFORE = "best_before"
    """DDM: may be served after it, once checked."""


class MoveKind(StrEnum):
    """What moves the stock of a kitchen."""

    RECEPTION = "reception"
    RECEPTION_CORRECTED = "reception_corrected"
    USE = "use"
    """Taken for the menu of a day."""
    LOSS = "loss"
    COUNT = "count"
    """The shelf did not hold what the books said: the count is right."""
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"


class CreditState(StrEnum):
    """Where a request for a credit stands."""

    ASKED = "asked"
    NOT_INVOICED = "not_invoiced"
    """Nothing to credit: the supplier's invoice leaves out what was refused."""
    GRANTED = "granted"
    """By a credit note."""
    DECLINED = "declined"
    """The supplier says why; the buyer and the supplier talk."""
    WITHDRAWN = "withdrawn"
    """The reception was corrected: it was accepted after all."""


class InvoiceKind(StrEnum):
    """What a supplier bills or gives back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    """Its amounts are negative."""


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    RECEIVED = "received"
    MATCHED = "matched"
    """Says what was ordered and accepted."""
    DISPUTED = "disputed"
    """Does not: each difference is named."""
    APPROVED = "approved"
    """Good for payment."""
    REJECTED = "rejected"
    """Sent back with a reason: it counts for nothing and its number is free again."""


class DifferenceKind(StrEnum):
    """How an invoice differs from what was ordered and accepted."""

    NOT_ORDERED = "not_ordered"
    """A line that no order of the kitchen to this supplier has."""
    NOT_RECEIVED = "not_received"
    """Nothing of the line was accepted."""
    QUANTITY = "quantity"
    """More is invoiced, all invoices and credits together, than was accepted. Grams."""
    PRICE = "price"
    """The amount is not that of the quantity at the ordered price. Euros excl. tax."""
    VAT_RATE = "vat_rate"
    VAT_AMOUNT = "vat_amount"
    """VAT of the line is not its amount × its rate, rounded half-up to the cent. Euros."""
    TOTAL = "total"
    """The stated total is not the sum of the rounded lines. Euros incl. tax."""
