"""Contracts, as GraphQL shows them."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import strawberry

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Offer, Supplier, show_offer, show_supplier
from catering.market.loaders import OfferById, SupplierById
from catering.procurement import models
from catering.procurement.contract_standing import duties, notices
from catering.procurement.graph.buyers import PublicBuyer, RowId, buyer_of
from catering.procurement.graph.law import HomogeneousFamily, OnDay, day_asked, show_family
from catering.procurement.graph.loads import (
    ChangesByContractId,
    LinesByLotId,
    LotsByContractId,
    MembersByContractId,
    QualitiesByLotId,
    RevisionsByLineId,
)
from catering.procurement.queries import CONTRACT_KEY, contracts
from catering.procurement.revision import Revised, price_on
from catering.procurement.vocabulary import ContractChangeKind, Procedure, RevisionRhythm
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById

NEWEST = Order(CONTRACT_KEY, newest_first=True)
SHARE_STEP = Decimal("0.0001")

strawberry.enum(ContractChangeKind, description="How a signed contract is changed.")
strawberry.enum(Procedure, description="How a contract was awarded.")


@strawberry.type(description="The price of a product from a day on, made by an index value or by an avenant.")
class PriceRevision:
    effective_from: date = strawberry.field(description="First day of the price.")
    index_value: Decimal | None = strawberry.field(description="Value of the index; null when an avenant made it.")
    price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax.")


@strawberry.type(description="P = base × (fixed + (1 − fixed) × index / base index).")
class RevisionClause:
    index: strawberry.ID = strawberry.field(description="Code of the index.")
    base_index: Decimal = strawberry.field(description="Value to which the base price belongs.")
    fixed_share: Decimal = strawberry.field(description="Share that does not move, 0 to 1.")
    rhythm: RevisionRhythm = strawberry.field(description="How often the price changes.")


@strawberry.type(description="A product of a lot at its price.")
class ContractLine:
    row: strawberry.Private[models.ContractLine]
    id: strawberry.ID = strawberry.field(description="Number of the line.")
    product: str = strawberry.field(description="What is bought, in French.")
    base_price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax, before any revision.")

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What it is, as recipes name it."""
        row = await info.context.loader(IngredientById).load(self.row.ingredient_id)
        return None if row is None else show_ingredient(row)

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """The one product of the supplier it covers; null covers all that are this ingredient."""
        if self.row.offer_id is None:
            return None
        row = await info.context.loader(OfferById).load(self.row.offer_id)
        return None if row is None else show_offer(row)

    @documented
    def clause(self) -> RevisionClause | None:
        """How the price moves; null is a fixed price."""
        row = self.row
        if row.index_code is None or row.base_index is None or row.fixed_share is None or row.rhythm is None:
            return None
        return RevisionClause(
            index=strawberry.ID(row.index_code),
            base_index=row.base_index,
            fixed_share=row.fixed_share,
            rhythm=row.rhythm,
        )

    @documented
    async def revisions(self, info: Ask) -> list[PriceRevision]:
        """Every price it has had, in the order in which they hold."""
        return [shown(PriceRevision, row) for row in await info.context.loader(RevisionsByLineId).load(self.row.id)]

    @documented
    async def price_eur_per_kg(self, info: Ask, on: OnDay = None) -> Decimal:
        """The price in force on a day, €/kg excl. tax."""
        rows = await info.context.loader(RevisionsByLineId).load(self.row.id)
        revisions = [Revised(row.effective_from, row.price_eur_per_kg) for row in rows]
        return price_on(self.row.base_price_eur_per_kg, revisions, day_asked(on))


@strawberry.type(description="How a lot was judged, when that makes its products count.")
class LotQuality:
    sign: strawberry.ID = strawberry.field(description="`EXTERNALITES` or `PERFORMANCE`.")
    weight_pct: Decimal = strawberry.field(description="Weight of the environmental criterion in the marks, percent.")
    direct_weight_pct: Decimal | None = strawberry.field(
        description="Weight of the criterion of direct supply, percent; null but for `PERFORMANCE`."
    )
    mark_pct: Decimal | None = strawberry.field(
        description="Percent of the best mark that the product got; null but for `EXTERNALITES`."
    )
    at: datetime = strawberry.field(description="When it was told.")


@strawberry.type(description="A part of a contract: products of one famille homogène.")
class ContractLot:
    row: strawberry.Private[models.ContractLot]
    number: int = strawberry.field(description="From 1.")
    title: str = strawberry.field(description="In French.")
    estimated_amount: Decimal = strawberry.field(description="€ excl. tax over the whole duration.")
    small: bool = strawberry.field(description="A petit lot, awarded by a lighter procedure.")

    @documented
    def family(self) -> HomogeneousFamily:
        """What it is counted with."""
        return show_family(self.row.family)

    @documented
    async def qualities(self, info: Ask) -> list[LotQuality]:
        """By which signs its products count for EGAlim, because of how it was judged (EGA-17, EGA-18)."""
        rows = await info.context.loader(QualitiesByLotId).load(self.row.id)
        return [shown(LotQuality, row) for row in rows]

    @documented
    async def lines(self, info: Ask) -> list[ContractLine]:
        """Its products, in order."""
        rows = await info.context.loader(LinesByLotId).load(self.row.id)
        return [shown(ContractLine, row, row=row, id=strawberry.ID(str(row.id))) for row in rows]


