"""What a reception brings into the books, in its own transaction: purchases, stock, requests for credits."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.vocabulary import PriceSource
from catering.people.viewer import Viewer
from catering.purchases.service import Bought, enter
from catering.receiving.models import Reception, ReceptionLine
from catering.receiving.service.delivery import Delivery
from catering.receiving.service.requesting import ask, chain_of
from catering.receiving.service.shelves import Arrived, Change, change, shelve
from catering.receiving.vocabulary import MoveKind


async def book(
    session: AsyncSession, viewer: Viewer, delivery: Delivery, reception: Reception, rows: Sequence[ReceptionLine]
) -> None:
    """Bring the lines of a reception into the books.

    Raises:
        catering.receiving.refusals.NotEnoughStock: a correction takes back what has been used.
    """
    replaced = {line.id: line for line in delivery.said}
    await _buy(session, viewer, delivery, reception, rows, replaced)
    await _shelve(session, viewer, delivery, reception, rows, replaced)
    await ask(session, viewer, delivery.lines, replaced, reception, rows)


async def _buy(
    session: AsyncSession,
    viewer: Viewer,
    delivery: Delivery,
    reception: Reception,
    rows: Sequence[ReceptionLine],
    replaced: dict[int, ReceptionLine],
) -> None:
    bought = []
    for row in rows:
        if not row.added_g and not row.added_amount:
            continue
        line = delivery.lines[row.order_line_id]
        bought.append(
            Bought(
                reception_line_id=row.id,
                ingredient_id=row.ingredient_id,
                kind=delivery.ingredients[row.ingredient_id].kind.value,
                product=row.product,
                family=delivery.ingredients[row.ingredient_id].family,
                label=line.label,
                certificate_id=line.certificate_id,
                certificate_number=line.certificate_number,
                origin=line.origin,
                origin_country=line.origin_country,
                grams=row.added_g,
                amount_excl_tax=row.added_amount,
                vat_pct=line.vat_pct,
                contract_line_id=line.price_line if line.price_source is PriceSource.CONTRACT else None,
                corrects=chain_of(row, replaced),
            )
        )
    if bought:
        await enter(session, viewer, delivery.kitchen, delivery.supplier, reception.day, bought)


async def _shelve(
    session: AsyncSession,
    viewer: Viewer,
    delivery: Delivery,
    reception: Reception,
    rows: Sequence[ReceptionLine],
    replaced: dict[int, ReceptionLine],
) -> None:
    corrected = [replaced[row.corrects_id] for row in rows if row.corrects_id is not None]
    told = [*rows, *corrected]
    arrived = {row.id: _arrived(delivery, row) for row in told if row.accepted_g}
    lots = await shelve(session, viewer, delivery.kitchen.id, list(arrived.values()))
    changes: list[Change] = []
    for row in rows:
        before = replaced.get(row.corrects_id) if row.corrects_id is not None else None
        kind = MoveKind.RECEPTION if before is None else MoveKind.RECEPTION_CORRECTED
        grams: dict[int, int] = {}
        if before is not None and before.accepted_g:
            grams[lots[arrived[before.id].key]] = -before.accepted_g
        if row.accepted_g:
            lot = lots[arrived[row.id].key]
            grams[lot] = grams.get(lot, 0) + row.accepted_g
        changes += [
            Change(lot, kind, moved, reception.day, reception_line_id=row.id, why=reception.why)
            for lot, moved in grams.items()
            if moved
        ]
    await change(session, viewer, changes)


def _arrived(delivery: Delivery, row: ReceptionLine) -> Arrived:
    return Arrived(row.ingredient_id, delivery.supplier.id, row.product, row.lot, row.date_kind, row.expires_on)
