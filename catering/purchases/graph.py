"""What was bought, as GraphQL shows it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.documents.graph import Document, show_document
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.market.graph import Label, Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.purchases import models
from catering.purchases.judging import reasons_of
from catering.purchases.loaders import PurchaseProofById
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseSource
from catering.purchases.queries import PURCHASE_KEY, purchases
from catering.recipes.vocabulary import Family
from catering.rules.egalim_tables import Reason

strawberry.enum(PurchaseSource, description="Where a purchase line comes from.")

strawberry.enum(OriginZone, description="Zone of origin of a purchase.")
strawberry.enum(LocalDefinition, description="What local means for whoever wrote it; no text defines it (CCP-02).")

LATEST = Order(PURCHASE_KEY, newest_first=True)


@strawberry.type(description="A sign that does not make a purchase count.")
class NotCounted:
    sign: Label = strawberry.field(description="The sign.")
    rule: strawberry.ID = strawberry.field(description="Id of the rule it does not meet, as EGA-12.")
    reason: str = strawberry.field(description="Why, in French.")
    repair: str = strawberry.field(description="What to do, in French.")


def show_reason(sign: str, reason: Reason) -> NotCounted:
    """A reason as GraphQL shows it."""
    return NotCounted(
        sign=Label(code=strawberry.ID(sign)),
        rule=strawberry.ID(reason.rule),
        reason=reason.reason,
        repair=reason.repair,
    )


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
    vat_pct: Decimal | None = strawberry.field(description="VAT rate, percent; null of a line from a file.")
    supplier_name: str | None = strawberry.field(description="Seller as the file writes it; null when registered.")
    origin_zone: OriginZone | None = strawberry.field(description="Zone of origin (EGA-23); null when unknown.")
    local_definition: LocalDefinition | None = strawberry.field(description="What local means; null when not told.")
    local_km: Decimal | None = strawberry.field(description="Kilometres, when local means a distance.")
    year: int = strawberry.field(description="Civil year in which it counts: of its invoice once it came (EGA-08).")
    file_line: int | None = strawberry.field(description="Its line in the file it came from; null of a reception.")
    invoice_number: str | None = strawberry.field(description="Number of its invoice; null before it comes.")
    invoiced_on: date | None = strawberry.field(description="Date of its invoice; null before it comes.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the line."""
        return strawberry.ID(str(self.row.id))

    @documented
    def grams(self) -> BigInt | None:
        """Grams bought; negative when taken back; null of a line that comes from a file."""
        return None if self.row.grams is None else BigInt(self.row.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included, rounded half-up to the cent."""
        return self.row.amount_excl_tax

    @documented
    def labels(self) -> list[Label]:
        """Signs it was bought under."""
        return [Label(code=strawberry.ID(code)) for code in self.row.labels.split()]

    @documented
    def counts_by(self) -> Label | None:
        """The one sign it counts by (EGA-20); null outside EGAlim."""
        return Label(code=strawberry.ID(self.row.sign)) if self.row.sign else None

    @documented
    def not_counted(self) -> list[NotCounted]:
        """Its signs that do not make it count, and why."""
        return [show_reason(sign, reason) for sign, reason in reasons_of(self.row)]

    @documented
    async def proof(self, info: Ask) -> Document | None:
        """Document that proves its label, as the certificate held at reception; null of a line from a file."""
        if self.row.document_id is None:
            return None
        row = await info.context.loader(PurchaseProofById).load(self.row.document_id)
        return None if row is None else show_document(row)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who sold it; null when only a file names them."""
        if self.row.supplier_id is None:
            return None
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Who bought it."""
        row = await info.context.loader(KitchenById).load(self.row.kitchen_id)
        return None if row is None else show_kitchen(row)


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
        in_doubt: Annotated[
            bool | None,
            strawberry.argument(description="Only lines of which a sign does not count (true), or every sign (false)."),
        ] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Purchase]:
        """What was really bought, the latest first; a seller reads invoices instead."""
        statement = purchases(
            info.context.viewer, uai=kitchen, first_day=first_day, last_day=last_day, in_doubt=in_doubt
        )
        return await page(info.context, statement, LATEST, show_purchase, first, after)
