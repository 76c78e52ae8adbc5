"""Products bought from third countries, and why, as GraphQL shows them (EGA-51)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import PageSizeError
from catering.graph.paging import MOST_ROWS, First
from catering.graph.request import Ask
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.purchases.graph_egalim import OfYear, year_asked
from catering.purchases.third_country import Abroad, bought_abroad


@strawberry.type(description="A product that kitchens bought from outside the EU and the EEA.")
class ThirdCountryProduct:
    product: str = strawberry.field(description="As the purchases name it.")
    kitchens: int = strawberry.field(description="Kitchens that bought it.")
    unreasoned: int = strawberry.field(description="Of them, those that wrote no reason.")
    lines: int = strawberry.field(description="Purchases.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax.")
    blocking: bool = strawberry.field(description="Whether the year may not be declared without a reason.")
    reason: str | None = strawberry.field(description="Why it is bought there; of several, that of the largest amount.")


@strawberry.type(description="What was bought from third countries in a year, since a reason is asked for (EGA-51).")
class ThirdCountryPurchases:
    unreasoned_count: int = strawberry.field(description="Products of which a kitchen wrote no reason.")
    unreasoned_eur: Decimal = strawberry.field(description="€ excl. tax of the purchases without a reason.")
    products_count: int = strawberry.field(description="Products in all.")
    products: list[ThirdCountryProduct] = strawberry.field(
        description="At most `first`: those without a reason first, the largest amounts first."
    )


@dataclass(slots=True)
class _Product:
    """What kitchens bought of one product; the rows come with the largest amounts first."""

    rows: list[Abroad] = field(default_factory=list)

    def shown(self) -> ThirdCountryProduct:
        rows = self.rows
        return ThirdCountryProduct(
            product=rows[0].product,
            kitchens=len(rows),
            unreasoned=sum(each.reason is None for each in rows),
            lines=sum(each.lines for each in rows),
            amount_eur=sum((each.amount for each in rows), Decimal(0)),
            blocking=any(each.blocking for each in rows),
            reason=next((each.reason for each in rows if each.reason is not None), None),
        )


def show_abroad(rows: Sequence[Abroad], first: int) -> ThirdCountryPurchases:
    """Rows of kitchens and products, the largest amounts first, by product."""
    by_product: dict[str, _Product] = {}
    for row in rows:
        by_product.setdefault(row.product, _Product()).rows.append(row)
    products = [each.shown() for each in by_product.values()]
    products.sort(key=lambda each: (not each.unreasoned, -each.amount_eur, each.product))
    return ThirdCountryPurchases(
        unreasoned_count=sum(each.unreasoned > 0 for each in products),
        unreasoned_eur=sum((row.amount for row in rows if row.reason is None), Decimal(0)),
        products_count=len(products),
        products=products[:first],
    )


@strawberry.type
class Query:
    @documented
    async def third_country_purchases(
        self,
        info: Ask,
        year: OfYear = None,
        kitchen: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this kitchen (UAI), one that you may read.")
        ] = None,
        first: First = MOST_ROWS,
    ) -> ThirdCountryPurchases:
        """What your kitchens bought from outside the EU and the EEA in a civil year, and why (EGA-51)."""
        if not 1 <= first <= MOST_ROWS:
            raise PageSizeError(first, MOST_ROWS)
        viewer = info.context.viewer
        async with info.context.reading() as session:
            asked = None if kitchen is None else kitchens(viewer, uais=[kitchen]).with_only_columns(Kitchen.id)
            of = None if asked is None else list(await session.scalars(asked))
            rows = await bought_abroad(session, viewer, year_asked(year), kitchen_ids=of)
        return show_abroad(rows, first)
