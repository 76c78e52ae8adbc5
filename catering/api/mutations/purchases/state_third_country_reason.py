"""Write down why a product is bought from a third country."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.writing import write_once
from catering.api.mutations.purchases import refusals
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.third_country import ReasonWish, state_reason
from catering.refusal import Refusal


@strawberry.type(description="The reason stands for every purchase of the product in that year.")
class ThirdCountryReasonStated:
    product: str = strawberry.field(description="The product.")
    year: int = strawberry.field(description="Civil year.")
    kitchens: int = strawberry.field(description="Kitchens that have a reason for it now.")


StateThirdCountryReasonResult: TypeAlias = Annotated[
    ThirdCountryReasonStated | refusals.ReasonRefused | NotAllowed | KeyRefused,
    strawberry.union("StateThirdCountryReasonResult", description="What was written down, or why nothing was."),
]


@documented
async def state_third_country_reason(
    info: Ask,
    product: Annotated[str, strawberry.argument(description="The product, as the purchases name it.")],
    year: Annotated[int, strawberry.argument(description="Civil year.")],
    reason: Annotated[str, strawberry.argument(description="Why no European offer suffices, in French.")],
    idempotency_key: IdempotencyKey,
    kitchen: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="Only of this kitchen (UAI); null: of all yours that wrote none yet."),
    ] = None,
) -> StateThirdCountryReasonResult:
    """Write down why a product is bought from outside the EU and the EEA (EGA-51)."""
    wish = ReasonWish(product, year, reason, kitchen)

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return str(await state_reason(session, viewer, wish))

    given = [product, year, reason, kitchen]
    try:
        made = await write_once(info.context, "stateThirdCountryReason", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ThirdCountryReasonStated(product=product, year=year, kitchens=int(made))
