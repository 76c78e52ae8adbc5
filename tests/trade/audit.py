"""All the books of the trade, compared with each other: to the gram and to the cent, whoever did what before."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.market.delivered import vat_of
from catering.market.models import OfferWeek
from catering.orders.committing import source_of
from catering.orders.life import happened, standing_of
from catering.orders.models import Order
from catering.orders.replay import Standing, replay
from catering.procurement.models import ConsultationAward, Contract, Engagement
from catering.purchases.models import PurchaseLine, PurchaseSum
from catering.purchases.summing import KEY, cell_of
from catering.receiving.models import CreditRequest, Invoice, InvoiceEvent, InvoiceLine, ReceptionLine, StockMove
from catering.receiving.queries_invoices import AGREED
from catering.receiving.vocabulary import CreditState, InvoiceState
from tests.receiving import books


async def faults(session: AsyncSession) -> list[str]:
    """Where any two books do not agree; none when all is right."""

    async def every(table: Any, *options: Any) -> list[Any]:
        return list(await session.scalars(select(table).options(*options).execution_options(populate_existing=True)))

    orders = await every(Order, selectinload(Order.lines), selectinload(Order.events))
    engaged, bought = await every(Engagement), await every(PurchaseLine)
    invoices, billed = await every(Invoice), await every(InvoiceLine)
    said = await every(ReceptionLine)
    return [
        *_orders(orders),
        *_stock_of_offers(orders, await every(OfferWeek)),
        *await books.faults(session),
        *_commitments(orders, engaged),
        *_ceilings(engaged, await every(Contract), await every(ConsultationAward)),
        *_sums(bought, await every(PurchaseSum)),
        *_invoices(invoices, await every(InvoiceEvent)),
        *_billed(invoices, billed, said, bought),
        *_vat(invoices, billed),
        *_handed_over(await every(StockMove)),
        *_credits_of_chains(await every(CreditRequest), said),
    ]


def _replayed(order: Order) -> Standing:
    return replay(happened(event) for event in order.events)


def _orders(orders: Iterable[Order]) -> Iterable[str]:
    for order in orders:
        if _replayed(order) != standing_of(order):
            yield f"order {order.id}: its events do not make its row"
        if order.amount != sum(line.amount for line in order.lines):
            yield f"order {order.id}: its lines do not make its amount"
        if order.vat != sum(line.vat for line in order.lines):
            yield f"order {order.id}: its lines do not make its VAT"
        if not order.state.stands and any(line.packs for line in order.lines):
            yield f"order {order.id}: {order.state}, and still takes packs"


def _stock_of_offers(orders: Iterable[Order], weeks: Iterable[OfferWeek]) -> Iterable[str]:
    taken: Counter[Any] = Counter()
    for order in orders:
        for line in order.lines:
            taken[line.offer_id, order.week] += line.grams
    reserved = {(each.offer_id, each.week): each for each in weeks}
    for key in taken.keys() | reserved.keys():
        said = reserved[key].reserved_g if key in reserved else 0
        if more := said - taken[key]:
            yield f"offer {key[0]}, week {key[1]}: {more} g more reserved than orders take"
        most = reserved[key].available_g if key in reserved else None
        if most is not None and said > most:
            yield f"offer {key[0]}, week {key[1]}: {said} g reserved of {most} g"


def _commitments(orders: Iterable[Order], engaged: Iterable[Engagement]) -> Iterable[str]:
    """A line commits what is agreed, then what was accepted of it (decision 77)."""
    held: dict[str, Decimal] = defaultdict(Decimal)
    for each in engaged:
        held[each.source] += each.amount
    for order in orders:
        standing = _replayed(order)
        for position in standing.lines:
            due, source = standing.due(position), source_of(order.id, position)
            if source in held and held[source] != due:
                yield f"{source}: {held[source]} € committed, {due} € due"


def _ceilings(
    engaged: list[Engagement], contracts: Iterable[Contract], awards: Iterable[ConsultationAward]
) -> Iterable[str]:
    drawn: dict[Any, Decimal] = defaultdict(Decimal)
    for each in engaged:
        drawn["contract", each.contract_id] += each.amount
        if not each.counted:
            drawn["lot", each.lot_id] += each.amount
    for contract in contracts:
        if more := contract.ordered_amount - drawn["contract", contract.id]:
            yield f"contract {contract.id}: {more} € more ordered than committed"
        if contract.ordered_amount > contract.max_amount:
            yield f"contract {contract.id}: {contract.ordered_amount} € ordered of {contract.max_amount} €"
    for award in awards:
        if more := award.ordered_amount - drawn["lot", award.lot_id]:
            yield f"award of lot {award.lot_id}: {more} € more ordered than committed"
        if award.ordered_amount > award.amount:
            yield f"award of lot {award.lot_id}: {award.ordered_amount} € ordered of {award.amount} €"


def _sums(bought: Iterable[PurchaseLine], sums: Iterable[PurchaseSum]) -> Iterable[str]:
    made: dict[Any, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
    for row in bought:
        key = (row.year, row.kitchen_id, *cell_of(row))
        amount, lines = made[key]
        made[key] = amount + row.amount_excl_tax, lines + 1
    kept = {tuple(getattr(row, name) for name in KEY): (row.amount_excl_tax, row.lines) for row in sums if row.lines}
    for key in made.keys() | kept.keys():
        if kept.get(key) != made.get(key):
            yield f"sum of purchases {key[:4]}: {kept.get(key)} kept, {made.get(key)} by the lines"


def _invoices(invoices: Iterable[Invoice], events: Iterable[InvoiceEvent]) -> Iterable[str]:
    of: dict[int, list[InvoiceEvent]] = defaultdict(list)
    for event in events:
        of[event.invoice_id].append(event)
    for invoice in invoices:
        mine = sorted(of[invoice.id], key=lambda event: event.seq)
        if not mine or (mine[-1].seq, mine[-1].state) != (invoice.last_seq, invoice.state):
            yield f"invoice {invoice.id}: {invoice.state}, not what its events say"
        if any(later.seq != earlier.seq + 1 for earlier, later in pairwise(mine)):
            yield f"invoice {invoice.id}: events are missing"


def _billed(
    invoices: list[Invoice],
    billed: Iterable[InvoiceLine],
    said: Iterable[ReceptionLine],
    bought: Iterable[PurchaseLine],
) -> Iterable[str]:
    """A purchase bears the number of an invoice that counts and bills its line."""
    counts = {each.id: each for each in invoices if each.state is not InvoiceState.REJECTED}
    numbers: dict[int | None, set[str]] = defaultdict(set)
    for line in billed:
        if line.invoice_id in counts:
            numbers[line.order_line_id].add(counts[line.invoice_id].number)
    order_line = {row.id: row.order_line_id for row in said}
    for row in bought:
        if row.reception_line_id is None or row.invoice_number is None:
            continue
        if row.invoice_number not in numbers[order_line[row.reception_line_id]]:
            yield f"purchase {row.id}: bears invoice {row.invoice_number}, which does not bill it"


def _vat(invoices: Iterable[Invoice], billed: Iterable[InvoiceLine]) -> Iterable[str]:
    """A document that agrees with the books, or that the platform wrote, bears the VAT of its amounts."""
    agreed = {each.id for each in invoices if each.state in AGREED or each.stated_total is None}
    for line in billed:
        if line.invoice_id in agreed and line.vat != vat_of(line.amount_excl_tax, line.vat_pct):
            yield f"invoice {line.invoice_id}, line {line.position}: {line.vat} € is not its VAT"


def _handed_over(moves: Iterable[StockMove]) -> Iterable[str]:
    grams: Counter[str] = Counter()
    for move in moves:
        if move.transfer is not None:
            grams[move.transfer] += move.grams
    for transfer, left in grams.items():
        if left:
            yield f"transfer {transfer}: {left} g came from nowhere"


ANSWERED = (CreditState.GRANTED, CreditState.DECLINED)


def _credits_of_chains(asked: list[CreditRequest], said: list[ReceptionLine]) -> Iterable[str]:
    """What was refused is asked back once, of the line in force, however often the note of it was corrected."""
    replaced = {row.corrects_id for row in said}
    first: dict[int, int] = {}
    for row in sorted(said, key=lambda row: row.id):
        first[row.id] = row.id if row.corrects_id is None else first[row.corrects_id]
    states: dict[int, list[CreditState]] = defaultdict(list)
    for request in asked:
        states[first[request.reception_line_id]].append(request.state)
        if request.state is CreditState.ASKED and request.reception_line_id in replaced:
            yield f"credit {request.id}: asked of a note that was corrected"
    for line, found in states.items():
        if (number := sum(state is CreditState.ASKED or state in ANSWERED for state in found)) > 1:
            yield f"reception line {line}: {number} credits asked of the same goods"
    for row in said:
        if row.id not in replaced and row.refused_g and set(states[first[row.id]]) <= {CreditState.WITHDRAWN}:
            yield f"reception line {row.id}: refused, and nobody was told"


class Totals(dict[int, tuple[int, Decimal]]):
    """Grams and € of order lines."""

    def __missing__(self, line: int) -> tuple[int, Decimal]:
        return 0, Decimal(0)

    def add(self, line: int, grams: int, amount: Decimal) -> None:
        """So much more of a line."""
        before = self[line]
        self[line] = before[0] + grams, before[1] + amount

    def that_are_something(self) -> dict[int, tuple[int, Decimal]]:
        """Without lines of nothing."""
        return {line: total for line, total in self.items() if any(total)}
