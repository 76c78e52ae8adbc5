"""Offers to consultations, as GraphQL shows them: to their supplier always, to others once they are opened."""

from datetime import datetime
from decimal import Decimal

import strawberry

from catering.documents.graph import PATH
from catering.geography import road_km
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.procurement import models
from catering.procurement.contract_standing import duties
from catering.procurement.graph.loads import BuyerById, ConsultationById, LotsByConsultationId
from catering.procurement.graph.loads_of_tenders import (
    OutcomeByTenderId,
    PapersByTenderId,
    ScoresByConsultationId,
    WinnerById,
)
from catering.procurement.scoring import Score
from catering.procurement.vocabulary import SetAsideGround


@strawberry.type(description="The price offered for one line of a consultation.")
class TenderLine:
    line_id: strawberry.ID = strawberry.field(description="Number of the line of the consultation.")
    price_eur_per_kg: Decimal = strawberry.field(description="€/kg excl. tax.")


@strawberry.type(description="What an offer declares for a criterion.")
class TenderFact:
    code: strawberry.ID = strawberry.field(description="Code of the criterion.")
    value: Decimal = strawberry.field(description="In the unit of the criterion; 1 is yes, 0 is no.")


@strawberry.type(description="A paper that an offer brings to prove what it declares: a PDF or a photograph.")
class TenderPaper:
    document_id: strawberry.ID = strawberry.field(description="Number of the document.")
    name: str = strawberry.field(description="As its sender called it.")
    sha256: str = strawberry.field(description="Of its content when it was sealed, in hexadecimal.")

    @documented
    def url(self) -> str:
        """Where to fetch it, on this server; sealed until the opening like the offer."""
        return f"{PATH}/{self.document_id}"


@strawberry.type(description="Points of an offer for one criterion.")
class CriterionPoints:
    code: strawberry.ID = strawberry.field(description="Code of the criterion.")
    points: Decimal = strawberry.field(description="Rounded half-up to 0.01; the weight at most.")


@strawberry.type(description="How an opened offer compares by the published criteria.")
class TenderScore:
    rank: int = strawberry.field(description="From 1; offers that nothing parts share it.")
    points: Decimal = strawberry.field(description="Sum over the criteria, 100 at most.")
    explanation: str = strawberry.field(description="In French: points per criterion, how a tie was parted.")
    by_criterion: list[CriterionPoints] = strawberry.field(description="In the published order.")


strawberry.enum(SetAsideGround, description="For what an opened offer may be left out: the cases of the Code.")

SET_ASIDE_BEST = (
    "Cette offre était première selon les critères publiés : son fournisseur peut contester la décision. Garder les "
    "pièces qui prouvent le motif."
)


@strawberry.type(description="What became of an offer, as its supplier is told.")
class TenderOutcome:
    won: bool = strawberry.field(description="Whether it was retained.")
    rank: int | None = strawberry.field(description="Null when it was not compared.")
    points: Decimal | None = strawberry.field(description="Null when it was not compared.")
    reason: str = strawberry.field(description="In French.")
    informed_at: datetime = strawberry.field(description="When.")


@strawberry.type(description="An offer that stands; sealed until its consultation is opened.")
class Tender:
    row: strawberry.Private[models.Tender]
    id: strawberry.ID = strawberry.field(description="Number of the offer.")
    submitted_at: datetime = strawberry.field(description="By the clock of the database.")
    amount: Decimal = strawberry.field(description="€ excl. tax, each line rounded half-up to the cent.")
    set_aside_reason: str | None = strawberry.field(description="Why it is not compared; null when it is.")
    set_aside_ground: SetAsideGround | None = strawberry.field(description="For which ground of the Code.")
    set_aside_answer: str | None = strawberry.field(
        description="What its supplier said of its price, where the ground asks for that."
    )

    @documented
    def set_aside_notice(self) -> str | None:
        """What its buyer must know, in French: that it ranked first; null otherwise."""
        return SET_ASIDE_BEST if self.row.set_aside_rank == 1 else None

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who offers."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    async def distance_km(self, info: Ask) -> Decimal | None:
        """Road kilometres from the supplier to the buyer, estimated: shown for freshness and carbon, never scored."""
        supplier = await info.context.loader(SupplierById).load(self.row.supplier_id)
        consultation = await info.context.loader(ConsultationById).load(self.row.consultation_id)
        buyer = None if consultation is None else await info.context.loader(BuyerById).load(consultation.kitchen_id)
        if supplier is None or buyer is None:
            return None
        return road_km(supplier.lat, supplier.lon, buyer.lat, buyer.lon)

    @documented
    async def lot(self, info: Ask) -> int | None:
        """Number of the lot that it answers."""
        lots = await info.context.loader(LotsByConsultationId).load(self.row.consultation_id)
        return next((lot.number for lot in lots if lot.id == self.row.lot_id), None)

    @documented
    def lines(self) -> list[TenderLine]:
        """Its prices, one for each line of the lot."""
        return [shown(TenderLine, row, line_id=strawberry.ID(str(row.line_id))) for row in self.row.lines]

    @documented
    def facts(self) -> list[TenderFact]:
        """What it declares for the criteria other than the price."""
        return [shown(TenderFact, row) for row in self.row.facts]

    @documented
    async def papers(self, info: Ask) -> list[TenderPaper]:
        """The papers that it brings (ten at most)."""
        rows = await info.context.loader(PapersByTenderId).load(self.row.id)
        return [shown(TenderPaper, row, document_id=strawberry.ID(str(row.document_id))) for row in rows]

    @documented
    async def score(self, info: Ask) -> TenderScore | None:
        """How it compares; null for a supplier, who is told by `outcome`, and for an offer set aside."""
        scores = await info.context.loader(ScoresByConsultationId).load(self.row.consultation_id)
        score = scores.get(self.row.id)
        return None if score is None else show_score(score)

    @documented
    async def outcome(self, info: Ask) -> TenderOutcome | None:
        """What became of it; null before the decision."""
        row = await info.context.loader(OutcomeByTenderId).load(self.row.id)
        return None if row is None else shown(TenderOutcome, row)


@strawberry.type(description="The offer that was retained: orders are drawn on it up to its amount.")
class ConsultationAward:
    row: strawberry.Private[models.ConsultationAward]
    amount: Decimal = strawberry.field(description="€ excl. tax.")
    ordered_amount: Decimal = strawberry.field(description="Ordered so far, € excl. tax.")

    @documented
    def duties(self) -> list[str]:
        """What its amount obliges the buyer to, in French: writing, publication of data."""
        return duties(self.row.amount, self.row.day)

    @documented
    async def supplier_name(self, info: Ask) -> str | None:
        """Who was retained, by name: those who were not learn it."""
        row = await info.context.loader(WinnerById).load(self.row.supplier_id)
        return None if row is None else row.name


def show_tender(row: models.Tender) -> Tender:
    """An offer as GraphQL shows it."""
    return shown(Tender, row, row=row, id=strawberry.ID(str(row.id)))


def show_score(score: Score) -> TenderScore:
    """A score as GraphQL shows it."""
    points = [CriterionPoints(code=strawberry.ID(code), points=each) for code, each in score.by_criterion.items()]
    return shown(TenderScore, score, by_criterion=points)
