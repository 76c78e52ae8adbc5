"""Publishing a need: sent at one instant to every registered supplier that matches one of its lots."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import insert, literal, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import UtcDateTime
from catering.geography import road_km
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.moment import paris_day
from catering.outbox.service import queue
from catering.people.viewer import Viewer
from catering.procurement import letters, refusals
from catering.procurement.clock import DatabaseNow
from catering.procurement.models import Consultation, ConsultationInvite, ConsultationLot
from catering.procurement.service.access import buyers_held, changed, consultation_signed, database_time, lots_of
from catering.procurement.service.consulting import check_span
from catering.procurement.service.log import record
from catering.procurement.service.needs import Added, refuse_above_threshold
from catering.procurement.vocabulary import ConsultationStatus, EventKind
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law


async def publish(session: AsyncSession, viewer: Viewer, number: int, deadline: datetime) -> Consultation:
    """Publish a need until a deadline, and send it at one instant to every registered supplier that matches a lot.

    Raises:
        refusals.Refusal: the viewer does not sign for the buyer, the need is published already, the deadline does not
            fit, or the need reaches a threshold.
    """
    _, together = await buyers_held(session, viewer, number)
    consultation = await consultation_signed(session, viewer, number)
    if paris_day(deadline) >= consultation.first_day:
        raise refusals.InvalidConsultation("La date limite des offres précède le premier jour de livraison.")
    lots = await lots_of(session, viewer, number)
    check_span(consultation, lots)
    now = await database_time(session)
    added = [Added(family, estimated) for family, estimated in _estimates(lots).items()]
    await refuse_above_threshold(session, viewer, together, added, paris_day(now), held=True)
    await _put_out(session, consultation, deadline)
    await _send(session, viewer, consultation, lots)
    return consultation


def _estimates(lots: Sequence[ConsultationLot]) -> Mapping[str, Decimal]:
    """What is expected to be paid per family: lots of the same family are one need (CCP-20)."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for lot in lots:
        found[lot.family] += lot.estimated_amount
    return dict(sorted(found.items()))


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


async def _send(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, lots: Sequence[ConsultationLot]
) -> None:
    """Write down to whom it is sent, queue the letters, and log it: all carry the instant of publication."""
    assert consultation.published_at is not None
    assert consultation.deadline is not None
    sent_at = consultation.published_at
    kitchen = (await session.scalars(kitchens(viewer).where(Kitchen.id == consultation.kitchen_id))).one()
    matching = await _matching(session, viewer, lots, paris_day(sent_at))
    near = {each: told for each, told in matching.items() if _within(consultation, kitchen, each)}
    beyond = [each.slug for each in matching if each not in near]
    if beyond and not near:
        raise refusals.NobodyWithin(consultation.perimeter_km or 0, len(beyond))
    matching = near
    if matching:
        rows = [{"consultation_id": consultation.id, "supplier_id": each.id, "sent_at": sent_at} for each in matching]
        await session.execute(insert(ConsultationInvite), rows)
    reached = await queue(
        session,
        [letters.sent(consultation, kitchen.name, told, each.slug) for each, told in matching.items()],
        sent_at,
    )
    data = {
        "deadline": consultation.deadline.astimezone(UTC).isoformat(),
        "sent_to": [each.slug for each in matching],
        "perimeter_km": consultation.perimeter_km,
        "beyond_perimeter": beyond,
        "lots": [f"{each.slug} {lot.number}" for each, told in matching.items() for lot in told],
        "letters": [f"{slug} {people}" for slug, people in sorted(reached.items())],
        "without_account": [each.slug for each in matching if each.slug not in reached],
    }
    await record(session, viewer, consultation, EventKind.CONSULTATION_PUBLISHED, data)


def _within(consultation: Consultation, kitchen: Kitchen, supplier: Supplier) -> bool:
    """Whether it is sent to a supplier: the perimeter narrows the sending, nothing else (CCP-41)."""
    return consultation.perimeter_km is None or _km(kitchen, supplier) <= consultation.perimeter_km


async def _matching(
    session: AsyncSession, viewer: Viewer, lots: Sequence[ConsultationLot], on: date
) -> Mapping[Supplier, list[ConsultationLot]]:
    """Suppliers, in order of their id, with the lots of whose family they sell something, on a day of the law."""
    tables = procurement_law()
    family_of = {
        each.id: tables.family_of(each.slug, each.kind.value, on) for each in await session.scalars(ingredients(viewer))
    }
    wanted = {lot.family for lot in lots}
    asked = [ingredient for ingredient, family in family_of.items() if family in wanted]
    selling = offers(viewer, ingredient_ids=asked).with_only_columns(Offer.supplier_id, Offer.ingredient_id).distinct()
    sold: dict[int, set[str]] = defaultdict(set)
    for supplier, ingredient in await session.execute(selling):
        sold[supplier].add(family_of[ingredient])
    found = await session.scalars(suppliers(viewer).where(Supplier.id.in_(sold)).order_by(Supplier.slug))
    return {each: [lot for lot in lots if lot.family in sold[each.id]] for each in found}


def _km(kitchen: Kitchen, supplier: Supplier) -> Decimal:
    return road_km(supplier.lat, supplier.lon, kitchen.lat, kitchen.lon)
