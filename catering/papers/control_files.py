"""Which tables make the file of a buyer for a control: one CSV each, of what the viewer may read and no more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, case, func, inspect, or_

from catering.kitchens.models import Kitchen
from catering.moment import PARIS
from catering.orders.models import Order, OrderEvent, OrderLine
from catering.orders.queries import order_events_visible_to, order_lines_visible_to, orders
from catering.outbox.models import OutgoingMail
from catering.people.viewer import Viewer
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
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
    ContractPriceChange,
    Engagement,
    PriceRevision,
    Tender,
    TenderDocument,
    TenderFact,
    TenderLine,
    TenderOutcome,
)
from catering.procurement.queries import (
    changes_visible_to,
    contract_lines_visible_to,
    contracts,
    engagements_visible_to,
    lots_visible_to,
    members_visible_to,
    price_changes_visible_to,
    revisions_visible_to,
)
from catering.procurement.queries_of_consultations import (
    consultation_lines_visible_to,
    consultation_lots_visible_to,
    consultations_visible_to,
    criteria_visible_to,
    events_visible_to,
    invites_visible_to,
    questions_visible_to,
    sending_letters_visible_to,
)
from catering.procurement.queries_of_tenders import (
    awards_visible_to,
    outcomes_visible_to,
    tender_facts_visible_to,
    tender_lines_visible_to,
    tender_papers_visible_to,
    tenders_visible_to,
)
from catering.purchases.models import PurchaseLine
from catering.purchases.queries import purchases
from catering.receiving.models import (
    CreditRequest,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    Reception,
    ReceptionLine,
)
from catering.receiving.queries import reception_lines_visible_to, receptions
from catering.receiving.queries_invoices import (
    credits_visible_to,
    invoice_events_visible_to,
    invoice_lines_visible_to,
    invoices_visible_to,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose file, of which civil year, on whose behalf."""

    viewer: Viewer
    kitchen: Kitchen
    year: int

    @property
    def first_day(self) -> date:
        """First of January."""
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        """31 December, included."""
        return date(self.year + 1, 1, 1) - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """First instant of the year in Paris."""
        return datetime.combine(self.first_day, time(), PARIS).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """First instant of the next year in Paris."""
        return datetime.combine(date(self.year + 1, 1, 1), time(), PARIS).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class File:
    """One CSV of the archive: its name, what it holds in French, its table, and which rows of it.

    ``instead`` gives, by name, the columns that are not shown as they are stored; ``only`` those that are shown at all,
    where not all of them concern who controls.
    """

    name: str
    holds: str
    table: type[Any]
    rows: Callable[[Asked], Select[Any]]
    instead: Callable[[Asked], Mapping[str, ColumnElement[Any]]] | None = None
    only: Sequence[str] = ()

    @property
    def columns(self) -> Sequence[Column[Any]]:
        """What is shown of the table, in its order."""
        return [each for each in inspect(self.table).columns if not self.only or each.key in self.only]


def year_orders(asked: Asked) -> Select[Order]:
    """Orders of the kitchen delivered, or to be delivered, in the year."""
    return orders(asked.viewer, kitchen_id=asked.kitchen.id).where(Order.day.between(asked.first_day, asked.last_day))


def _of_orders(statement: Select[Any], asked: Asked, order_id: Any) -> Select[Any]:
    return statement.where(order_id.in_(year_orders(asked).with_only_columns(Order.id)))


def order_lines_of(asked: Asked) -> Select[OrderLine]:
    """Lines of the orders of the year."""
    return _of_orders(order_lines_visible_to(asked.viewer), asked, OrderLine.order_id)


def _receptions(asked: Asked) -> Select[Reception]:
    return receptions(
        asked.viewer, uai=asked.kitchen.uai, first_day=asked.first_day, last_day=asked.last_day
    )  # fmt: skip


def _reception_lines(asked: Asked) -> Select[ReceptionLine]:
    own = _receptions(asked).with_only_columns(Reception.id)
    return reception_lines_visible_to(asked.viewer).where(ReceptionLine.reception_id.in_(own))


def _credits(asked: Asked) -> Select[CreditRequest]:
    own = _reception_lines(asked).with_only_columns(ReceptionLine.id)
    return credits_visible_to(asked.viewer).where(CreditRequest.reception_line_id.in_(own))


def _invoices(asked: Asked) -> Select[Invoice]:
    issued = Invoice.issued_on.between(asked.first_day, asked.last_day)
    return invoices_visible_to(asked.viewer).where(Invoice.kitchen_id == asked.kitchen.id, issued)


def _of_invoices(statement: Select[Any], asked: Asked, invoice_id: Any) -> Select[Any]:
    return statement.where(invoice_id.in_(_invoices(asked).with_only_columns(Invoice.id)))


def _purchases(asked: Asked) -> Select[PurchaseLine]:
    return purchases(
        asked.viewer, uai=asked.kitchen.uai, first_day=asked.first_day, last_day=asked.last_day
    )  # fmt: skip


