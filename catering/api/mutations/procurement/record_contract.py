"""Record a contract that was signed."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.procurement.graph.contracts import Contract, show_contract
from catering.procurement.graph.loads import ContractById
from catering.procurement.revision import Clause
from catering.procurement.service.contracting import ContractWish, LineWish, LotWish
from catering.procurement.service.contracting import record_contract as keep
from catering.procurement.vocabulary import Procedure, RevisionRhythm
from catering.refusal import Refusal


@strawberry.input(description="How a price follows an index.")
class RevisionClauseInput:
    index: strawberry.ID = strawberry.field(description="One of `priceIndices`.")
    base_index: Decimal = strawberry.field(description="Value to which the base price belongs.")
    fixed_share: Decimal = strawberry.field(description="Share that does not move, 0 to less than 1.")
    rhythm: RevisionRhythm = strawberry.field(description="How often the price changes.")


@strawberry.input(description="A product of a lot.")
class ContractLineInput:
    ingredient: strawberry.ID = strawberry.field(description="What it is (id).")
    product: str = strawberry.field(description="In French, 1 to 200 characters.")
    price_eur_per_kg: Decimal = strawberry.field(description="Base price, €/kg excl. tax, four decimals at most.")
    offer: strawberry.ID | None = strawberry.field(
        default=None, description="Only this product of the supplier (id); all that are this ingredient by default."
    )
    clause: RevisionClauseInput | None = strawberry.field(
        default=None, description="Mandatory for raw materials over three months; a fixed price by default."
    )


@strawberry.input(description="A lot: products of one famille homogène.")
class ContractLotInput:
    number: int = strawberry.field(description="From 1, each once.")
    title: str = strawberry.field(description="In French, 1 to 200 characters.")
    estimated_eur: Decimal = strawberry.field(description="€ excl. tax over the whole duration.")
    lines: list[ContractLineInput] = strawberry.field(description="Its products.")
    small: bool = strawberry.field(default=False, description="A petit lot, awarded by a lighter procedure.")


@strawberry.input(description="An accord-cadre with one supplier.")
class ContractInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI of the buyer or of the coordinator.")
    members: list[strawberry.ID] = strawberry.field(description="UAI of all who may order; the buyer may at any rate.")
    number: str = strawberry.field(description="As the buyer numbers it, 1 to 60 characters.")
    title: str = strawberry.field(description="In French, 1 to 200 characters.")
    supplier: strawberry.ID = strawberry.field(description="Who holds it (id).")
    procedure: Procedure = strawberry.field(description="How it was awarded.")
    start_day: date = strawberry.field(description="First day, included.")
    end_day: date = strawberry.field(description="Last day, included; four years at most.")
    min_eur: Decimal = strawberry.field(description="Least to be ordered, € excl. tax; 0 for none.")
    max_eur: Decimal = strawberry.field(description="Most to be ordered, € excl. tax; mandatory.")
    lots: list[ContractLotInput] = strawberry.field(description="At least one.")


@strawberry.type(description="Orders may be drawn on the contract.")
class ContractRecorded:
    contract: Contract = strawberry.field(description="As it stands.")


RecordContractResult: TypeAlias = Annotated[
    ContractRecorded
    | refusals.UnknownBuyer
    | refusals.UnknownGoods
    | refusals.InvalidContract
    | refusals.GeographicCondition
    | refusals.AboveThreshold
    | NotAllowed
    | KeyRefused,
    strawberry.union("RecordContractResult", description="The contract, or why it is not recorded."),
]


@documented
async def record_contract(
    info: Ask,
    contract: Annotated[ContractInput, strawberry.argument(description="What was signed.")],
    idempotency_key: IdempotencyKey,
) -> RecordContractResult:
    """Record a signed contract; the gestionnaire of all its members may, or the Département for a groupement."""
    request, wish = info.context, contract_wish(contract)
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await keep(session, viewer, wish)).id)

    try:
        number = int(await once(request, asked("recordContract", idempotency_key, contract), write))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(ContractById).load(number)
    assert row is not None, "who may record a contract may read it"
    return ContractRecorded(contract=show_contract(row))


def contract_wish(contract: ContractInput) -> ContractWish:
    """The contract as procurement reads it."""
    return ContractWish(
        kitchen=contract.kitchen,
        members=contract.members,
        number=contract.number,
        title=contract.title,
        supplier=contract.supplier,
        procedure=contract.procedure,
        start=contract.start_day,
        end=contract.end_day,
        least=contract.min_eur,
        most=contract.max_eur,
        lots=[
            LotWish(lot.number, lot.title, lot.estimated_eur, [_line(line) for line in lot.lines], lot.small)
            for lot in contract.lots
        ],
    )


def _line(line: ContractLineInput) -> LineWish:
    given = line.clause
    clause = None if given is None else Clause(given.index, given.base_index, given.fixed_share, given.rhythm)
    return LineWish(line.ingredient, line.product, line.price_eur_per_kg, line.offer, clause)
