"""Sealed offers: submitted, replaced and withdrawn until the deadline, never after."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import Document
from catering.figures import number
from catering.market.models import Certificate, Supplier
from catering.market.queries import certificates_visible_to
from catering.moment import paris_day
from catering.outbox.service import queue
from catering.people.viewer import Viewer
from catering.procurement import letters, refusals
from catering.procurement.figures import PRICE_STEP, fits
from catering.procurement.grounds import of_quality
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationLine,
    ConsultationLot,
    Tender,
    TenderDocument,
    TenderFact,
    TenderLine,
)
from catering.procurement.queries_of_consultations import criteria_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.scoring import line_amount
from catering.procurement.seal import fingerprint
from catering.procurement.service.access import changed, consultation_read, database_time, lines_of, lots_of, seller
from catering.procurement.service.answering import hold_open
from catering.procurement.service.log import record
from catering.procurement.service.papers import papers_of
from catering.procurement.vocabulary import EventKind, LotStatus
from catering.rules.procurement import BY_PRICE, procurement_law

HIGHEST_PRICE = Decimal(1000)
"""€/kg: more is a slip of the keyboard, saffron aside."""
LARGEST_NUMBER = 2**31 - 1
"""What a number of a row can be on every database."""


@dataclass(frozen=True, slots=True)
class TenderWish:
    """What a supplier offers: €/kg excl. tax per line (its number), a value per criterion code but the price.

    It answers the lots whose lines it prices: one, several or all.
    """

    supplier: str
    prices: Mapping[int, Decimal]
    facts: Mapping[str, Decimal]
    papers: Collection[int] = ()
    """Numbers of the documents that prove what it declares."""


async def submit(session: AsyncSession, viewer: Viewer, number: int, wish: TenderWish) -> list[Tender]:
    """Submit an offer to each lot whose lines are priced, or replace the one before; a receipt is sent.

    They stay sealed until the buyer opens all of them. Offers to other lots stand as they were.

    Returns:
        One offer per lot answered, in order of the lots.

    Raises:
        refusals.Refusal: the viewer does not sell, the consultation takes no offers any more, or the offer does not
            answer it.
    """
    supplier = await seller(session, viewer, wish.supplier)
    consultation = await consultation_read(session, viewer, number)
    await hold_open(session, consultation)
    lots = await lots_of(session, viewer, number)
    lines = await lines_of(session, viewer, number)
    answered = _lots_answered(wish, lots, lines)
    facts = await _facts(session, viewer, consultation, wish)
    await _require_proof(session, viewer, consultation, supplier, facts)
    papers = await papers_of(session, viewer, consultation, supplier, wish.papers)
    at = await database_time(session)
    await _withdraw_standing(session, consultation, supplier, {lot.id for lot in answered}, at)
    tenders = [await _tender(session, viewer, lot, supplier, wish, lines, facts, papers, at) for lot in answered]
    session.add_all(tenders)
    await session.flush()
    for lot, tender in zip(answered, tenders, strict=True):
        data: dict[str, Any] = {"tender": tender.id, "lot": lot.number, "supplier": supplier.slug}
        data |= {"seal": fingerprint(tender)} | ({"papers": len(papers)} if papers else {})
        await record(session, viewer, consultation, EventKind.TENDER_SUBMITTED, data, at=at)
    receipts = [
        letters.received(consultation, lot, tender, fingerprint(tender), supplier.slug)
        for lot, tender in zip(answered, tenders, strict=True)
    ]
    await queue(session, receipts, at)
    return tenders


async def _tender(
    session: AsyncSession,
    viewer: Viewer,
    lot: ConsultationLot,
    supplier: Supplier,
    wish: TenderWish,
    lines: Mapping[int, ConsultationLine],
    facts: Mapping[str, Decimal],
    papers: Sequence[Document],
    at: datetime,
) -> Tender:
    prices = {line: price for line, price in sorted(wish.prices.items()) if lines[line].lot_id == lot.id}
    return Tender(
        id=await _number_by_lot(session),
        consultation_id=lot.consultation_id,
        lot_id=lot.id,
        supplier_id=supplier.id,
        submitted_at=at,
        submitted_by=viewer.actor,
        amount=sum((line_amount(price, lines[line].quantity_g) for line, price in prices.items()), Decimal(0)),
        lines=[TenderLine(line_id=line, price_eur_per_kg=price) for line, price in prices.items()],
        facts=[TenderFact(code=code, value=value) for code, value in sorted(facts.items())],
        papers=[TenderDocument(document_id=each.id, name=each.name, sha256=each.sha256) for each in papers],
    )


async def _number_by_lot(session: AsyncSession) -> int:
    """A number that nobody can tell anything from; one that counts up would say how many others have answered."""
    while True:
        number = 1 + secrets.randbelow(LARGEST_NUMBER)
        taken = select(func.count()).where(Tender.id == number)
        if not (await session.scalars(taken)).one():
            return number


async def withdraw(
    session: AsyncSession, viewer: Viewer, number: int, supplier: str, lots: Collection[int] = ()
) -> Consultation:
    """Withdraw the offers that stand to some lots (their numbers), to all of them when none is named.

    Raises:
        refusals.Refusal: the viewer does not sell, there is no such offer, or it is too late.
    """
    selling = await seller(session, viewer, supplier)
    consultation = await consultation_read(session, viewer, number)
    await hold_open(session, consultation)
    named = {lot.id: lot.number for lot in await lots_of(session, viewer, number) if not lots or lot.number in lots}
    own = standing_tenders(viewer, number).where(Tender.supplier_id == selling.id, Tender.lot_id.in_(named))
    standing = (await session.scalars(own.order_by(Tender.lot_id))).all()
    if not standing or len(named) < len(set(lots)):
        raise refusals.InvalidTender("Vous n'avez pas d'offre en cours dans cette consultation : rien à retirer.")
    at = await database_time(session)
    await _withdraw_standing(session, consultation, selling, named, at)
    for each in standing:
        data = {"tender": each.id, "lot": named[each.lot_id], "supplier": selling.slug}
        await record(session, viewer, consultation, EventKind.TENDER_WITHDRAWN, data, at=at)
    return consultation


async def _withdraw_standing(
    session: AsyncSession, consultation: Consultation, supplier: Supplier, lot_ids: Collection[int], at: datetime
) -> None:
    standing = update(Tender).where(
        Tender.consultation_id == consultation.id,
        Tender.lot_id.in_(lot_ids),
        Tender.supplier_id == supplier.id,
        Tender.withdrawn_at.is_(None),
    )
    await changed(session, standing.values(withdrawn_at=at))


def _lots_answered(
    wish: TenderWish, lots: Sequence[ConsultationLot], lines: Mapping[int, ConsultationLine]
) -> list[ConsultationLot]:
    """The lots whose lines are priced, in order: each of them whole.

    Raises:
        refusals.InvalidTender: a price fits no line, a lot is answered in part, or a price is no price.
    """
    of_lot: dict[int, set[int]] = defaultdict(set)
    for line in lines.values():
        of_lot[line.lot_id].add(line.id)
    answered = [lot for lot in lots if of_lot[lot.id] & set(wish.prices)]
    whole = [number for lot in answered for number in of_lot[lot.id]]
    if not answered or set(wish.prices) != set(whole):
        asked = " ; ".join(f"lot {lot.number} : {len(of_lot[lot.id])} produits" for lot in lots)
        raise refusals.InvalidTender(
            f"Donner un prix pour chacun des produits de chaque lot auquel vous répondez ({asked}), et pour eux seuls."
        )
    if over := [lot.number for lot in answered if lot.status is not LotStatus.WAITING]:
        raise refusals.WrongStage(f"Le lot {over[0]} est déjà attribué ou clos : il ne prend plus d'offres.")
    _check_prices(wish, lines)
    return answered


def _check_prices(wish: TenderWish, lines: Mapping[int, ConsultationLine]) -> None:
    for price in wish.prices.values():
        if not fits(price, PRICE_STEP, PRICE_STEP, HIGHEST_PRICE):
            raise refusals.InvalidTender(
                f"Le prix {price} ne convient pas : en €/kg hors taxes, au-dessus de 0, {HIGHEST_PRICE} au plus, "
                "quatre décimales au plus."
            )
    if any(line_amount(price, lines[line].quantity_g) <= 0 for line, price in wish.prices.items()):
        raise refusals.InvalidTender("Un prix est si bas que sa ligne vaut 0 € : le relever.")


async def _facts(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, wish: TenderWish
) -> Mapping[str, Decimal]:
    asked = criteria_visible_to(viewer).where(ConsultationCriterion.consultation_id == consultation.id)
    codes = {each.code for each in await session.scalars(asked)} - {BY_PRICE}
    if set(wish.facts) != codes:
        raise refusals.InvalidTender(f"Répondre à chacun de ces critères et à eux seuls : {', '.join(sorted(codes))}.")
    assert consultation.published_at is not None
    _check_facts(wish.facts, paris_day(consultation.published_at))
    return wish.facts


async def _require_proof(
    session: AsyncSession,
    viewer: Viewer,
    consultation: Consultation,
    supplier: Supplier,
    facts: Mapping[str, Decimal],
) -> None:
    """A share sold under a sign of quality is one that its supplier can prove when deliveries begin.

    Raises:
        refusals.InvalidTender: no certificate of theirs covers that day.
    """
    assert consultation.published_at is not None
    published = paris_day(consultation.published_at)
    rows = [row for code in facts if facts[code] and (row := procurement_law().criterion(code, published)) is not None]
    claimed = [row for row in rows if row.proven_by == "label"]
    if not claimed:
        return
    first = consultation.first_day
    held = certificates_visible_to(viewer).where(
        Certificate.supplier_id == supplier.id, Certificate.valid_from <= first, Certificate.valid_to >= first
    )
    if not any(of_quality(label, first) for label in await session.scalars(held.with_only_columns(Certificate.label))):
        raise refusals.InvalidTender(
            f"« {claimed[0].french_name} » : aucun de vos certificats d'un signe reconnu ne couvre le premier "
            f"jour de livraison, le {first:%d/%m/%Y}. Déposer celui qui le couvre (certificats), ou répondre 0."
        )


def _check_facts(facts: Mapping[str, Decimal], published: date) -> None:
    """Each answer can be kept by somebody: one that cannot would take the points of all the others (CCP-03)."""
    for code, value in facts.items():
        row = procurement_law().criterion(code, published)
        if row is None or not row.takes(value):
            asked = "" if row is None else f" : {row.answers}"
            raise refusals.InvalidTender(f"La réponse {number(value)} au critère {code} ne convient pas{asked}.")


async def how_many(session: AsyncSession, number: int) -> int:
    """How many offers stand, for the log of the opening."""
    counted = select(func.count()).where(Tender.consultation_id == number, Tender.withdrawn_at.is_(None))
    return int((await session.scalars(counted)).one())
