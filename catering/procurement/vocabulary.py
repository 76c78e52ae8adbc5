"""Closed vocabularies of procurement."""

from enum import StrEnum


class Procedure(StrEnum):
    """How a contract was awarded."""

    BELOW_THRESHOLD = "below_threshold"
    """Without publicity or competition, below the first threshold (CCP-10)."""
    ADAPTED = "adapted"
    """Procédure adaptée, MAPA (CCP-11, CCP-12)."""
    FORMAL = "formal"
    """Procédure formalisée, with a notice in the JOUE (CCP-13)."""


class RevisionRhythm(StrEnum):
    """How often a price follows its index (CCP-33)."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class ContractChangeKind(StrEnum):
    """How a signed contract is changed."""

    AMENDMENT = "amendment"
    """Avenant: its last day, its maximum or prices."""
    TERMINATION = "termination"
    """Résiliation: it ends before its last day."""


class ConsultationStatus(StrEnum):
    """Where a consultation stands; the last two never change again."""

    DRAFT = "draft"
    PUBLISHED = "published"
    AWARDED = "awarded"
    WITHOUT_RESULT = "without_result"
    """Sans suite: closed with a reason, nobody is awarded."""


class LotStatus(StrEnum):
    """What became of a lot of a consultation; the last two never change again."""

    WAITING = "waiting"
    """Nothing is decided."""
    AWARDED = "awarded"
    WITHOUT_RESULT = "without_result"
    """Sans suite: closed with a reason, nobody is awarded."""


class EventKind(StrEnum):
    """What a line of the log of a consultation tells."""

    DESCRIBED = "described"
    CONSULTATION_PUBLISHED = "consultation_published"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    TENDER_SUBMITTED = "tender_submitted"
    TENDER_WITHDRAWN = "tender_withdrawn"
    TENDERS_OPENED = "tenders_opened"
    TENDER_SET_ASIDE = "tender_set_aside"
    CONSULTATION_AWARDED = "consultation_awarded"
    CLOSED_WITHOUT_RESULT = "closed_without_result"


SEALED_EVENTS = frozenset({EventKind.TENDER_SUBMITTED, EventKind.TENDER_WITHDRAWN, EventKind.QUESTION_ASKED})
"""What would tell a buyer, before the offers are opened, who answers or means to: a question names its author."""


class SetAsideGround(StrEnum):
    """For what an opened offer may be left out of the comparison; what each asks is a dated table of the rules."""

    IRREGULAR = "irregular"
    """It does not meet what the consultation asks, or breaks a law."""
    UNACCEPTABLE = "unacceptable"
    """Its price is above the credits that were set before the consultation."""
    UNSUITABLE = "unsuitable"
    """It cannot meet the need without being changed."""
    ABNORMALLY_LOW = "abnormally_low"
    """Its price cannot be kept, and its supplier, asked, did not explain it."""


class GroundKind(StrEnum):
    """By which way a purchase is lawful."""

    CONTRACT_LINE = "contract_line"
    """Ordered on an accord-cadre."""
    CONSULTATION_AWARD = "consultation_award"
    """Awarded by a consultation."""
    FREE_PURCHASE = "free_purchase"
    """Below the first threshold, without publicity or competition (CCP-10)."""
