"""What was bought, as GraphQL shows it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.market.graph import Label, Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.purchases import models
from catering.purchases.models import PurchaseSource
from catering.purchases.queries import PURCHASE_KEY, purchases
from catering.recipes.vocabulary import Family

strawberry.enum(PurchaseSource, description="Where a purchase line comes from.")

LATEST = Order(PURCHASE_KEY, newest_first=True)


@strawberry.type(description="One line really bought; a mistake is mended by a line of the opposite sign.")
class Purchase:
    row: strawberry.Private[models.PurchaseLine]
    source: PurchaseSource = strawberry.field(description="Where it comes from.")
    bought_on: date = strawberry.field(description="Day of the reception.")
    product: str = strawberry.field(description="What was bought, in French.")
    family: Family = strawberry.field(description="Product family of ma-cantine.")
    certificate_number: str | None = strawberry.field(description="Proof of its label, as it stood.")
    origin: str = strawberry.field(description="Where it comes from.")
    circuit_court: bool | None = strawberry.field(description="At most one intermediary; null when unknown.")
    local: bool = strawberry.field(description="From the département of the kitchen.")
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent.")
    invoice_number: str | None = strawberry.field(description="Number of its invoice; null before it comes.")
    invoiced_on: date | None = strawberry.field(description="Date of its invoice; null before it comes.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the line."""
        return strawberry.ID(str(self.row.id))

    @documented
    def grams(self) -> BigInt:
        """Grams bought; negative when taken back."""
        return BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included, rounded half-up to the cent."""
        return self.row.amount_excl_tax

    @documented
    def labels(self) -> list[Label]:
        """Signs it was bought under."""
        return [Label(code=strawberry.ID(code)) for code in self.row.labels.split()]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who sold it."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)


def show_purchase(row: models.PurchaseLine) -> Purchase:
    """A purchase line as GraphQL shows it."""
    return shown(Purchase, row, row=row)


@strawberry.type
class Query:
    @documented
    async def purchases(
        self,
        info: Ask,
        kitchen: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this kitchen (UAI), one that you may read.")
        ] = None,
        first_day: Annotated[date | None, strawberry.argument(description="Only from this day on, included.")] = None,
        last_day: Annotated[date | None, strawberry.argument(description="Only until this day, included.")] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Purchase]:
        """What was really bought, the latest first; a seller reads invoices instead."""
        statement = purchases(info.context.viewer, uai=kitchen, first_day=first_day, last_day=last_day)
        return await page(info.context, statement, LATEST, show_purchase, first, after)
