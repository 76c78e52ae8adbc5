"""Marks of baskets, orders, receptions, stock, purchases, credits and invoices: included in ``marks.MARKERS``.

What both sides of an order read bears the names of both. What is the kitchen's alone (baskets, stock, purchases, the
ground of an order line) bears its figure, which no seller may ever be shown. Amounts that the books compare with each
other stay as they are, so that an invoice can still be approved.
"""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.moment import now
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, OrderLine
from catering.orders.sold import read_sold
from catering.purchases.models import PurchaseLine, ThirdCountryReason
from catering.receiving.models import CreditRequest, Invoice, InvoiceLine, Reception, ReceptionLine, StockLot, StockMove
from tests.api import dataset_orders, dataset_procurement, dataset_receiving, marks

AMPLE = 700
"""Number of the first contract made for baskets."""


class Names:
    """The marks of kitchens and suppliers by row id."""

    def __init__(self, owners: "marks.Owners") -> None:
        self.places = {number: marks.word("lieu", uai) for uai, number in owners.kitchens.items()}
        self.farms = {number: marks.word("fournisseur", slug) for slug, number in owners.suppliers.items()}

    def both(self, row: Order | Reception | CreditRequest | Invoice) -> str:
        """What is between a kitchen and a supplier."""
        return self.places[row.kitchen_id] + self.farms[row.supplier_id]


def spent(kitchen_id: int) -> Decimal:
    """A figure of a kitchen."""
    return Decimal(f"{marks.KITCHEN_FIGURES + kitchen_id}.00")


def sold(supplier_id: int) -> Decimal:
    """A figure of a supplier."""
    return Decimal(f"{marks.SUPPLIER_FIGURES + supplier_id}.00")


async def mark_baskets(session: AsyncSession, owners: "marks.Owners") -> None:
    """Baskets of all kitchens: the grams planned are the mark. Those who are not to be seen order as the others did."""
    await dataset_orders.fill_others(session)
    await dataset_receiving.fill_others(session)
    of_lines = select(BasketLine, Basket).join(Basket.lines)
    for line, basket in await session.execute(of_lines):
        line.planned_g = int(spent(basket.kitchen_id))


async def see_baskets(session: AsyncSession, owners: "marks.Owners") -> None:
    """The marks changed every condition of sale: who sends a basket has seen them."""
    del owners
    rows = select(Basket, Kitchen).join(Kitchen, Kitchen.id == Basket.kitchen_id).options(selectinload(Basket.lines))
    for basket, kitchen in (await session.execute(rows.execution_options(populate_existing=True))).tuples().all():
        offers = [line.offer_id for line in basket.lines]
        sold = {each.offer.id: each for each in await read_sold(session, kitchen, basket.week, offers, now())}
        for line in basket.lines:
            line.seen = sold[line.offer_id].terms(line.day, line.packs)


async def contract_baskets(session: AsyncSession, owners: "marks.Owners") -> None:
    """A wide contract for each farm that a basket buys of: prices that are marks pass every threshold (CCP-13)."""
    names = Names(owners)
    of_lines = select(Basket.kitchen_id, Offer).join(Basket.lines)
    bought = await session.execute(of_lines.join(Offer, Offer.id == BasketLine.offer_id))
    sides: dict[tuple[int, int], set[int]] = {}
    for kitchen_id, offer in bought:
        sides.setdefault((kitchen_id, offer.supplier_id), set()).add(offer.ingredient_id)
    for rank, ((kitchen_id, supplier_id), goods) in enumerate(sorted(sides.items())):
        made = dataset_procurement.ample_contract(AMPLE + rank, kitchen_id, supplier_id, sorted(goods))
        made.title = names.places[kitchen_id] + names.farms[supplier_id]
        made.lots[0].title = made.title
        for line in made.lots[0].lines:
            line.product = names.farms[supplier_id]
        session.add(made)


async def mark_orders(session: AsyncSession, owners: "marks.Owners") -> None:
    """Orders and all that happened to them: of who ordered and of who delivers; the ground is the kitchen's alone."""
    names, orders = Names(owners), {each.id: each for each in await session.scalars(select(Order))}
    for order in orders.values():
        order.amount, order.sent_by = sold(order.supplier_id), names.both(order)
    for line in await session.scalars(select(OrderLine)):
        order = orders[line.order_id]
        line.product = line.certificate_number = line.certifier = names.farms[order.supplier_id]
        line.origin = line.pack_label = names.both(order)
        line.ground = str(spent(order.kitchen_id))
    for event in await session.scalars(select(OrderEvent)):
        event.actor = names.both(orders[event.order_id])
        event.data = {**event.data, "reason": names.both(orders[event.order_id])}


async def mark_receptions(session: AsyncSession, owners: "marks.Owners") -> None:
    """Receptions: what a kitchen noted of a delivery, for itself and for who delivered."""
    names, receptions = Names(owners), {each.id: each for each in await session.scalars(select(Reception))}
    for reception in receptions.values():
        reception.delivery_note = reception.why = reception.actor = names.both(reception)
    for line in await session.scalars(select(ReceptionLine)):
        reception = receptions[line.reception_id]
        line.product, line.comment = names.farms[reception.supplier_id], names.both(reception)
        line.added_amount = sold(reception.supplier_id)


async def mark_stock(session: AsyncSession, owners: "marks.Owners") -> None:
    """Lots, their moves and what was bought: of the kitchen alone."""
    kitchens = {}
    for lot in await session.scalars(select(StockLot)):
        kitchens[lot.id] = str(spent(lot.kitchen_id))
        lot.product = kitchens[lot.id] + Names(owners).farms[lot.supplier_id]
    for move in await session.scalars(select(StockMove)):
        move.why = move.actor = kitchens[move.lot_id]
    for bought in await session.scalars(select(PurchaseLine)):
        bought.amount_excl_tax = spent(bought.kitchen_id)
        bought.product = bought.origin = bought.certificate_number = str(spent(bought.kitchen_id))
    for reason in await session.scalars(select(ThirdCountryReason)):
        reason.product = reason.reason = str(spent(reason.kitchen_id))


async def mark_bills(session: AsyncSession, owners: "marks.Owners") -> None:
    """Invoices and requests for credits: of who pays and of who is paid."""
    names, invoices = Names(owners), {each.id: each for each in await session.scalars(select(Invoice))}
    for invoice in invoices.values():
        invoice.number = f"{names.farms[invoice.supplier_id]}{invoice.id}"
        invoice.amount_excl_tax = sold(invoice.supplier_id)
    for line in await session.scalars(select(InvoiceLine)):
        line.product = names.both(invoices[line.invoice_id])
    for asked in await session.scalars(select(CreditRequest)):
        asked.answer, asked.amount = names.both(asked), sold(asked.supplier_id)


MARKERS: tuple[Callable[[AsyncSession, "marks.Owners"], Awaitable[None]], ...] = (
    mark_baskets, contract_baskets, see_baskets, mark_orders, mark_receptions, mark_stock, mark_bills,
)  # fmt: skip
