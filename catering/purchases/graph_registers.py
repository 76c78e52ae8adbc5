"""The files that were imported and the suppliers under a territorial project, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.purchases import models
from catering.purchases.queries import IMPORT_KEY, PAT_KEY, imports_listed, pat_supplies_visible_to

LATEST = Order(IMPORT_KEY, newest_first=True)
LATEST_TOLD = Order(PAT_KEY, newest_first=True)


@strawberry.type(description="A file of purchases that was imported, whole.")
class PurchaseImport:
    row: strawberry.Private[models.PurchaseImport]
    name: str = strawberry.field(description="Name of the file.")
    lines: int = strawberry.field(description="Purchases it brought.")
    at: datetime = strawberry.field(description="When it was imported.")
    withdrawn_at: datetime | None = strawberry.field(description="When it was taken back; null while it counts.")
    withdrawn_why: str | None = strawberry.field(description="Why, as who took it back wrote it.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the import."""
        return strawberry.ID(str(self.row.id))

    @documented
    def amount_eur(self) -> Decimal:
        """Sum of its purchases, € excl. tax."""
        return self.row.amount_excl_tax


@strawberry.type(
    description="A supplier whose French goods come under a labelled territorial project (PAT), for a time."
)
class PatSupply:
    row: strawberry.Private[models.PatSupply]
    project: str = strawberry.field(description="Name of the project.")
    first_day: date = strawberry.field(description="First day of its label.")
    last_day: date = strawberry.field(description="Last day of its label, included.")

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)


def _show_import(row: models.PurchaseImport) -> PurchaseImport:
    return shown(PurchaseImport, row, row=row)


def _show_supply(row: models.PatSupply) -> PatSupply:
    return shown(PatSupply, row, row=row)


@strawberry.type
class Query:
    @documented
    async def purchase_imports(
        self, info: Ask, first: First = DEFAULT_ROWS, after: After = None
    ) -> Page[PurchaseImport]:
        """Imported files, the latest first: all of them for who reads every kitchen, else those you imported."""
        return await page(info.context, imports_listed(info.context.viewer), LATEST, _show_import, first, after)

    @documented
    async def pat_supplies(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[PatSupply]:
        """Suppliers told to be under a territorial project, the last told first."""
        return await page(
            info.context, pat_supplies_visible_to(info.context.viewer), LATEST_TOLD, _show_supply, first, after
        )
