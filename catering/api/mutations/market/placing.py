"""Whether a supplier lies where it says: the distances of the law are measured from the coordinates that it states."""

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession

from catering.geography import crow_km
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import names_visible_to
from catering.market.refusals import InvalidSupplier
from catering.market.registering import Identity
from catering.people.viewer import Viewer
from catering.spelling import tidy

WIDEST_KM = 25
"""From a collège to whatever lies in its commune, generously; more is held for a contradiction."""


async def require_place(session: AsyncSession, viewer: Viewer, identity: Identity) -> None:
    """Check commune, INSEE code and coordinates against the collèges, whose places are published: one statement.

    Of a commune without a collège nothing is known, and nothing is refused.

    Raises:
        InvalidSupplier: the coordinates are far from the commune of the INSEE code, or that code is another commune's.
    """
    named = func.lower(Kitchen.commune) == tidy(identity.commune).lower()
    known = names_visible_to(viewer).where(or_(Kitchen.insee == identity.insee, named)).order_by(Kitchen.id)
    for kitchen in await session.scalars(known):
        km = crow_km(identity.lat, identity.lon, kitchen.lat, kitchen.lon)
        if kitchen.insee == identity.insee and km > WIDEST_KM:
            raise InvalidSupplier(
                f"Les coordonnées sont à {km} km de {kitchen.commune}, la commune du code INSEE {identity.insee} : "
                "corriger les coordonnées ou le code."
            )
        if kitchen.insee != identity.insee and km <= WIDEST_KM:
            raise InvalidSupplier(
                f"Le code INSEE de {kitchen.commune} est {kitchen.insee}, non {identity.insee} : corriger le code ou "
                "la commune."
            )
