"""What the kitchens of the story take from their shelves: what the plan cooks, day by day, as far as it is there."""

from collections import Counter
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import Cast
from catering.demonstration.stage import Stage, service_days
from catering.kitchens.models import Kitchen
from catering.planning.models import SourcedLine
from catering.planning.queries import lines
from catering.receiving.models import StockLot
from catering.receiving.queries_stock import lots
from catering.receiving.rules.shelf import servable
from catering.receiving.service.stock import Used, lose, use
from catering.receiving.vocabulary import ExpiryKind

PAST_ITS_DATE = "DLC dépassée"


async def cook(session: AsyncSession, stage: Stage, cast: Cast, kitchen: Kitchen, week: date, day: date) -> None:
    """Take a day's share of what the plan buys for the week."""
    chef = cast.chef(kitchen.uai)
    served = await service_days(session, chef, stage, kitchen.id, week)
    bought = lines(chef, stage.run_id, kitchen_ids=[kitchen.id], weeks=[week])
    wanted: dict[int, int] = {}
    for line in await session.scalars(bought.order_by(SourcedLine.offer_id)):
        wanted[line.ingredient_id] = wanted.get(line.ingredient_id, 0) + line.grams
    there: Counter[int] = Counter()
    for lot in await session.scalars(lots(chef, on_hand=True).where(StockLot.kitchen_id == kitchen.id)):
        there[lot.ingredient_id] += lot.on_hand_g if servable(lot, day) else 0
    shares = {each: min(-(-grams // len(served)), there[each]) for each, grams in wanted.items()}
    used = [Used(stage.ingredients[each].slug, grams) for each, grams in shares.items() if grams > 0]
    if used:
        await use(session, chef, kitchen.uai, day, used)


async def clear_out(session: AsyncSession, cast: Cast, kitchen: Kitchen, day: date) -> None:
    """Throw away what has passed its DLC, as a loss that says so."""
    chef = cast.chef(kitchen.uai)
    past = lots(chef, on_hand=True).where(
        StockLot.kitchen_id == kitchen.id, StockLot.date_kind == ExpiryKind.USE_BY, StockLot.expires_on < day
    )
    for lot in (await session.scalars(past.order_by(StockLot.id))).all():
        await lose(session, chef, lot.id, lot.on_hand_g, day, PAST_ITS_DATE)
