"""Describing a need and publishing it to every registered supplier that matches, at the same instant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import insert, literal, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import UtcDateTime
from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.moment import paris_day
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.clock import DatabaseNow
from catering.procurement.criteria import check_wording, checked
from catering.procurement.figures import amount_fits
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationInvite,
    ConsultationLine,
)
from catering.procurement.service.access import (
    buyers,
    changed,
    consultation_signed,
    database_time,
    goods,
    members,
    require_buyer,
)
from catering.procurement.service.log import record
from catering.procurement.service.needs import refuse_above_threshold
from catering.procurement.vocabulary import ConsultationStatus, EventKind
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law
from catering.spelling import deceit_in_lines

MOST_LINES = 60
MOST_GRAMS = 100_000_000
"""A hundred tons: more is a slip of the keyboard."""
LONGEST_TEXT = 200  # legal-number: characters of a title or a product
LONGEST_DELIVERY = 300


@dataclass(frozen=True, slots=True)
class LineWish:
    """A product wanted: for which collège (UAI), which ingredient (slug), in words, how many grams."""

    kitchen: str
    ingredient: str
    product: str
    quantity_g: int


@dataclass(frozen=True, slots=True)
class NeedWish:
    """A need as a buyer describes it. ``criteria`` are codes with weights in percent; ``estimated`` is excl. tax."""

    kitchen: str
    title: str
    lines: Sequence[LineWish]
    criteria: Sequence[tuple[str, int]]
    estimated: Decimal
    first_day: date
    last_day: date
    delivery: str
    perimeter_km: int | None = None


async def describe(session: AsyncSession, viewer: Viewer, wish: NeedWish) -> Consultation:
    """Store a need as a draft.

    Raises:
        refusals.Refusal: the viewer does not buy, the need names what does not exist, or may not be put that way.
    """
    require_buyer(viewer)
    today = moment.today()
    _check(wish, today)
    asked = checked(wish.criteria, today)
    check_wording([wish.title, *(line.product for line in wish.lines)], today)
    own = await buyers(session, viewer, {wish.kitchen, *(line.kitchen for line in wish.lines)})
    found = await goods(session, viewer, {line.ingredient for line in wish.lines})
    consultation = Consultation(
        kitchen_id=own[wish.kitchen].id,
        title=wish.title.strip(),
        family=_one_family(found.values(), today),
        status=ConsultationStatus.DRAFT,
        estimated_amount=wish.estimated,
        first_day=wish.first_day,
        last_day=wish.last_day,
        delivery=wish.delivery.strip(),
        perimeter_km=wish.perimeter_km,
        created_at=moment.now(),
        created_by=viewer.actor,
        tender_count=0,
        log_length=0,
        log_head="",
        lines=[
            ConsultationLine(
                position=position,
                kitchen_id=own[line.kitchen].id,
                ingredient_id=found[line.ingredient].id,
                product=line.product.strip(),
                quantity_g=line.quantity_g,
            )
            for position, line in enumerate(wish.lines, start=1)
        ],
        criteria=[
            ConsultationCriterion(code=each.code, position=position, weight=each.weight)
            for position, each in enumerate(asked.criteria, start=1)
        ],
    )
    session.add(consultation)
    await session.flush()
    await record(session, viewer, consultation, EventKind.DESCRIBED, _told(wish, consultation))
    return consultation


def _told(wish: NeedWish, consultation: Consultation) -> dict[str, object]:
    return {
        "title": consultation.title,
        "family": consultation.family,
        "criteria": [f"{code} {weight}" for code, weight in wish.criteria],
        "lines": [f"{line.kitchen} {line.ingredient} {line.quantity_g}" for line in wish.lines],
    }


def _check(wish: NeedWish, today: date) -> None:
    texts = ((wish.title, LONGEST_TEXT), (wish.delivery, LONGEST_DELIVERY))
    for text, longest in (*texts, *((line.product, LONGEST_TEXT) for line in wish.lines)):
        if not 1 <= len(text.strip()) <= longest:
            raise refusals.InvalidConsultation(
                f"Titre, livraison et produits s'écrivent en 1 à {longest} caractères : compléter « {text[:40]} »."
            )
        if (why := deceit_in_lines(text.strip())) is not None:
            raise refusals.InvalidConsultation(f"Un titre, une livraison ou un produit {why} : le retaper au clavier.")
    if not 1 <= len(wish.lines) <= MOST_LINES:
        raise refusals.InvalidConsultation(f"{len(wish.lines)} produits demandés : en donner 1 à {MOST_LINES}.")
    if any(not 1 <= line.quantity_g <= MOST_GRAMS for line in wish.lines):
        raise refusals.InvalidConsultation(f"Une quantité est hors bornes : donner 1 à {MOST_GRAMS} grammes.")
    if not today < wish.first_day <= wish.last_day:
        raise refusals.InvalidConsultation("Les livraisons commencent après aujourd'hui et finissent ensuite.")
    if not amount_fits(wish.estimated) or (wish.perimeter_km is not None and wish.perimeter_km < 1):
        raise refusals.InvalidConsultation("Le montant estimé, au centime, et le rayon d'envoi sont positifs.")


def _one_family(found: Iterable[Ingredient], on: date) -> str:
    families = {procurement_law().family_of(each.slug, each.kind.value, on) for each in found}
    if len(families) > 1:
        raise refusals.InvalidConsultation(
            f"Les produits relèvent de plusieurs familles homogènes ({', '.join(sorted(families))}) : "
            "faire une consultation par famille (CCP-20)."
        )
    return families.pop()


async def publish(session: AsyncSession, viewer: Viewer, number: int, deadline: datetime) -> Consultation:
    """Publish a need until a deadline, and send it at one instant to every registered supplier that matches.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the need is published already, the deadline does not
            fit, or the need reaches a threshold.
    """
    consultation = await consultation_signed(session, viewer, number)
    if paris_day(deadline) >= consultation.first_day:
        raise refusals.InvalidConsultation("La date limite des offres précède le premier jour de livraison.")
    together = await members(session, viewer, consultation)
    now = await database_time(session)
    await refuse_above_threshold(
        session, viewer, together, consultation.family, consultation.estimated_amount, paris_day(now)
    )
    await _put_out(session, consultation, deadline)
    told = await _matching(session, viewer, consultation, paris_day(now))
    if told:
        sent_at = consultation.published_at
        rows = [{"consultation_id": number, "supplier_id": each.id, "sent_at": sent_at} for each in told]
        await session.execute(insert(ConsultationInvite), rows)
    data = {"deadline": deadline.astimezone(UTC).isoformat(), "sent_to": sorted(each.slug for each in told)}
    await record(session, viewer, consultation, EventKind.CONSULTATION_PUBLISHED, data)
    return consultation


async def _put_out(session: AsyncSession, consultation: Consultation, deadline: datetime) -> None:
    published = await changed(
        session,
        update(Consultation)
        .where(Consultation.id == consultation.id, Consultation.status == ConsultationStatus.DRAFT)
        .where(literal(deadline, UtcDateTime()) > DatabaseNow())
        .values(status=ConsultationStatus.PUBLISHED, published_at=DatabaseNow(), deadline=deadline),
    )
    if not published:
        if consultation.status is ConsultationStatus.DRAFT:
            raise refusals.InvalidConsultation("La date limite est passée : en donner une à venir.")
        raise refusals.WrongStage(f"La consultation {consultation.id} est déjà publiée : elle ne change plus.")
    await session.refresh(consultation)


async def _matching(session: AsyncSession, viewer: Viewer, consultation: Consultation, on: date) -> Sequence[Supplier]:
    """Suppliers that sell something of the family; the perimeter narrows the sending, nothing else (CCP-41)."""
    tables = procurement_law()
    of_family = [
        each.id
        for each in await session.scalars(ingredients(viewer))
        if tables.family_of(each.slug, each.kind.value, on) == consultation.family
    ]
    selling = offers(viewer, ingredient_ids=of_family).with_only_columns(Offer.supplier_id)
    found = (await session.scalars(suppliers(viewer).where(Supplier.id.in_(selling)).order_by(Supplier.slug))).all()
    if consultation.perimeter_km is None:
        return found
    kitchen = (await session.scalars(kitchens(viewer).where(Kitchen.id == consultation.kitchen_id))).one()
    return [each for each in found if _km(kitchen, each) <= consultation.perimeter_km]


def _km(kitchen: Kitchen, supplier: Supplier) -> Decimal:
    return road_km(supplier.lat, supplier.lon, kitchen.lat, kitchen.lon)
