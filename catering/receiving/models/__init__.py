"""Tables of receptions, of the kitchens' stock, of credits and invoices."""

from catering.receiving.models.invoices import (
    CreditRequest,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    InvoiceSequence,
)
from catering.receiving.models.receptions import Reception, ReceptionLine, TemperatureTolerance
from catering.receiving.models.stock import StockLot, StockMove

__all__ = [
    "CreditRequest",
    "Invoice",
    "InvoiceEvent",
    "InvoiceLine",
    "InvoiceSequence",
    "Reception",
    "ReceptionLine",
    "StockLot",
    "StockMove",
    "TemperatureTolerance",
]
