"""The standing order of the story: bread, or what the plan buys most often, in the first kitchen."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import ADMINISTRATION, Cast
from catering.demonstration.stage import Stage
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.orders.standing import StandingWish, fill_week, state
from catering.people.viewer import Role, Viewer
from catering.planning.models import SourcedLine
from catering.planning.queries import lines
from catering.recipes.vocabulary import IngredientKind

STANDING = Viewer("Commandes permanentes (démonstration)", Role.DEPARTEMENT)


async def keep_a_habit(
    session: AsyncSession, stage: Stage, cast: Cast, kitchen: Kitchen, week: date, now: datetime
) -> None:
    """State a standing order from a week on, and have it fill the basket of that week."""
    offer = await _bought_most_often(session, stage, kitchen)
    weekday = min(stage.suppliers[offer.supplier_id].delivery_weekdays)
    wish = StandingWish(kitchen.uai, offer.slug, 1, frozenset({weekday}), week, stage.school_year.last_day)
    await state(session, cast.chef(kitchen.uai), wish, now)
    await fill_week(session, STANDING, week, now)


async def _bought_most_often(session: AsyncSession, stage: Stage, kitchen: Kitchen) -> Offer:
    """The offer that the plan buys in most weeks, a bread before anything else."""
    bought = lines(ADMINISTRATION, stage.run_id, kitchen_ids=[kitchen.id]).with_only_columns(SourcedLine.offer_id)
    weeks = Counter(await session.scalars(bought))

    def rank(offer_id: int) -> tuple[bool, int, int]:
        return (
            stage.ingredients[stage.offers[offer_id].ingredient_id].kind is IngredientKind.BREAD,
            weeks[offer_id],
            -offer_id,
        )

    return stage.offers[max(weeks, key=rank)]
