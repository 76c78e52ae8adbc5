"""Lots of consultations and the products they ask for, as GraphQL shows them."""

from datetime import datetime
from decimal import Decimal

import strawberry

from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.procurement import models
from catering.procurement.graph.buyers import PublicBuyer, buyer_of
from catering.procurement.graph.law import HomogeneousFamily, show_family
from catering.procurement.graph.loads import LinesByConsultationId
from catering.procurement.graph.loads_of_tenders import AwardByLotId, TendersByConsultationId
from catering.procurement.graph.tenders import ConsultationAward, Tender, show_tender
from catering.procurement.vocabulary import LotStatus
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById

strawberry.enum(
    LotStatus, name="ConsultationLotStatus", description="What became of a lot; the last two never change again."
)


@strawberry.type(description="One product wanted, how much of it, for which collège.")
class ConsultationLine:
    row: strawberry.Private[models.ConsultationLine]
    id: strawberry.ID = strawberry.field(description="Number of the line: to give with a price.")
    product: str = strawberry.field(description="What is wanted, in French.")

    @documented
    def quantity_g(self) -> BigInt:
        """Grams, as delivered."""
        return BigInt(self.row.quantity_g)

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """What it is, as recipes name it."""
        row = await info.context.loader(IngredientById).load(self.row.ingredient_id)
        return None if row is None else show_ingredient(row)

    @documented
    async def place(self, info: Ask) -> PublicBuyer | None:
        """Where it is delivered."""
        return await buyer_of(info, self.row.kitchen_id)


@strawberry.type(description="A part of a consultation that is answered, compared and decided by itself.")
class ConsultationLot:
    row: strawberry.Private[models.ConsultationLot]
    number: int = strawberry.field(description="From 1.")
    title: str = strawberry.field(description="In French.")
    status: LotStatus = strawberry.field(description="What became of it.")
    decided_at: datetime | None = strawberry.field(description="When it was awarded or closed.")

    @documented
    def family(self) -> HomogeneousFamily:
        """What it is counted with."""
        return show_family(self.row.family)

    @documented
    def estimated_eur(self, info: Ask) -> Decimal | None:
        """What the buyer expects to pay, € excl. tax; never told to suppliers."""
        return None if info.context.viewer.sells else self.row.estimated_amount

    @documented
    async def reason(self, info: Ask) -> str | None:
        """Why this choice, or why none; null before, and of a choice for a supplier who did not answer the lot."""
        if info.context.viewer.sells and self.row.status is LotStatus.AWARDED:
            told = await info.context.loader(AwardByLotId).load(self.row.id)
            return None if told is None else self.row.reason
        return self.row.reason

    @documented
    async def lines(self, info: Ask) -> list[ConsultationLine]:
        """What is wanted, in order."""
        rows = await info.context.loader(LinesByConsultationId).load(self.row.consultation_id)
        return [show_line(row) for row in rows if row.lot_id == self.row.id]

    @documented
    async def tenders(self, info: Ask) -> list[Tender]:
        """Offers to it that stand: none before the opening, except to a supplier its own."""
        rows = await info.context.loader(TendersByConsultationId).load(self.row.consultation_id)
        return [show_tender(row) for row in rows if row.lot_id == self.row.id]

    @documented
    async def award(self, info: Ask) -> ConsultationAward | None:
        """What was retained; null before, and for a supplier who did not answer the lot."""
        row = await info.context.loader(AwardByLotId).load(self.row.id)
        return None if row is None else shown(ConsultationAward, row, row=row)


def show_line(row: models.ConsultationLine) -> ConsultationLine:
    """A product wanted as GraphQL shows it."""
    return shown(ConsultationLine, row, row=row, id=strawberry.ID(str(row.id)))


def show_lot(row: models.ConsultationLot) -> ConsultationLot:
    """A lot as GraphQL shows it."""
    return shown(ConsultationLot, row, row=row)
