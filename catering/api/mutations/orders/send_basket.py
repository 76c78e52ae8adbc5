"""Send a basket: one order per supplier and delivery day, all of them or none."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.orders import refusals
from catering.api.mutations.orders.changing_basket import BasketPlace, place_of
from catering.api.mutations.procurement.refusals import AboveThreshold, BeyondAward, BeyondMaximum
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.moment import now
from catering.orders import sale_terms
from catering.orders.checking import CHECKS
from catering.orders.committing import commit_lines
from catering.orders.graph.baskets import Basket, basket_of
from catering.orders.graph.notices import BasketNotice, Purchase, notices_of_need
from catering.orders.graph.orders import Order, show_order
from catering.orders.queries import sent_together
from catering.orders.sending import send
from catering.planning.sharing import SharedByPlan
from catering.refusal import Refusal


@strawberry.input(description="Conditions of sale that moved and that you accept.")
class AcceptedTerms:
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    day: date = strawberry.field(description="Delivery day of the line.")
    fingerprint: strawberry.ID = strawberry.field(description="Of the conditions seen, as `TermsChanged` told it.")


@strawberry.type(description="The orders are sent; the basket is empty.")
class BasketSent:
    orders: list[Order] = strawberry.field(description="One per supplier and delivery day.")
    basket: Basket = strawberry.field(description="With its new version.")
    notices: list[BasketNotice] = strawberry.field(
        description="Thresholds that the needs come near now, one supplier that always wins: of the families bought."
    )


SendBasketResult: TypeAlias = Annotated[
    BasketSent
    | refusals.EmptyBasket
    | refusals.BasketChanged
    | refusals.TermsChanged
    | refusals.TooLate
    | refusals.NotADeliveryDay
    | refusals.TooFar
    | refusals.NotProven
    | refusals.NotForSale
    | refusals.SupplierAway
    | refusals.NotHygienic
    | AboveThreshold
    | BeyondMaximum
    | BeyondAward
    | refusals.BelowMinimum
    | refusals.NotEnough
    | NotAllowed
    | KeyRefused,
    strawberry.union("SendBasketResult", description="The orders, or why there is none."),
]


@documented
async def send_basket(
    info: Ask,
    basket: Annotated[BasketPlace, strawberry.argument(description="The basket, as you last saw it.")],
    idempotency_key: IdempotencyKey,
    accepted_terms: Annotated[
        list[AcceptedTerms] | None,
        strawberry.argument(description="Conditions of now that you accept, of lines that you saw under others."),
    ] = None,
) -> SendBasketResult:
    """Order what is in the basket: conditions of sale, cut-offs, minimums, certificates, sale dates and hygiene are
    checked, stock is taken, each line is bought on a contract, an award or below the threshold; all or nothing. Only
    the kitchen may."""
    try:
        return await _send(info, basket, accepted_terms or [], idempotency_key)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come


async def _send(info: Ask, basket: BasketPlace, accepted: list[AcceptedTerms], key: str) -> BasketSent:
    request, place = info.context, place_of(basket)
    viewer = request.viewer
    terms = sorted({sale_terms.AcceptedTerms(str(each.offer), each.day, str(each.fingerprint)) for each in accepted})
    sending = str(place.seen + 1)

    async def write(session: AsyncSession) -> str:
        await send(session, viewer, place, terms, now(), checks=(*CHECKS, SharedByPlan()), grounds=commit_lines)
        return sending

    given = [asdict(basket), terms]
    made = await once(request, asked("sendBasket", key, given), write, makes=sending)
    rows = await request.rows(sent_together(viewer, place.uai, place.week, int(made)))
    kitchen_id = rows[0].Order.kitchen_id
    purchases = [
        Purchase(order.supplier_id, ingredient, line.offer_id, line.amount) for order, line, ingredient in rows
    ]
    return BasketSent(
        orders=[show_order(order) for order in dict.fromkeys(row.Order for row in rows)],
        basket=await basket_of(info, kitchen_id, place.week),
        notices=[*await notices_of_need(info, kitchen_id, purchases, committed=True)],
    )
