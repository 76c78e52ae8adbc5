"""The vocabularies of receiving as GraphQL enums: imported from here, each is described before it is used."""

import strawberry

from catering.receiving.rules.checks import ReceptionWarning
from catering.receiving.vocabulary import (
    CreditState,
    Decision,
    DifferenceKind,
    ExpiryKind,
    InvoiceKind,
    InvoiceState,
    MoveKind,
    ReceptionReason,
)
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import TemperatureVerdict

strawberry.enum(Decision, name="ReceptionDecision", description="What the kitchen decides of a line on arrival.")
strawberry.enum(ReceptionReason, description="Why a line is refused or accepted with a reserve.")
strawberry.enum(ReceptionWarning, description="What to know of a line that was let through.")
strawberry.enum(ExpiryKind, description="Which date a product bears: DLC (use by) or DDM (best before).")
strawberry.enum(TemperatureVerdict, description="What a temperature on arrival means.")
strawberry.enum(MoveKind, name="StockMoveKind", description="What moves the stock of a kitchen.")
strawberry.enum(CreditState, description="Where a request for a credit stands.")
strawberry.enum(InvoiceKind, description="What a supplier bills or gives back.")
strawberry.enum(InvoiceState, description="Where an invoice stands.")
strawberry.enum(DifferenceKind, name="InvoiceDifferenceKind", description="How an invoice differs from the books.")

__all__ = [
    "CreditState",
    "Decision",
    "DifferenceKind",
    "ExpiryKind",
    "InvoiceKind",
    "InvoiceState",
    "MoveKind",
    "ProductCategory",
    "ReceptionReason",
    "ReceptionWarning",
    "TemperatureVerdict",
]
