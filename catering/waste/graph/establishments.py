"""Establishments of care, as GraphQL lists them."""

import strawberry

from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.kitchens.queries import KEY, establishments
from catering.moment import today
from catering.waste.graph.diagnostic import WasteFile

BY_FINESS = Order(KEY)


@strawberry.type
class Query:
    @documented
    async def establishments(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[WasteFile]:
        """Establishments of care that you may read, in order of FINESS."""
        on = today()
        rows = establishments(info.context.viewer)
        return await page(info.context, rows, BY_FINESS, lambda row: WasteFile(row=row, on=on), first, after)
