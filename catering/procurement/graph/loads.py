"""Loads of contracts and consultations for one operation."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from catering.graph.loading import Loader, ManyByKey, OneByKey
from catering.kitchens.models import Kitchen
from catering.outbox.models import OutgoingMail
from catering.procurement.chain import Line, first_break
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationEvent,
    ConsultationInvite,
    ConsultationLine,
    ConsultationLot,
    ConsultationQuestion,
    Contract,
    ContractChange,
    ContractLine,
    ContractLot,
    ContractMember,
    LotQuality,
    PriceRevision,
)
from catering.procurement.queries import (
    changes_visible_to,
    contract_lines_visible_to,
    contracts_visible_to,
    lots_visible_to,
    members_visible_to,
    qualities_visible_to,
    revisions_visible_to,
)
from catering.procurement.queries_of_consultations import (
    buyers_visible_to,
    consultation_lines_visible_to,
    consultation_lots_visible_to,
    consultations_visible_to,
    criteria_visible_to,
    events_visible_to,
    invites_visible_to,
    questions_visible_to,
    sending_letters_visible_to,
    whole_log_visible_to,
)


class BuyerById(OneByKey[int, Kitchen]):
    """Kitchens that buy in what the viewer may read."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Kitchen.id

    def statement(self) -> Select[Kitchen]:
        """Buyers as suppliers know them too."""
        return buyers_visible_to(self.request.viewer)


class ContractById(OneByKey[int, Contract]):
    """Contracts by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Contract.id

    def statement(self) -> Select[Contract]:
        """All visible contracts."""
        return contracts_visible_to(self.request.viewer)


class MembersByContractId(ManyByKey[int, ContractMember]):
    """Collèges that may order on contracts."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The contract."""
        return ContractMember.contract_id

    def statement(self) -> Select[ContractMember]:
        """Those of visible contracts, in order of number."""
        return members_visible_to(self.request.viewer).order_by(ContractMember.contract_id, ContractMember.kitchen_id)


class ChangesByContractId(ManyByKey[int, ContractChange]):
    """Avenants and résiliations: a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The contract."""
        return ContractChange.contract_id

    def statement(self) -> Select[ContractChange]:
        """Those of visible contracts with the prices they change, in the order in which they were signed."""
        visible = changes_visible_to(self.request.viewer).options(selectinload(ContractChange.prices))
        return visible.order_by(ContractChange.contract_id, ContractChange.rank)


class LotsByContractId(ManyByKey[int, ContractLot]):
    """Lots of contracts: a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The contract."""
        return ContractLot.contract_id

    def statement(self) -> Select[ContractLot]:
        """Those of visible contracts, in order of number."""
        return lots_visible_to(self.request.viewer).order_by(ContractLot.contract_id, ContractLot.number)


class QualitiesByLotId(ManyByKey[int, LotQuality]):
    """How lots were judged: two signs at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The lot."""
        return LotQuality.lot_id

    def statement(self) -> Select[LotQuality]:
        """Those of visible contracts, in order of sign."""
        return qualities_visible_to(self.request.viewer).order_by(LotQuality.lot_id, LotQuality.sign)


class LinesByLotId(ManyByKey[int, ContractLine]):
    """Products of lots: a few dozen."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The lot."""
        return ContractLine.lot_id

    def statement(self) -> Select[ContractLine]:
        """Those of visible contracts, in order of position."""
        return contract_lines_visible_to(self.request.viewer).order_by(ContractLine.lot_id, ContractLine.position)


class RevisionsByLineId(ManyByKey[int, PriceRevision]):
    """Revised prices of products: one per period at most, over four years."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The product."""
        return PriceRevision.line_id

    def statement(self) -> Select[PriceRevision]:
        """Those of visible contracts, in the order in which they hold."""
        visible = revisions_visible_to(self.request.viewer)
        return visible.order_by(PriceRevision.line_id, PriceRevision.effective_from, PriceRevision.id)