def _engagements(asked: Asked) -> Select[Engagement]:
    in_year = Engagement.day.between(asked.first_day, asked.last_day)
    return engagements_visible_to(asked.viewer).where(Engagement.kitchen_id == asked.kitchen.id, in_year)


def _consultations(asked: Asked) -> Select[Consultation]:
    """Those the kitchen made or takes part in: begun before the year ends, decided or delivered in it or later."""
    lines = consultation_lines_visible_to(asked.viewer).where(ConsultationLine.kitchen_id == asked.kitchen.id)
    own = or_(
        Consultation.kitchen_id == asked.kitchen.id,
        Consultation.id.in_(lines.with_only_columns(ConsultationLine.consultation_id)),
    )
    alive = or_(Consultation.last_day >= asked.first_day, Consultation.decided_at >= asked.begins)
    return consultations_visible_to(asked.viewer).where(own, Consultation.created_at < asked.ends, alive)


def _of_consultations(statement: Select[Any], asked: Asked, consultation_id: Any) -> Select[Any]:
    return statement.where(consultation_id.in_(_consultations(asked).with_only_columns(Consultation.id)))


def _sealed_heads(asked: Asked) -> Mapping[str, ColumnElement[Any]]:
    """How long a log is, and its hash, would tell how many offers are sealed."""
    del asked
    opened = Consultation.opened_at.is_not(None)
    return {
        "log_length": case((opened, Consultation.log_length)),
        "log_head": case((opened, Consultation.log_head)),
    }


def _sealed_lines(asked: Asked) -> Mapping[str, ColumnElement[Any]]:
    """Lines of a log take the ranks of those that are read; their hashes wait for the opening."""
    opened = _consultations(asked).where(Consultation.opened_at.is_not(None)).with_only_columns(Consultation.id)
    rank = func.row_number().over(partition_by=ConsultationEvent.consultation_id, order_by=ConsultationEvent.seq)
    return {
        "seq": rank,
        "hash": case((ConsultationEvent.consultation_id.in_(opened), ConsultationEvent.hash)),
    }


def _changes(asked: Asked) -> Select[ContractChange]:
    own = _contracts(asked).with_only_columns(Contract.id)
    return changes_visible_to(asked.viewer).where(ContractChange.contract_id.in_(own))


def _price_changes(asked: Asked) -> Select[ContractPriceChange]:
    own = _changes(asked).with_only_columns(ContractChange.id)
    return price_changes_visible_to(asked.viewer).where(ContractPriceChange.change_id.in_(own))


def _tenders(asked: Asked) -> Select[Tender]:
    return _of_consultations(tenders_visible_to(asked.viewer), asked, Tender.consultation_id)


def _of_tenders(statement: Select[Any], asked: Asked, tender_id: Any) -> Select[Any]:
    return statement.where(tender_id.in_(_tenders(asked).with_only_columns(Tender.id)))


def tender_papers_of(asked: Asked) -> Select[TenderDocument]:
    """Papers of the offers that stand: one that was withdrawn took its papers with it."""
    standing = _tenders(asked).where(Tender.withdrawn_at.is_(None)).with_only_columns(Tender.id)
    return tender_papers_visible_to(asked.viewer).where(TenderDocument.tender_id.in_(standing))


def _contracts(asked: Asked) -> Select[Contract]:
    """Those the kitchen may order on and that are in force on a day of the year."""
    return contracts(asked.viewer, kitchen=asked.kitchen.uai).where(
        Contract.start_day <= asked.last_day, Contract.end_day >= asked.first_day
    )


def _lots(asked: Asked) -> Select[ContractLot]:
    own = _contracts(asked).with_only_columns(Contract.id)
    return lots_visible_to(asked.viewer).where(ContractLot.contract_id.in_(own))


def _members(asked: Asked) -> Select[ContractMember]:
    own = _contracts(asked).with_only_columns(Contract.id)
    return members_visible_to(asked.viewer).where(ContractMember.contract_id.in_(own))


def _contract_lines(asked: Asked) -> Select[ContractLine]:
    own = _lots(asked).with_only_columns(ContractLot.id)
    return contract_lines_visible_to(asked.viewer).where(ContractLine.lot_id.in_(own))


def _revisions(asked: Asked) -> Select[PriceRevision]:
    own = _contract_lines(asked).with_only_columns(ContractLine.id)
    return revisions_visible_to(asked.viewer).where(PriceRevision.line_id.in_(own))


