"""State what the sanitary plan of a kitchen tolerates on arrival."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.moment import now
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import TemperatureTolerance
from catering.receiving.queries import tolerances_visible_to
from catering.receiving.service.stock import own_kitchen
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import degrees

MOST_TOLERATED = Decimal(5)
"""Degrees: more is no tolerance, it is another limit."""


async def tolerate(
    session: AsyncSession, viewer: Viewer, uai: str, category: ProductCategory, celsius: Decimal
) -> TemperatureTolerance:
    """Set the degrees beyond the limit at which goods are still accepted with a reserve; 0 is none. It leaves a trace.

    Raises:
        refusals.Refusal: not the viewer's kitchen, or a tolerance that cannot be.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    if not (celsius.is_finite() and 0 <= celsius <= MOST_TOLERATED and celsius == round(celsius, 1)):
        raise refusals.InvalidMove(
            f"{degrees(celsius)} : donner une tolérance de 0 à {degrees(MOST_TOLERATED)}, au dixième."
        )
    of = tolerances_visible_to(viewer).where(
        TemperatureTolerance.kitchen_id == kitchen.id, TemperatureTolerance.category == category
    )
    row = await session.scalar(of.with_for_update())
    before = None if row is None else {"celsius": str(row.celsius)}
    if row is None:
        row = TemperatureTolerance(kitchen_id=kitchen.id, category=category, celsius=celsius)
        session.add(row)
    row.celsius = celsius
    session.add(
        ChangeEvent(
            at=now(),
            actor=viewer.actor,
            subject=TemperatureTolerance.__tablename__,
            key=f"{kitchen.uai} {category}",
            before=before,
            after={"celsius": str(celsius)},
        )
    )
    await session.flush()
    return row
