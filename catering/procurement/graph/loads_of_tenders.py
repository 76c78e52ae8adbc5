"""Loads of opened offers for one operation; a supplier finds its own at any time."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.market.models import Supplier
from catering.moment import paris_day
from catering.procurement.comparison import compared
from catering.procurement.graph.loads import ConsultationById, CriteriaByConsultationId, EventsByConsultationId
from catering.procurement.models import ConsultationAward, Tender, TenderDocument, TenderOutcome
from catering.procurement.queries_of_tenders import (
    awards_visible_to,
    outcomes_visible_to,
    tender_papers_visible_to,
    tenders_visible_to,
    winners_visible_to,
)
from catering.procurement.scoring import Score
from catering.procurement.seal import broken


class TendersByConsultationId(ManyByKey[int, Tender]):
    """Offers that stand, with their lines and declarations: as many as there are suppliers of a family at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return Tender.consultation_id

    def statement(self) -> Select[Tender]:
        """Those the viewer may read, in order of number."""
        standing = tenders_visible_to(self.request.viewer).where(Tender.withdrawn_at.is_(None))
        whole = standing.options(selectinload(Tender.lines), selectinload(Tender.facts))
        return whole.order_by(Tender.consultation_id, Tender.id)


class PapersByTenderId(ManyByKey[int, TenderDocument]):
    """Papers of offers, ten of one at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The offer."""
        return TenderDocument.tender_id

    def statement(self) -> Select[TenderDocument]:
        """Those of offers the viewer may read, in order of number."""
        visible = tender_papers_visible_to(self.request.viewer)
        return visible.order_by(TenderDocument.tender_id, TenderDocument.document_id)


class SealBreakByConsultationId(Loader[int, int | None]):
    """Rank of the first line of a log whose offer is not as it was received; None when all are, or before the opening.

    The rank is among the lines that the viewer reads.
    """

    async def fetch(self, keys: list[int]) -> Mapping[int, int | None]:
        """The ranks by consultation: the fingerprint of every standing offer is computed again."""
        rows = [row for row in await self.request.loader(ConsultationById).load_many(keys) if row is not None]
        opened = [row.id for row in rows if row.opened_at is not None]
        tenders = await self.request.loader(TendersByConsultationId).load_many(opened)
        standing = [each for offers in tenders for each in offers]
        papers = await self.request.loader(PapersByTenderId).load_many([each.id for each in standing])
        for tender, brought in zip(standing, papers, strict=True):
            set_committed_value(tender, "papers", list(brought))
        events = await self.request.loader(EventsByConsultationId).load_many(opened)
        return {
            key: min(broken(told, offers).values(), default=None)
            for key, offers, told in zip(opened, tenders, events, strict=True)
        }

    def missing(self, key: int) -> int | None:
        """Nothing to compare."""
        del key
        return None


class OutcomeByTenderId(OneByKey[int, TenderOutcome]):
    """What became of offers."""

    def column(self) -> InstrumentedAttribute[int]:
        """The offer."""
        return TenderOutcome.tender_id

    def statement(self) -> Select[TenderOutcome]:
        """Those of offers the viewer may read."""
        return outcomes_visible_to(self.request.viewer)


class AwardByLotId(OneByKey[int, ConsultationAward]):
    """Awards of lots."""

    def column(self) -> InstrumentedAttribute[int]:
        """The lot."""
        return ConsultationAward.lot_id

    def statement(self) -> Select[ConsultationAward]:
        """Those the viewer may read."""
        return awards_visible_to(self.request.viewer)


class WinnerById(OneByKey[int, Supplier]):
    """Suppliers that were retained."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Supplier.id

    def statement(self) -> Select[Supplier]:
        """Those of awards the viewer may read."""
        return winners_visible_to(self.request.viewer)


class ScoresByConsultationId(Loader[int, Mapping[int, Score]]):
    """Scores of the opened offers of consultations, each compared within its lot, by number of the offer."""

    async def fetch(self, keys: list[int]) -> Mapping[int, Mapping[int, Score]]:
        """The scores by consultation; none before the opening, none for a supplier, who reads its own offer only."""
        if self.request.viewer.sells:
            return {}
        rows = [row for row in await self.request.loader(ConsultationById).load_many(keys) if row is not None]
        opened = [row for row in rows if row.opened_at is not None and row.published_at is not None]
        ids = [row.id for row in opened]
        tenders = await self.request.loader(TendersByConsultationId).load_many(ids)
        criteria = await self.request.loader(CriteriaByConsultationId).load_many(ids)
        found = {}
        for row, offers, published in zip(opened, tenders, criteria, strict=True):
            assert row.published_at is not None
            of_lots: dict[int, list[Tender]] = defaultdict(list)
            for offer in offers:
                of_lots[offer.lot_id].append(offer)
            day = paris_day(row.published_at)
            scores = [score for lot in of_lots.values() for score in compared(published, lot, day)]
            found[row.id] = {score.tender: score for score in scores}
        return found

    def missing(self, key: int) -> Mapping[int, Score]:
        """No scores."""
        del key
        return {}
