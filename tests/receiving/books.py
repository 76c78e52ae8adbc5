"""What must be true of the books at any moment, whoever did what before."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.replay import Happened, replay
from catering.purchases.models import PurchaseLine
from catering.receiving.models import CreditRequest, Invoice, InvoiceLine, ReceptionLine, StockLot, StockMove
from catering.receiving.rules.billing import amount_of


async def faults(session: AsyncSession) -> list[str]:
    """Where receptions, purchases, stock, invoices and orders do not agree."""

    async def every(table: Any) -> list[Any]:
        return list(await session.scalars(select(table)))

    said, bought, moves = await every(ReceptionLine), await every(PurchaseLine), await every(StockMove)
    lots, billed, invoices = await every(StockLot), await every(InvoiceLine), await every(Invoice)
    lines, orders, events = await every(OrderLine), await every(Order), await every(OrderEvent)
    return [
        *_purchases(lines, said, bought),
        *_stock(said, lots, moves),
        *_invoices(invoices, billed),
        *_orders(orders, lines, events),
        *_credits(said, await every(CreditRequest)),
    ]


def in_force(said: Iterable[ReceptionLine]) -> list[ReceptionLine]:
    said = list(said)
    replaced = {row.corrects_id for row in said}
    return [row for row in said if row.id not in replaced]


def _purchases(lines: list[OrderLine], said: list[ReceptionLine], bought: list[PurchaseLine]) -> Iterable[str]:
    of_reception = {row.reception_line_id: row for row in bought}
    if len(of_reception) != len(bought):
        yield "two purchases of one reception line"
    for line in lines:
        mine = [row for row in said if row.order_line_id == line.id]
        accepted = sum(row.accepted_g for row in in_force(mine))
        purchases = [of_reception[row.id] for row in mine if row.id in of_reception]
        if len(purchases) != sum(bool(row.added_g or row.added_amount) for row in mine):
            yield f"line {line.id}: a reception without its purchase"
        if not accepted == sum(row.added_g for row in mine) == sum(row.grams for row in purchases):
            yield f"line {line.id}: {accepted} g accepted"
        if (line.received_g or 0) != accepted:
            yield f"line {line.id}: the order says {line.received_g} g"
        amount = sum((row.amount_excl_tax for row in purchases), Decimal(0))
        if not amount == sum((row.added_amount for row in mine), Decimal(0)) == amount_of(line, accepted):
            yield f"line {line.id}: {amount} € bought"


def _stock(said: list[ReceptionLine], lots: list[StockLot], moves: list[StockMove]) -> Iterable[str]:
    grams: dict[int, int] = defaultdict(int)
    came: dict[int | None, int] = defaultdict(int)
    for move in moves:
        grams[move.lot_id] += move.grams
        came[move.reception_line_id] += move.grams
    for lot in lots:
        if not lot.on_hand_g == grams[lot.id] >= 0:
            yield f"lot {lot.id}: {lot.on_hand_g} g on hand, moves of {grams[lot.id]} g"
    for row in said:
        if came[row.id] != row.added_g:
            yield f"reception line {row.id}: {came[row.id]} g shelved"


def _invoices(invoices: list[Invoice], billed: list[InvoiceLine]) -> Iterable[str]:
    for invoice in invoices:
        mine = [row for row in billed if row.invoice_id == invoice.id]
        if invoice.amount_excl_tax != sum((row.amount_excl_tax for row in mine), Decimal(0)):
            yield f"invoice {invoice.id}: its lines do not make its amount"
        if invoice.vat != sum((row.vat for row in mine), Decimal(0)):
            yield f"invoice {invoice.id}: its lines do not make its VAT"


def _orders(orders: list[Order], lines: list[OrderLine], events: list[OrderEvent]) -> Iterable[str]:
    for order in orders:
        standing = replay(
            Happened(each.seq, each.at, each.kind, each.data) for each in events if each.order_id == order.id
        )
        if (standing.state, standing.last_seq) != (order.state, order.last_seq):
            yield f"order {order.id}: {order.state}, but {standing.state} by its events"
        for line in lines:
            if line.order_id == order.id and standing.lines[line.position].received_g != line.received_g:
                yield f"order line {line.id}: received by its events {standing.lines[line.position].received_g}"


def _credits(said: list[ReceptionLine], asked: list[CreditRequest]) -> Iterable[str]:
    by_line = {row.id: row for row in said}
    for request in asked:
        if request.grams != by_line[request.reception_line_id].refused_g:
            yield f"credit {request.id}: not what was refused"
