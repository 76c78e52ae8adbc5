"""What a line of an order is to whoever checks it in: packs looked at so far, the temperature of the law."""

import asyncio

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.market.hygiene import rests_on
from catering.market.loaders import PermitsBySupplierId
from catering.market.models_sheet import DateKind
from catering.moment import today
from catering.orders.graph.orders import OrderLine
from catering.orders.loaders import OrderById
from catering.receiving.graph.receptions import TemperatureLimit, show_limit
from catering.receiving.loaders import LinesByReceptionId, ReceptionsByOrderId
from catering.receiving.rules.checks import category_of
from catering.recipes.loaders import IngredientById
from catering.rules.hygiene import bears_use_by
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
    """The temperature at which the law lets it be delivered today; null when its ingredient is unknown to you."""
    ingredient = await info.context.loader(IngredientById).load(line.row.ingredient_id)
    if ingredient is None:
        return None
    category = category_of(line.row.category, ingredient, line.row.product)
    return show_limit(temperature(category, today()))


@documented
async def permitted(line: strawberry.Parent[OrderLine], info: Ask) -> bool | None:
    """Whether a permit of its supplier covers the delivery day, as stated today (HYG-01); null for what is not of
    animals."""
    product = line.row.animal_product
    order = await info.context.loader(OrderById).load(line.row.order_id)
    if product is None or order is None:
        return None
    permits = await info.context.loader(PermitsBySupplierId).load(order.supplier_id)
    return rests_on(permits, product, order.day) is not None


@documented
async def use_by_asked(line: strawberry.Parent[OrderLine], info: Ask) -> bool:
    """Whether it is accepted with its DLC only: sold with one, or cold by law (HYG-DLC)."""
    if line.row.date_kind is DateKind.DLC:
        return True
    ingredient = await info.context.loader(IngredientById).load(line.row.ingredient_id)
    if ingredient is None:
        return False
    return bears_use_by(category_of(line.row.category, ingredient, line.row.product), today())


OF_ORDER_LINE = (checked_packs, temperature_limit, permitted, use_by_asked)
