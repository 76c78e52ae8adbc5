"""Sealed offers: submitted, replaced and withdrawn until the deadline, never after."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Supplier
from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.figures import FACT_STEP, PRICE_STEP, fits
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationLine,
    Tender,
    TenderFact,
    TenderLine,
)
from catering.procurement.queries_of_consultations import consultation_lines_visible_to, criteria_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.scoring import PRICE, line_amount
from catering.procurement.service.access import changed, consultation_read, database_time, seller
from catering.procurement.service.answering import hold_open
from catering.procurement.service.log import record
from catering.procurement.vocabulary import EventKind
from catering.rules.procurement import procurement_law

HIGHEST_PRICE = Decimal(1000)
"""€/kg: more is a slip of the keyboard, saffron aside."""
LARGEST_FACT = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TenderWish:
    """What a supplier offers: €/kg excl. tax per line (its number), a value per criterion code but the price."""

    supplier: str
    prices: Mapping[int, Decimal]
    facts: Mapping[str, Decimal]


async def submit(session: AsyncSession, viewer: Viewer, number: int, wish: TenderWish) -> Tender:
    """Submit an offer, or replace the one before; it stays sealed until the buyer opens all of them.

    Raises:
        refusals.Refusal: the viewer does not sell, the consultation takes no offers any more, or the offer does not
            answer it.
    """
    supplier = await seller(session, viewer, wish.supplier)
    consultation = await consultation_read(session, viewer, number)
    await hold_open(session, consultation)
    of_lines = consultation_lines_visible_to(viewer).where(ConsultationLine.consultation_id == number)
    lines = {line.id: line for line in await session.scalars(of_lines)}
    _check_prices(wish, lines)
    facts = await _facts(session, viewer, consultation, wish)
    await _withdraw_standing(session, consultation, supplier)
    tender = Tender(
        consultation_id=number,
        supplier_id=supplier.id,
        submitted_at=await database_time(session),
        submitted_by=viewer.actor,
        amount=sum((line_amount(price, lines[line].quantity_g) for line, price in wish.prices.items()), Decimal(0)),
        lines=[TenderLine(line_id=line, price_eur_per_kg=price) for line, price in sorted(wish.prices.items())],
        facts=[TenderFact(code=code, value=value) for code, value in sorted(facts.items())],
    )
    session.add(tender)
    consultation.tender_count += 1
    await session.flush()
    data = {"tender": tender.id, "supplier": supplier.slug, "sha256": fingerprint(wish)}
    await record(session, viewer, consultation, EventKind.TENDER_SUBMITTED, data)
    return tender


async def withdraw(session: AsyncSession, viewer: Viewer, number: int, supplier: str) -> Consultation:
    """Withdraw the offer that stands, until the deadline.

    Raises:
        refusals.Refusal: the viewer does not sell, there is no such offer, or it is too late.
    """
    selling = await seller(session, viewer, supplier)
    consultation = await consultation_read(session, viewer, number)
    await hold_open(session, consultation)
    standing = (
        await session.scalars(standing_tenders(viewer, number).where(Tender.supplier_id == selling.id))
    ).one_or_none()
    if standing is None:
        raise refusals.InvalidTender("Vous n'avez pas d'offre en cours dans cette consultation : rien à retirer.")
    await _withdraw_standing(session, consultation, selling)
    data = {"tender": standing.id, "supplier": selling.slug}
    await record(session, viewer, consultation, EventKind.TENDER_WITHDRAWN, data)
    return consultation


def fingerprint(wish: TenderWish) -> str:
    """SHA-256 of what is offered: the log proves later that nothing of it changed, and tells nothing of it before."""
    told = [
        wish.supplier,
        sorted((line, f"{price.normalize():f}") for line, price in wish.prices.items()),
        sorted((code, f"{value.normalize():f}") for code, value in wish.facts.items()),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


async def _withdraw_standing(session: AsyncSession, consultation: Consultation, supplier: Supplier) -> None:
    standing = update(Tender).where(
        Tender.consultation_id == consultation.id,
        Tender.supplier_id == supplier.id,
        Tender.withdrawn_at.is_(None),
    )
    await changed(session, standing.values(withdrawn_at=await database_time(session)))


def _check_prices(wish: TenderWish, lines: Mapping[int, ConsultationLine]) -> None:
    if set(wish.prices) != set(lines):
        raise refusals.InvalidTender(
            f"Donner un prix pour chacun des {len(lines)} produits de la consultation, et pour eux seuls."
        )
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
    codes = {each.code for each in await session.scalars(asked)} - {PRICE}
    if set(wish.facts) != codes:
        raise refusals.InvalidTender(f"Répondre à chacun de ces critères et à eux seuls : {', '.join(sorted(codes))}.")
    assert consultation.published_at is not None
    published = paris_day(consultation.published_at)
    for code, value in wish.facts.items():
        row = procurement_law().criterion(code, published)
        yes_or_no = row is not None and row.scale == "yes"
        if (yes_or_no and value not in (0, 1)) or not 0 <= value <= LARGEST_FACT or value != value.quantize(FACT_STEP):
            raise refusals.InvalidTender(
                f"La réponse {value} au critère {code} ne convient pas : nombre positif, ou 0/1."
            )
    return wish.facts


async def how_many(session: AsyncSession, number: int) -> int:
    """How many offers stand, for the log of the opening."""
    counted = select(func.count()).where(Tender.consultation_id == number, Tender.withdrawn_at.is_(None))
    return int((await session.scalars(counted)).one())
