"""What a line of an order is to whoever checks it in: packs looked at so far, the temperature of the law."""

import asyncio
from datetime import date

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.loaders import PermitsBySupplierId
from catering.market.models_sheet import DateKind
from catering.moment import today
from catering.orders import permitted as orders_permitted
from catering.orders.graph.orders import OrderLine
from catering.orders.loaders import OrderById
from catering.receiving.graph.receptions import TemperatureLimit, show_limit
from catering.receiving.loaders import LinesByReceptionId, ReceptionsByOrderId
from catering.receiving.rules.checks import asks_use_by, category_of
from catering.recipes.loaders import IngredientById
from catering.rules.temperatures import temperature


@documented
async def checked_packs(line: strawberry.Parent[OrderLine], info: Ask) -> int:
    """Packs looked at so far, corrections counted: what a reception of more of them says it knows."""
    receptions = await info.context.loader(ReceptionsByOrderId).load(line.row.order_id)
    lots = info.context.loader(LinesByReceptionId)
    said = [lot for of in await asyncio.gather(*(lots.load(each.id) for each in receptions)) for lot in of]
    replaced = {lot.corrects_id for lot in said}
    mine = [lot for lot in said if lot.order_line_id == line.row.id and lot.id not in replaced]
    return sum(lot.delivered_packs for lot in mine)


@documented
async def temperature_limit(line: strawberry.Parent[OrderLine], info: Ask) -> TemperatureLimit | None:
    """The temperature at which it may be delivered today: the law's, or what its producer stated when it was sold if
    the law leaves it to them or is laxer. Null when its ingredient is unknown to you."""
    ingredient = await info.context.loader(IngredientById).load(line.row.ingredient_id)
    if ingredient is None:
        return None
    category = category_of(line.row.category, ingredient, line.row.product)
    return show_limit(temperature(category, today()), line.row.limit_celsius)


@documented
async def permitted(line: strawberry.Parent[OrderLine], info: Ask) -> bool | None:
    """Whether a permit of its supplier covers the day on which it comes, as stated today (HYG-01): its delivery day,
    or today once that is past. Null for what is not of animals."""
    order = await info.context.loader(OrderById).load(line.row.order_id)
    if line.row.animal_product is None or order is None:
        return None
    permits = await info.context.loader(PermitsBySupplierId).load(order.supplier_id)
    return orders_permitted.permitted(line.row, permits, _arrival(order.day))


@documented
async def use_by_asked(line: strawberry.Parent[OrderLine], info: Ask) -> bool:
    """Whether it is accepted with its DLC only: sold with one, or cold by law (HYG-DLC)."""
    ingredient = await info.context.loader(IngredientById).load(line.row.ingredient_id)
    order = await info.context.loader(OrderById).load(line.row.order_id)
    if ingredient is None or order is None:
        return line.row.date_kind is DateKind.DLC
    category = category_of(line.row.category, ingredient, line.row.product)
    return asks_use_by(line.row.date_kind, category, _arrival(order.day))


def _arrival(day: date) -> date:
    """The day on which what is still to come of an order comes, at the earliest."""
    return max(day, today())


OF_ORDER_LINE = (checked_packs, temperature_limit, permitted, use_by_asked)
