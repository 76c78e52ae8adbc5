"""Whether kitchens and suppliers that people are to act for exist: people themselves know nothing of either room."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.people.refusals import UnknownPlaces
from catering.people.viewer import Viewer


async def require_places(session: AsyncSession, viewer: Viewer, uais: Collection[str], slugs: Collection[str]) -> None:
    """Check that the kitchens of these UAI and the suppliers of these ids exist.

    Raises:
        UnknownPlaces: some do not.
    """
    known = set(await session.scalars(kitchens(viewer, uais=uais).with_only_columns(Kitchen.uai)))
    if unknown := set(uais) - known:
        raise UnknownPlaces("Cuisines", unknown)
    known = set(await session.scalars(suppliers(viewer, slugs=slugs).with_only_columns(Supplier.slug)))
    if unknown := set(slugs) - known:
        raise UnknownPlaces("Fournisseurs", unknown)
