"""Tables of procurement."""

from catering.procurement.models.changes import ContractChange, ContractPriceChange
from catering.procurement.models.consultations import (
    Consultation,
    ConsultationCriterion,
    ConsultationEvent,
    ConsultationInvite,
    ConsultationLine,
    ConsultationLot,
    ConsultationQuestion,
)
from catering.procurement.models.contracts import (
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
    IndexValue,
    PriceRevision,
)
from catering.procurement.models.drawn import DrawnAmount
from catering.procurement.models.engagements import Engagement
from catering.procurement.models.qualities import LotQuality
from catering.procurement.models.tenders import (
    ConsultationAward,
    Tender,
    TenderDocument,
    TenderFact,
    TenderLine,
    TenderOutcome,
)

__all__ = [
    "Consultation",
    "ConsultationAward",
    "ConsultationCriterion",
    "ConsultationEvent",
    "ConsultationInvite",
    "ConsultationLine",
    "ConsultationLot",
    "ConsultationQuestion",
    "Contract",
    "ContractChange",
    "ContractLine",
    "ContractLot",
    "ContractMember",
    "ContractPriceChange",
    "DrawnAmount",
    "Engagement",
    "IndexValue",
    "LotQuality",
    "PriceRevision",
    "Tender",
    "TenderDocument",
    "TenderFact",
    "TenderLine",
    "TenderOutcome",
]
