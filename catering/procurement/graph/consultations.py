"""Consultations, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.moment import paris_day
from catering.outbox.models import OutgoingMail
from catering.procurement import models
from catering.procurement.criteria import (
    advice_on,
    advice_on_declared,
    advice_on_perimeter,
    advice_on_signs,
    advice_on_time,
    advice_on_words,
)
from catering.procurement.graph.buyers import PublicBuyer, RowId, buyer_of
from catering.procurement.graph.law import AwardCriterion, day_asked
from catering.procurement.graph.loads import (
    CriteriaByConsultationId,
    EventsByConsultationId,
    InvitesByConsultationId,
    LettersByConsultationId,
    LinesByConsultationId,
    LogBreakByConsultationId,
    LotsByConsultationId,
    QuestionsByConsultationId,
)
from catering.procurement.graph.loads_of_tenders import SealBreakByConsultationId, TendersByConsultationId
from catering.procurement.graph.lots import ConsultationLine, ConsultationLot, show_line, show_lot
from catering.procurement.graph.tenders import Tender, show_tender
from catering.procurement.need import MONTHS_A_YEAR, months_after
from catering.procurement.queries_of_consultations import CONSULTATION_KEY, consultations
from catering.procurement.vocabulary import ConsultationStatus, EventKind
from catering.rules import law
from catering.rules.procurement import procurement_law

NEWEST = Order(CONSULTATION_KEY, newest_first=True)

strawberry.enum(ConsultationStatus, description="Where a consultation stands; the last two never change again.")
strawberry.enum(EventKind, name="ConsultationEventKind", description="What a line of the log tells.")


@strawberry.type(description="A published criterion and its weight.")
class WeightedCriterion:
    criterion: AwardCriterion = strawberry.field(description="How it is scored.")
    weight: int = strawberry.field(description="Percent; together 100.")


@strawberry.type(description="A question and its answer, read by every supplier at once; who asked is not told.")
class ConsultationQuestion:
    id: strawberry.ID = strawberry.field(description="Number of the question.")
    question: str = strawberry.field(description="As it was asked.")
    asked_at: datetime = strawberry.field(description="When.")
    answer: str | None = strawberry.field(description="Null while it waits: then only who asked and the buyer read it.")
    answered_at: datetime | None = strawberry.field(description="When.")


@strawberry.type(description="A supplier to whom a consultation was sent.")
class ConsultationInvite:
    row: strawberry.Private[models.ConsultationInvite]
    sent_at: datetime = strawberry.field(description="The same instant for all.")

    @documented
    async def readers(self, info: Ask) -> int:
        """How many people of the supplier are written to; 0 when none has an account."""
        return len(await self._letters(info))

    @documented
    async def delivered_at(self, info: Ask) -> datetime | None:
        """When the mail server took the first of the letters; null while all of them wait."""
        taken = [letter.sent_at for letter in await self._letters(info) if letter.sent_at is not None]
        return min(taken, default=None)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who received it."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    async def _letters(self, info: Ask) -> list[OutgoingMail]:
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        letters = await info.context.loader(LettersByConsultationId).load(self.row.consultation_id)
        return [letter for letter in letters if row is not None and letter.party == row.slug]


@strawberry.type(description="A line of the log; its hash covers the line before.")
class ConsultationEvent:
    seq: int = strawberry.field(description="Rank among the lines you read, from 1: it tells nothing of sealed ones.")
    at: datetime = strawberry.field(description="By the clock of the database.")
    actor: str = strawberry.field(description="Who.")
    kind: EventKind = strawberry.field(description="What.")
    data: JSON = strawberry.field(description="The particulars.")
    hash: str | None = strawberry.field(
        description="SHA-256 of the hash before and of this line; null before the opening, for it would tell of others."
    )


@strawberry.type(description="A need put to every registered supplier that matches, below the first threshold.")
class Consultation:
    row: strawberry.Private[models.Consultation]
    id: strawberry.ID = strawberry.field(description="Number of the consultation.")
    title: str = strawberry.field(description="In French.")
    status: ConsultationStatus = strawberry.field(description="Where it stands.")
    first_day: date = strawberry.field(description="First day of delivery.")
    last_day: date = strawberry.field(description="Last day of delivery, included.")
    delivery: str = strawberry.field(description="Where and when to deliver, in French.")
    published_at: datetime | None = strawberry.field(description="When it was sent to all.")
    deadline: datetime | None = strawberry.field(description="Offers after this instant are refused.")
    opened_at: datetime | None = strawberry.field(description="When the offers were opened.")
    decided_at: datetime | None = strawberry.field(description="When it was awarded or closed.")

    @documented
    def reason(self, info: Ask) -> str | None:
        """Why these choices, or why none, of all lots; a supplier reads those of its lots, by `lots`."""
        return None if info.context.viewer.sells else self.row.reason

    @documented
    async def buyer(self, info: Ask) -> PublicBuyer | None:
        """Who buys, or coordinates the groupement."""
        return await buyer_of(info, self.row.kitchen_id)

    @documented
    async def lots(self, info: Ask) -> list[ConsultationLot]:
        """Its parts, each answered, compared and decided by itself."""
        rows = await info.context.loader(LotsByConsultationId).load(self.row.id)
        return [show_lot(row) for row in rows]

    @documented
    async def estimated_eur(self, info: Ask) -> Decimal | None:
        """What the buyer expects to pay for all lots, € excl. tax; never told to suppliers."""
        if info.context.viewer.sells:
            return None
        rows = await info.context.loader(LotsByConsultationId).load(self.row.id)
        return sum((row.estimated_amount for row in rows), Decimal(0))

    @documented
    def perimeter_km(self, info: Ask) -> int | None:
        """How far it was sent, road km; it decides neither who may answer nor how offers are scored."""
        return None if info.context.viewer.sells else self.row.perimeter_km

    @documented
    async def lines(self, info: Ask) -> list[ConsultationLine]:
        """What is wanted, of all lots, in order."""
        rows = await info.context.loader(LinesByConsultationId).load(self.row.id)
        return [show_line(row) for row in rows]

    @documented
    async def criteria(self, info: Ask) -> list[WeightedCriterion]:
        """The criteria by which offers are compared, in order."""
        on = self._read_on()
        rows = await info.context.loader(CriteriaByConsultationId).load(self.row.id)
        known = [(procurement_law().criterion(row.code, on), row.weight) for row in rows]
        return [
            WeightedCriterion(criterion=shown(AwardCriterion, criterion), weight=weight)
            for criterion, weight in known
            if criterion is not None
        ]

    @documented
    async def advice(self, info: Ask) -> list[str]:
        """What the buyers' guide would rather see, and words that may be a place; in French, nothing of it is
        refused."""
        rows = await info.context.loader(CriteriaByConsultationId).load(self.row.id)
        lots = await info.context.loader(LotsByConsultationId).load(self.row.id)
        lines = await info.context.loader(LinesByConsultationId).load(self.row.id)
        texts = [self.title, *(lot.title for lot in lots), *(line.product for line in lines)]
        advice = advice_on([(row.code, row.weight) for row in rows], self._read_on())
        advice += advice_on_words(texts, self._read_on()) + advice_on_signs(texts, self._read_on())
        advice += advice_on_declared([row.code for row in rows], self._read_on())
        if self.row.published_at is not None and self.row.deadline is not None:
            advice += advice_on_time(self.row.published_at, self.row.deadline)
        if not info.context.viewer.sells:
            sent = await info.context.loader(InvitesByConsultationId).load(self.row.id)
            reached = None if self.row.published_at is None else len(sent)
            estimated = sum((lot.estimated_amount for lot in lots), Decimal(0))
            advice += advice_on_perimeter(self.row.perimeter_km, estimated, reached, self._read_on())
        return advice

    @documented
    async def questions(self, info: Ask) -> list[ConsultationQuestion]:
        """Questions and answers, in order of time."""
        rows = await info.context.loader(QuestionsByConsultationId).load(self.row.id)
        return [shown(ConsultationQuestion, row, id=strawberry.ID(str(row.id))) for row in rows]

    @documented
    async def sent_to(self, info: Ask) -> list[ConsultationInvite]:
        """To whom it was sent; a supplier sees only itself. Anybody registered may answer all the same."""
        rows = await info.context.loader(InvitesByConsultationId).load(self.row.id)
        return [shown(ConsultationInvite, row, row=row) for row in rows]

    @documented
    async def tenders(self, info: Ask) -> list[Tender]:
        """Offers that stand, to any lot: none before the opening, except to a supplier its own."""
        rows = await info.context.loader(TendersByConsultationId).load(self.row.id)
        return [show_tender(row) for row in rows]

    @documented
    async def log(self, info: Ask) -> list[ConsultationEvent]:
        """Who did what and when; for buyers and who controls."""
        rows = await info.context.loader(EventsByConsultationId).load(self.row.id)
        opened = self.row.opened_at is not None
        return [
            shown(ConsultationEvent, row, seq=rank, hash=row.hash if opened else None)
            for rank, row in enumerate(rows, start=1)
        ]

    @documented
    async def log_broken_at(self, info: Ask) -> int | None:
        """First line of the log that was tampered with, or the next you read; null when every hash fits.

        Every line counts, sealed ones too; once opened, the offers themselves are compared with their fingerprints.
        Not for suppliers.
        """
        if info.context.viewer.sells:
            return None
        chain = await info.context.loader(LogBreakByConsultationId).load(self.row.id)
        seal = await info.context.loader(SealBreakByConsultationId).load(self.row.id)
        return min((rank for rank in (chain, seal) if rank is not None), default=None)

    @documented
    def keep_until(self) -> date | None:
        """Day until which offers and reasons are kept at least; null before the decision."""
        if self.row.decided_at is None:
            return None
        decided = paris_day(self.row.decided_at)
        return months_after(decided, int(law().parameter("CCP-46", decided)) * MONTHS_A_YEAR)

    def _read_on(self) -> date:
        return day_asked(None) if self.row.published_at is None else paris_day(self.row.published_at)


def show_consultation(row: models.Consultation) -> Consultation:
    """A consultation as GraphQL shows it."""
    return shown(Consultation, row, row=row, id=strawberry.ID(str(row.id)))


@strawberry.type
class Query:
    @documented
    async def consultations(
        self,
        info: Ask,
        status: Annotated[
            ConsultationStatus | None, strawberry.argument(description="Only those that stand there.")
        ] = None,
        family: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this famille homogène (code).")
        ] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Consultation]:
        """Consultations you may read, newest first: your collège's; for a supplier, all that were published."""
        statement = consultations(info.context.viewer, status=status, family=family)
        return await page(info.context, statement, NEWEST, show_consultation, first, after)

    @documented
    async def consultation(self, info: Ask, number: RowId) -> Consultation | None:
        """The consultation of this number; null when there is none or you may not read it."""
        row = await info.context.one(consultations(info.context.viewer, ids=[row_number(number, "consultations")]))
        return None if row is None else show_consultation(row)