@strawberry.type(description="The price of a product before and after an avenant.")
class ContractPriceChange:
    line_id: strawberry.ID = strawberry.field(description="Number of the line.")
    before_price_eur_per_kg: Decimal = strawberry.field(description="In force before, €/kg excl. tax.")
    price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax; an index moves it on from there.")


@strawberry.type(description="An avenant to a contract, or its end before the last day; never overwritten.")
class ContractChange:
    row: strawberry.Private[models.ContractChange]
    rank: int = strawberry.field(description="From 1, as they were signed.")
    kind: ContractChangeKind = strawberry.field(description="What it is.")
    day: date = strawberry.field(description="From when its prices hold; the last day of what it terminates.")
    reason: str = strawberry.field(description="Why, in French.")
    before_end_day: date = strawberry.field(description="Last day before.")
    end_day: date = strawberry.field(description="Last day since.")
    before_max_amount: Decimal = strawberry.field(description="Maximum before, € excl. tax.")
    max_amount: Decimal = strawberry.field(description="Maximum since, € excl. tax.")
    at: datetime = strawberry.field(description="When it was recorded.")

    @documented
    def prices(self) -> list[ContractPriceChange]:
        """The prices it changes."""
        return [shown(ContractPriceChange, row, line_id=strawberry.ID(str(row.line_id))) for row in self.row.prices]


@strawberry.type(description="An accord-cadre with one supplier: orders are drawn on it up to its maximum.")
class Contract:
    row: strawberry.Private[models.Contract]
    id: strawberry.ID = strawberry.field(description="Number of the row.")
    number: str = strawberry.field(description="As the buyer numbers it.")
    title: str = strawberry.field(description="In French.")
    procedure: Procedure = strawberry.field(description="How it was awarded.")
    start_day: date = strawberry.field(description="First day, included.")
    end_day: date = strawberry.field(description="Last day, included.")
    min_amount: Decimal = strawberry.field(description="Least the buyers undertook to order, € excl. tax.")
    max_amount: Decimal = strawberry.field(description="Most they may order, € excl. tax.")
    ordered_amount: Decimal = strawberry.field(description="Ordered so far, € excl. tax.")
    terminated_on: date | None = strawberry.field(description="Its last day when it was ended early; null otherwise.")

    @documented
    async def changes(self, info: Ask) -> list[ContractChange]:
        """Its avenants and its résiliation, in the order in which they were signed."""
        rows = await info.context.loader(ChangesByContractId).load(self.row.id)
        return [shown(ContractChange, row, row=row) for row in rows]

    @documented
    async def buyer(self, info: Ask) -> PublicBuyer | None:
        """Who signed it, or coordinates the groupement."""
        return await buyer_of(info, self.row.kitchen_id)

    @documented
    async def members(self, info: Ask) -> list[PublicBuyer]:
        """Who may order on it; more than one is a groupement de commandes."""
        rows = await info.context.loader(MembersByContractId).load(self.row.id)
        found = [await buyer_of(info, row.kitchen_id) for row in rows]
        return [each for each in found if each is not None]

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who holds it."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    def left_eur(self) -> Decimal:
        """What may still be ordered, € excl. tax."""
        return self.row.max_amount - self.row.ordered_amount

    @documented
    def share_of_max(self) -> Decimal:
        """Ordered so far / maximum, 0 to 1."""
        return (self.row.ordered_amount / self.row.max_amount).quantize(SHARE_STEP, ROUND_HALF_UP)

    @documented
    def notices(self, on: OnDay = None) -> list[str]:
        """What to watch, in French: the maximum is near, the minimum will not be reached, the end comes."""
        row = self.row
        amounts = row.ordered_amount, row.min_amount, row.max_amount
        return notices(amounts, (row.start_day, row.end_day), day_asked(on))

    @documented
    def duties(self) -> list[str]:
        """What its maximum obliges the buyer to, in French: writing, publication of data."""
        return duties(self.row.max_amount, self.row.start_day)

    @documented
    async def lots(self, info: Ask) -> list[ContractLot]:
        """Its lots, in order of number."""
        rows = await info.context.loader(LotsByContractId).load(self.row.id)
        return [shown(ContractLot, row, row=row) for row in rows]


def show_contract(row: models.Contract) -> Contract:
    """A contract as GraphQL shows it."""
    return shown(Contract, row, row=row, id=strawberry.ID(str(row.id)))


@strawberry.type
class Query:
    @documented
    async def contracts(
        self,
        info: Ask,
        kitchen: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those on which this UAI may order.")
        ] = None,
        on: Annotated[date | None, strawberry.argument(description="Only those in force on this day.")] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Contract]:
        """Contracts you may read, newest first: your collège's, those you hold, or all."""
        statement = contracts(info.context.viewer, kitchen=kitchen, on=on)
        return await page(info.context, statement, NEWEST, show_contract, first, after)

    @documented
    async def contract(self, info: Ask, number: RowId) -> Contract | None:
        """The contract of this number; null when there is none or you may not read it."""
        row = await info.context.one(contracts(info.context.viewer, ids=[row_number(number, "contracts")]))
        return None if row is None else show_contract(row)