class ConsultationById(OneByKey[int, Consultation]):
    """Consultations by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Consultation.id

    def statement(self) -> Select[Consultation]:
        """All visible consultations."""
        return consultations_visible_to(self.request.viewer)


class LotsByConsultationId(ManyByKey[int, ConsultationLot]):
    """Lots of consultations: a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationLot.consultation_id

    def statement(self) -> Select[ConsultationLot]:
        """Those of visible consultations, in order of number."""
        visible = consultation_lots_visible_to(self.request.viewer)
        return visible.order_by(ConsultationLot.consultation_id, ConsultationLot.number)


class LinesByConsultationId(ManyByKey[int, ConsultationLine]):
    """Products wanted: a few dozen at most."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationLine.consultation_id

    def statement(self) -> Select[ConsultationLine]:
        """Those of visible consultations, in order of position."""
        visible = consultation_lines_visible_to(self.request.viewer)
        return visible.order_by(ConsultationLine.consultation_id, ConsultationLine.position)


class CriteriaByConsultationId(ManyByKey[int, ConsultationCriterion]):
    """Published criteria: a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationCriterion.consultation_id

    def statement(self) -> Select[ConsultationCriterion]:
        """Those of visible consultations, in order of position."""
        visible = criteria_visible_to(self.request.viewer)
        return visible.order_by(ConsultationCriterion.consultation_id, ConsultationCriterion.position)


class QuestionsByConsultationId(ManyByKey[int, ConsultationQuestion]):
    """Questions of suppliers: a handful."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationQuestion.consultation_id

    def statement(self) -> Select[ConsultationQuestion]:
        """Those the viewer may read, in order of time."""
        visible = questions_visible_to(self.request.viewer)
        return visible.order_by(ConsultationQuestion.consultation_id, ConsultationQuestion.id)


class InvitesByConsultationId(ManyByKey[int, ConsultationInvite]):
    """To whom consultations were sent: the suppliers of one family."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationInvite.consultation_id

    def statement(self) -> Select[ConsultationInvite]:
        """Those the viewer may read, in order of supplier."""
        visible = invites_visible_to(self.request.viewer)
        return visible.order_by(ConsultationInvite.consultation_id, ConsultationInvite.supplier_id)


class LettersByConsultationId(ManyByKey[int, OutgoingMail]):
    """Letters by which consultations were sent: a few per supplier of the families."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return OutgoingMail.about

    def statement(self) -> Select[OutgoingMail]:
        """Those the viewer may read, in order."""
        return sending_letters_visible_to(self.request.viewer).order_by(OutgoingMail.about, OutgoingMail.id)


class EventsByConsultationId(ManyByKey[int, ConsultationEvent]):
    """Lines of logs: a few dozen."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The consultation."""
        return ConsultationEvent.consultation_id

    def statement(self) -> Select[ConsultationEvent]:
        """Those the viewer may read, in order."""
        visible = events_visible_to(self.request.viewer)
        return visible.order_by(ConsultationEvent.consultation_id, ConsultationEvent.seq)


class LogBreakByConsultationId(Loader[int, int | None]):
    """Rank of the first line of a log that does not fit the chain; None when the log is whole.

    The rank is among the lines that the viewer reads: the true one would tell how many are sealed.
    """

    async def fetch(self, keys: list[int]) -> Mapping[int, int | None]:
        """The ranks by consultation: the hashes of every line are computed again."""
        of_keys = whole_log_visible_to(self.request.viewer).where(ConsultationEvent.consultation_id.in_(keys))
        rows = await self.request.objects(of_keys.order_by(ConsultationEvent.consultation_id, ConsultationEvent.seq))
        logs: dict[int, list[Line]] = {key: [] for key in keys}
        for row in rows:
            line = Line(row.seq, row.at, row.actor, row.kind.value, row.data, row.hash)
            logs[row.consultation_id].append(line)
        heads = [row for row in await self.request.loader(ConsultationById).load_many(keys) if row is not None]
        breaks = {row.id: first_break(logs[row.id], row.log_length, row.log_head) for row in heads}
        broken = [key for key, rank in breaks.items() if rank is not None]
        read = dict(zip(broken, await self.request.loader(EventsByConsultationId).load_many(broken), strict=True))
        return {
            key: None if rank is None else 1 + sum(line.seq < rank for line in read[key])
            for key, rank in breaks.items()
        }
