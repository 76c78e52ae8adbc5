"""Loads of receptions, stock and invoices for one operation."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import ManyByKey, OneByKey
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.receiving.models import (
    CreditRequest,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    Reception,
    ReceptionLine,
    StockLot,
    StockMove,
    TemperatureTolerance,
)
from catering.receiving.queries import (
    RECEPTION_KEY,
    reception_lines_visible_to,
    receptions_visible_to,
    tolerances_visible_to,
)
from catering.receiving.queries_invoices import (
    CREDIT_KEY,
    INVOICE_KEY,
    credits_visible_to,
    invoice_events_visible_to,
    invoice_lines_visible_to,
    invoices_visible_to,
)
from catering.receiving.queries_stock import LOT_KEY, MOVE_KEY, lots, lots_visible_to, moves_visible_to

NEWEST_RECEPTIONS = Order(RECEPTION_KEY, newest_first=True)
NEWEST_INVOICES = Order(INVOICE_KEY, newest_first=True)
NEWEST_CREDITS = Order(CREDIT_KEY, newest_first=True)
LOTS = Order(LOT_KEY)
MOVES = Order(MOVE_KEY)


class ReceptionById(OneByKey[int, Reception]):
    """Receptions by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Reception.id

    def statement(self) -> Select[Reception]:
        """All visible receptions."""
        return receptions_visible_to(self.request.viewer)


class ReceptionsByOrderId(ManyByKey[int, Reception]):
    """Receptions of orders: a few passes and corrections each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The order."""
        return Reception.order_id

    def statement(self) -> Select[Reception]:
        """All visible receptions, in order."""
        return receptions_visible_to(self.request.viewer).order_by(Reception.order_id, Reception.id)


class LinesByReceptionId(ManyByKey[int, ReceptionLine]):
    """Lines of receptions: the lots of one delivery."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The reception."""
        return ReceptionLine.reception_id

    def statement(self) -> Select[ReceptionLine]:
        """All visible lines, as noted."""
        visible = reception_lines_visible_to(self.request.viewer)
        return visible.order_by(ReceptionLine.reception_id, ReceptionLine.id)


class CorrectionByLineId(OneByKey[int | None, ReceptionLine]):
    """The line that replaces a line; None when none does."""

    def column(self) -> InstrumentedAttribute[int | None]:
        """The line replaced."""
        return ReceptionLine.corrects_id

    def statement(self) -> Select[ReceptionLine]:
        """All visible lines."""
        return reception_lines_visible_to(self.request.viewer)


class TolerancesByKitchenId(ManyByKey[int, TemperatureTolerance]):
    """Tolerances of kitchens: at most one per category."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The kitchen."""
        return TemperatureTolerance.kitchen_id

    def statement(self) -> Select[TemperatureTolerance]:
        """All visible tolerances, by category."""
        visible = tolerances_visible_to(self.request.viewer)
        return visible.order_by(TemperatureTolerance.kitchen_id, TemperatureTolerance.category)


class LotById(OneByKey[int, StockLot]):
    """Lots by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return StockLot.id

    def statement(self) -> Select[StockLot]:
        """All visible lots."""
        return lots_visible_to(self.request.viewer)


@dataclass(frozen=True, slots=True)
class LotsWanted:
    """Lots of one kitchen (row id); all of them, or those of which something is left."""

    kitchen_id: int
    on_hand: bool


class LotPageByKitchen(PageByParent[LotsWanted, StockLot]):
    """Pages of lots that hang on a kitchen."""

    order = LOTS
    table = StockLot

    def statement(self, parent: LotsWanted) -> Select[StockLot]:
        """The visible lots of the kitchen."""
        return lots(self.request.viewer, on_hand=parent.on_hand).where(StockLot.kitchen_id == parent.kitchen_id)


class MovePageByLotId(PageByParent[int, StockMove]):
    """Pages of moves that hang on a lot."""

    order = MOVES
    table = StockMove

    def statement(self, parent: int) -> Select[StockMove]:
        """The visible moves of the lot."""
        return moves_visible_to(self.request.viewer).where(StockMove.lot_id == parent)


class InvoiceById(OneByKey[int, Invoice]):
    """Invoices by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its row."""
        return Invoice.id

    def statement(self) -> Select[Invoice]:
        """All visible invoices."""
        return invoices_visible_to(self.request.viewer)


class LinesByInvoiceId(ManyByKey[int, InvoiceLine]):
    """Lines of invoices: a few dozen each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The invoice."""
        return InvoiceLine.invoice_id

    def statement(self) -> Select[InvoiceLine]:
        """All visible lines, in order."""
        visible = invoice_lines_visible_to(self.request.viewer)
        return visible.order_by(InvoiceLine.invoice_id, InvoiceLine.position)


class EventsByInvoiceId(ManyByKey[int, InvoiceEvent]):
    """Events of invoices: a handful each."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The invoice."""
        return InvoiceEvent.invoice_id

    def statement(self) -> Select[InvoiceEvent]:
        """All visible events, in order."""
        visible = invoice_events_visible_to(self.request.viewer)
        return visible.order_by(InvoiceEvent.invoice_id, InvoiceEvent.seq)


class CreditById(OneByKey[int, CreditRequest]):
    """Requests for credits by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return CreditRequest.id

    def statement(self) -> Select[CreditRequest]:
        """All visible requests."""
        return credits_visible_to(self.request.viewer)
