"""What the market must know of the ingredients, told by their own room: neither knows the other."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.sheet_checks import Known
from catering.people.viewer import Viewer
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients


async def known_ingredients(session: AsyncSession, viewer: Viewer) -> Mapping[str, Known]:
    """All ingredients that the kitchens know, by slug, in one statement."""
    columns = (Ingredient.id, Ingredient.slug, Ingredient.kind, Ingredient.minced)
    rows = await session.execute(ingredients(viewer).with_only_columns(*columns))
    return {slug: Known(number, slug, kind.value, minced) for number, slug, kind, minced in rows}
