"""Tell how a lot of a contract was judged."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import UnknownDocument
from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_contract import ContractId, change_contract
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.procurement.graph.contracts import Contract
from catering.procurement.service.qualities import QualityWish, state_quality
from catering.refusal import Refusal
from catering.rules.egalim_tender import Judged


@strawberry.input(description="The criteria by which a lot was awarded, as the règlement de la consultation has them.")
class LotQualityInput:
    lot: int = strawberry.field(description="Number of the lot.")
    sign: strawberry.ID = strawberry.field(description="`EXTERNALITES` or `PERFORMANCE`.")
    weight_pct: Decimal = strawberry.field(description="Weight of the environmental criterion in the marks, percent.")
    direct_weight_pct: Decimal | None = strawberry.field(
        default=None, description="Weight of the criterion of direct supply, percent; of `PERFORMANCE`."
    )
    mark_pct: Decimal | None = strawberry.field(
        default=None, description="Percent of the best mark that the product got; of `EXTERNALITES`."
    )
    document: strawberry.ID = strawberry.field(description="Number of the file that shows it (PDF or image).")


@strawberry.type(description="What is received on the lot from now on counts by the sign.")
class LotQualityStated:
    contract: Contract = strawberry.field(description="As it stands.")


StateLotQualityResult: TypeAlias = Annotated[
    LotQualityStated
    | refusals.UnknownContract
    | refusals.ContractOver
    | refusals.InvalidChange
    | UnknownDocument
    | NotAllowed
    | KeyRefused,
    strawberry.union("StateLotQualityResult", description="The contract with its lot, or why nothing was written."),
]


@documented
async def state_lot_quality(
    info: Ask,
    contract_id: ContractId,
    quality: Annotated[LotQualityInput, strawberry.argument(description="The lot, its criteria, and the proof.")],
    idempotency_key: IdempotencyKey,
) -> StateLotQualityResult:
    """Tell by which criteria a lot was awarded, so that its products count for EGAlim; who may record it may."""
    judged = Judged(str(quality.sign), quality.weight_pct, quality.direct_weight_pct, quality.mark_pct)
    wish = QualityWish(quality.lot, judged, row_number(quality.document, "document"))

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> None:
        await state_quality(session, viewer, number, wish)

    given = {name: None if value is None else str(value) for name, value in vars(quality).items()}
    try:
        changed = await change_contract(info.context, "stateLotQuality", contract_id, given, idempotency_key, change)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return LotQualityStated(contract=changed)
