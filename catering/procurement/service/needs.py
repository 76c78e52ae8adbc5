"""What buyers have committed to over twelve months, read for a decision."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.need import Level, Standing, reached, window_of
from catering.procurement.queries import added_up, engagements


async def lock_buyers(session: AsyncSession, kitchen_ids: Collection[int]) -> None:
    """Let one decision at a time be taken on the needs of these kitchens: two must not both fit below a threshold."""
    rows = select(Kitchen.id).where(Kitchen.id.in_(kitchen_ids)).order_by(Kitchen.id)
    await session.execute(rows.with_for_update(key_share=True))


async def needs_of(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int], families: Collection[str], day: date
) -> dict[tuple[int, str], Decimal]:
    """Amount excl. tax committed in the months that end on a day, per kitchen and family; nothing is left out."""
    first, last = window_of(day)
    summed = added_up(engagements(viewer, first, last, kitchen_ids=kitchen_ids, families=families))
    return {(kitchen, family): amount for kitchen, family, amount in await session.execute(summed)}


async def refuse_above_threshold(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int], family: str, amount: Decimal, day: date
) -> None:
    """Let an amount be committed only if the needs of all the buyers together stay below the first threshold (CCP-25).

    Raises:
        refusals.AboveThreshold: they do not.
    """
    await lock_buyers(session, kitchen_ids)
    needs = await needs_of(session, viewer, kitchen_ids, [family], day)
    need = sum(needs.values(), amount)
    if above := reached(need, day):
        raise refusals.AboveThreshold(Standing(above, need, Level.REACHED))
