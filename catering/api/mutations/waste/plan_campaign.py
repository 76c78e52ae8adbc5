"""Plan the days of a campaign."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.weighings import WeighingCampaign, show_campaign
from catering.waste.loaders import CampaignById
from catering.waste.service.counting import plan_campaign as plan


@strawberry.type(description="Planned.")
class CampaignPlanned:
    campaign: WeighingCampaign = strawberry.field(description="The campaign.")


PlanCampaignResult: TypeAlias = Annotated[
    CampaignPlanned
    | refusals.UnknownKitchen
    | refusals.InvalidCampaign
    | refusals.CampaignOverlaps
    | NotAllowed
    | KeyRefused,
    strawberry.union("PlanCampaignResult", description="The campaign, or why it cannot be."),
]


@documented
async def plan_campaign(
    info: Ask,
    kitchen: ActingFor,
    first_day: Annotated[date, strawberry.argument(description="First day, included.")],
    last_day: Annotated[date, strawberry.argument(description="Last day, included; five days of service at least.")],
    idempotency_key: IdempotencyKey,
    note: Annotated[str | None, strawberry.argument(description="In a few words.")] = None,
) -> PlanCampaignResult:
    """Plan a campaign by the protocol of the establishment (GAS-10); campaigns of a kitchen never overlap."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await plan(session, viewer, str(kitchen), first_day, last_day, note)).id)

    try:
        given = [kitchen, first_day, last_day, note]
        kept = await once(request, asked("planCampaign", idempotency_key, given), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(CampaignById).load(int(kept))
    assert row is not None, "who plans a campaign may read it"
    return CampaignPlanned(campaign=show_campaign(row))