FILES = (
    File("commandes", "Les commandes livrées ou à livrer dans l'année", Order, year_orders),
    File(
        "commandes_lignes", "Leurs lignes, prix et fondement de l'achat (ground) compris", OrderLine,
        order_lines_of,
    ),
    File(
        "commandes_evenements", "Tout ce qui leur est arrivé : quand, par qui, pourquoi", OrderEvent,
        lambda asked: _of_orders(order_events_visible_to(asked.viewer), asked, OrderEvent.order_id),
    ),
    File("consultations", "Les consultations, leur décision et son motif (reason)", Consultation, _consultations,
         _sealed_heads),
    File(
        "consultations_lots", "Leurs lots, la décision sur chacun et son motif (reason)", ConsultationLot,
        lambda asked: _of_consultations(
            consultation_lots_visible_to(asked.viewer), asked, ConsultationLot.consultation_id
        ),
    ),
    File(
        "consultations_lignes", "Le besoin, ligne par ligne", ConsultationLine,
        lambda asked: _of_consultations(
            consultation_lines_visible_to(asked.viewer), asked, ConsultationLine.consultation_id
        ),
    ),
    File(
        "consultations_criteres", "Les critères publiés et leur poids", ConsultationCriterion,
        lambda asked: _of_consultations(
            criteria_visible_to(asked.viewer), asked, ConsultationCriterion.consultation_id
        ),
    ),
    File(
        "consultations_envois", "À qui chaque consultation fut envoyée, et quand", ConsultationInvite,
        lambda asked: _of_consultations(invites_visible_to(asked.viewer), asked, ConsultationInvite.consultation_id),
    ),
    File(
        "consultations_courriers", "Les courriels de ces envois, et quand ils partirent", OutgoingMail,
        lambda asked: _of_consultations(sending_letters_visible_to(asked.viewer), asked, OutgoingMail.about),
    ),
    File(
        "consultations_questions", "Questions des fournisseurs et réponses", ConsultationQuestion,
        lambda asked: _of_consultations(
            questions_visible_to(asked.viewer), asked, ConsultationQuestion.consultation_id
        ),
    ),
    File(
        "consultations_journal", "Le journal chaîné ; avant l'ouverture, sans ce qui est scellé", ConsultationEvent,
        lambda asked: _of_consultations(events_visible_to(asked.viewer), asked, ConsultationEvent.consultation_id),
        _sealed_lines,
    ),
    File("offres", "Les offres reçues, une fois ouvertes ; écartées avec leur motif", Tender, _tenders),
    File(
        "offres_lignes", "Leurs prix", TenderLine,
        lambda asked: _of_tenders(tender_lines_visible_to(asked.viewer), asked, TenderLine.tender_id),
    ),
    File(
        "offres_declarations", "Ce qu'elles déclarent pour les critères", TenderFact,
        lambda asked: _of_tenders(tender_facts_visible_to(asked.viewer), asked, TenderFact.tender_id),
    ),
    File(
        "offres_pieces", "Les pièces qu'elles joignent ; leurs fichiers sont dans pieces_des_offres", TenderDocument,
        tender_papers_of,
    ),
    File(
        "offres_resultats", "Rang, points et motif de chaque offre", TenderOutcome,
        lambda asked: _of_tenders(outcomes_visible_to(asked.viewer), asked, TenderOutcome.tender_id),
    ),
    File(
        "attributions", "Les offres retenues", ConsultationAward,
        lambda asked: _of_consultations(awards_visible_to(asked.viewer), asked, ConsultationAward.consultation_id),
    ),
    File("marches", "Les marchés en vigueur un jour de l'année", Contract, _contracts),
    File("marches_membres", "Les cuisines qui peuvent y commander", ContractMember, _members),
    File("marches_lots", "Leurs lots", ContractLot, _lots),
    File("marches_lignes", "Leurs lignes et prix de base", ContractLine, _contract_lines),
    File("marches_avenants", "Leurs avenants et résiliations, avec leur motif", ContractChange, _changes),
    File("marches_avenants_prix", "Les prix que les avenants changent", ContractPriceChange, _price_changes),
    File("marches_revisions", "Les prix révisés", PriceRevision, _revisions),
    File("engagements", "Ce qui compte devant les seuils, par famille homogène", Engagement, _engagements),
    File("receptions", "Les réceptions de l'année", Reception, _receptions),
    File("receptions_lignes", "Ce qui fut livré, accepté, refusé, et à quelle température",
         ReceptionLine, _reception_lines),
    File("avoirs", "Les avoirs demandés pour ce qui fut refusé", CreditRequest, _credits),
    File("factures", "Factures et avoirs émis dans l'année", Invoice, _invoices),
    File(
        "factures_lignes", "Leurs lignes", InvoiceLine,
        lambda asked: _of_invoices(invoice_lines_visible_to(asked.viewer), asked, InvoiceLine.invoice_id),
    ),
    File(
        "factures_evenements", "Ce qui leur est arrivé, écarts trouvés compris", InvoiceEvent,
        lambda asked: _of_invoices(invoice_events_visible_to(asked.viewer), asked, InvoiceEvent.invoice_id),
    ),
    File("achats", "Les lignes d'achat, labels et montants, comme comptées pour EGAlim", PurchaseLine, _purchases),
)  # fmt: skip
"""In the order of the index."""
