"""Give a campaign up."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import Why
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.service.counting import cancel_campaign as cancel


@strawberry.type(description="Given up; what was weighed stays.")
class CampaignCancelled:
    campaign_id: strawberry.ID = strawberry.field(description="Number it had.")


CancelCampaignResult: TypeAlias = Annotated[
    CampaignCancelled | refusals.InvalidCampaign | NotAllowed | KeyRefused,
    strawberry.union("CancelCampaignResult", description="Its number, or why nothing is changed."),
]


@documented
async def cancel_campaign(
    info: Ask,
    campaign_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the campaign.")],
    why: Why,
    idempotency_key: IdempotencyKey,
) -> CancelCampaignResult:
    """Give a campaign up, so that its days are free for another; it leaves a trace."""
    request = info.context
    viewer = request.viewer
    number = row_number(str(campaign_id), "campagne")

    async def write(session: AsyncSession) -> str:
        return await cancel(session, viewer, number, why)

    try:
        kept = await once(request, asked("cancelCampaign", idempotency_key, [number, why]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return CampaignCancelled(campaign_id=strawberry.ID(kept))
