"""Where the meat of the lunches of a kitchen comes from: what diners must be told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.viewer import Viewer
from catering.receiving.models import StockLot, StockMove
from catering.receiving.queries_stock import meats_used_visible_to
from catering.rules.origin import Stages


async def meats_used(
    session: AsyncSession, viewer: Viewer | None, kitchen_id: int, first: date, last: date
) -> Mapping[tuple[date, str], Sequence[Stages]]:
    """Countries of the lots used for the lunches of some days, both included, by day and slug of the ingredient."""
    statement = meats_used_visible_to(viewer).where(
        StockLot.kitchen_id == kitchen_id, StockMove.menu_day.between(first, last)
    )
    found: dict[tuple[date, str], list[Stages]] = defaultdict(list)
    for _, day, slug, *countries in await session.execute(statement):
        found[day, slug].append(Stages(*countries))
    return found
