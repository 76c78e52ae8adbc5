"""What suppliers are told by mail about a consultation: French, plain, each with what to open to read on."""

from collections.abc import Sequence
from enum import StrEnum

from catering.outbox.service import DOOR, Letter
from catering.procurement.clock import in_words
from catering.procurement.models import (
    Consultation,
    ConsultationLot,
    ConsultationQuestion,
    Tender,
    TenderOutcome,
)


class Topic(StrEnum):
    """What a letter about a consultation tells; ``about`` is the number of a row of the table named here."""

    CONSULTATION_SENT = "consultation_sent"
    """Consultation."""
    QUESTION_ANSWERED = "question_answered"
    """ConsultationQuestion."""
    TENDER_RECEIVED = "tender_received"
    """Tender."""
    TENDER_OUTCOME = "tender_outcome"
    """Tender."""
    LOT_CLOSED = "lot_closed"
    """ConsultationLot: sans suite, for those who did not answer."""


def way_to(what: str, todo: str) -> str:
    """How a reader gets there: a letter leads to the door of the site, and says what to open behind it."""
    return f"{todo} : se connecter, puis ouvrir {what}."


def sent(consultation: Consultation, buyer: str, lots: Sequence[ConsultationLot], supplier: str) -> Letter:
    """The need, to a supplier that sells something of the lots named.

    Args:
        consultation: as published.
        buyer: its name.
        lots: those that match the supplier.
        supplier: its id.
    """
    assert consultation.deadline is not None
    body = (
        "Bonjour,\n\n"
        f"{buyer} lance une consultation : « {consultation.title} ».\n"
        f"Livraisons du {consultation.first_day:%d/%m/%Y} au {consultation.last_day:%d/%m/%Y}. "
        f"{consultation.delivery}\n"
        f"Vous vendez des produits de {_named(lots)}. Vous pouvez répondre à un lot, à plusieurs ou à tous.\n"
        f"Date limite des offres : {in_words(consultation.deadline)}, heure de Paris. Votre offre reste scellée "
        "jusque-là.\n\n"
        f"{_way(consultation, 'Lire le besoin, poser une question, répondre')}"
    )
    return _letter(Topic.CONSULTATION_SENT, consultation.id, supplier, f"Consultation : {consultation.title}", body)


def answered(consultation: Consultation, question: ConsultationQuestion, supplier: str) -> Letter:
    """A question and its answer, to every supplier alike, without the name of who asked."""
    body = (
        "Bonjour,\n\n"
        f"Une réponse est publiée dans la consultation « {consultation.title} » ; tous les fournisseurs la lisent.\n\n"
        f"Question : {question.question}\n\nRéponse : {question.answer}\n\n"
        f"{_way(consultation, 'Lire la consultation, répondre')}"
    )
    return _letter(Topic.QUESTION_ANSWERED, question.id, supplier, f"Réponse publiée : {consultation.title}", body)


def received(consultation: Consultation, lot: ConsultationLot, tender: Tender, sha256: str, supplier: str) -> Letter:
    """The receipt of a sealed offer: its number, its instant and its fingerprint, nothing of what it says."""
    assert consultation.deadline is not None
    body = (
        "Bonjour,\n\n"
        f"Votre offre {tender.id} pour « {consultation.title} », lot {lot.number} ({lot.title}), a été reçue le "
        f"{in_words(tender.submitted_at)}.\n"
        f"Son empreinte (SHA-256) : {sha256}\n"
        f"Elle reste scellée jusqu'au {in_words(consultation.deadline)} : personne d'autre que vous ne la lit. "
        "Jusque-là, vous pouvez la remplacer ou la retirer.\n\n"
        f"{_way(consultation, 'La relire')}"
    )
    return _letter(Topic.TENDER_RECEIVED, tender.id, supplier, f"Offre reçue : {consultation.title}", body)


def decided(consultation: Consultation, lot: ConsultationLot, outcome: TenderOutcome, supplier: str) -> Letter:
    """What became of an offer, to its supplier alone, with the reason."""
    said = "est retenue" if outcome.won else "n'est pas retenue"
    body = (
        "Bonjour,\n\n"
        f"Votre offre {outcome.tender_id} pour « {consultation.title} », lot {lot.number} ({lot.title}), {said}.\n\n"
        f"{outcome.reason}\n\n"
        f"{_way(consultation, 'Lire la décision')}"
    )
    subject = f"{'Offre retenue' if outcome.won else 'Offre non retenue'} : {consultation.title}"
    return _letter(Topic.TENDER_OUTCOME, outcome.tender_id, supplier, subject, body)


def closed(consultation: Consultation, lot: ConsultationLot, supplier: str) -> Letter:
    """That a lot is closed sans suite, to a supplier that was asked and did not answer it."""
    body = (
        "Bonjour,\n\n"
        f"La consultation « {consultation.title} », lot {lot.number} ({lot.title}), est classée sans suite.\n\n"
        f"Motif : {lot.reason}\n\n"
        f"{_way(consultation, 'Lire la consultation')}"
    )
    return _letter(Topic.LOT_CLOSED, lot.id, supplier, f"Sans suite : {consultation.title}", body)


def _way(consultation: Consultation, todo: str) -> str:
    return way_to(f"la consultation n° {consultation.id}", todo)


def _named(lots: Sequence[ConsultationLot]) -> str:
    return ", ".join(f"lot {lot.number} ({lot.title})" for lot in lots)


def _letter(topic: Topic, about: int, supplier: str, subject: str, body: str) -> Letter:
    return Letter(topic.value, about, supplier, subject, body, DOOR)
