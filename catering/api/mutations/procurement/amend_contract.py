"""Record an avenant to a contract."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_contract import ContractId, change_contract
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.contracts import Contract
from catering.procurement.refusals import InvalidChange
from catering.procurement.service.amending import AmendmentWish, amend
from catering.refusal import Refusal


@strawberry.input(description="The new price of a product.")
class AmendedPriceInput:
    line_id: strawberry.ID = strawberry.field(description="Number of the line of the contract.")
    price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax, four decimals at most.")


@strawberry.input(description="An avenant as it was signed; what is left out stays as it is.")
class AmendmentInput:
    day: date = strawberry.field(description="From when its prices hold, today or later; the rest holds at once.")
    reason: str = strawberry.field(description="Why, in French, 20 to 2000 characters; the supplier reads it.")
    end_day: date | None = strawberry.field(default=None, description="New last day; four years in all at most.")
    max_eur: Decimal | None = strawberry.field(
        default=None, description="New maximum over the whole duration, € excl. tax; not below what is ordered."
    )
    prices: list[AmendedPriceInput] = strawberry.field(default_factory=list, description="New prices.")


@strawberry.type(description="The avenant is recorded.")
class ContractAmended:
    contract: Contract = strawberry.field(description="As it stands.")


AmendContractResult: TypeAlias = Annotated[
    ContractAmended
    | refusals.UnknownContract
    | refusals.ContractOver
    | refusals.InvalidChange
    | refusals.InvalidContract
    | refusals.BelowOrdered
    | refusals.AboveThreshold
    | refusals.ReasonMissing
    | refusals.GeographicCondition
    | NotAllowed
    | KeyRefused,
    strawberry.union("AmendContractResult", description="The amended contract, or why it is not."),
]


@documented
async def amend_contract(
    info: Ask,
    contract_id: ContractId,
    amendment: Annotated[AmendmentInput, strawberry.argument(description="What was signed.")],
    idempotency_key: IdempotencyKey,
) -> AmendContractResult:
    """Record an avenant; who may record the contract may."""

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await amend(session, viewer, number, amendment_wish(amendment))

    try:
        changed = await change_contract(info.context, "amendContract", contract_id, amendment, idempotency_key, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ContractAmended(contract=changed)


def amendment_wish(amendment: AmendmentInput) -> AmendmentWish:
    """The avenant as procurement reads it.

    Raises:
        catering.procurement.refusals.InvalidChange: a line has two prices.
        BadArgumentError: the number of a line is none.
    """
    prices = {row_number(each.line_id, "contract.lines"): each.price_eur_per_kg for each in amendment.prices}
    if len(prices) < len(amendment.prices):
        raise InvalidChange("Une ligne a deux prix : n'en garder qu'un.")
    return AmendmentWish(amendment.day, amendment.reason, amendment.end_day, amendment.max_eur, prices)
