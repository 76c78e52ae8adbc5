"""Check in what an order delivered, or correct what was noted."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many
from catering.documents.models import PICTURES
from catering.market.owning import require_own_documents
from catering.moment import PARIS, now, paris_day, today
from catering.orders.models import OrderLine
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import Reception, ReceptionLine
from catering.receiving.queries import reception_lines_visible_to, receptions
from catering.receiving.rules.checks import LONGEST_TEXT, Found, check, coldest
from catering.receiving.service import booking
from catering.receiving.service.delivery import Delivery, open_delivery
from catering.receiving.service.ordered import require_receivable, stand_again, tell_order
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.spelling import tidy, unfit

LONGEST_NOTE = 80  # legal-number: width of a column, no cap of the law
CLOCK_SLACK = timedelta(minutes=10)
"""By which the clock of a tablet may be ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One lot of an order line as a tablet notes it. What is not given follows from the packs and the decision.

    ``delivered_g`` None is packs × the weight of a pack; ``accepted_…`` None is all of it, or nothing when refused.
    """

    decision: Decision
    delivered_packs: int
    delivered_g: int | None = None
    accepted_packs: int | None = None
    accepted_g: int | None = None
    lot: str = ""
    date_kind: ExpiryKind | None = None
    expires_on: date | None = None
    celsius: Decimal | None = None
    stated_limit: Decimal | None = None
    reason: ReceptionReason | None = None
    comment: str | None = None
    photo_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedLine(Noted):
    """A lot, and the line of the order (its position) that it belongs to.

    ``already_packs``: packs of the line that were checked in before, as far as this tablet knows.
    """

    position: int
    already_packs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One pass of checking in. ``complete``: nothing else will come, whatever is missing."""

    order_id: int
    day: date
    lines: Sequence[NotedLine]
    noted_at: datetime
    complete: bool = False
    delivery_note: str | None = None


async def receive(session: AsyncSession, viewer: Viewer, given: Pass) -> Reception:
    """Check in a delivery: receptions, purchases, stock, requests for credits and the order move together.

    Passes may arrive in any order and from several tablets; each says what it knew of its lines.

    Raises:
        catering.refusal.Refusal: nothing of the pass is kept; the first line that cannot be is named.
    """
    delivery = await open_delivery(session, viewer, given.order_id)
    _require_sense(given, delivery)
    await stand_again(session, viewer, delivery.order, given.noted_at)
    require_receivable(delivery.order)
    _require_known(given, delivery)
    await _require_photos(session, viewer, {noted.photo_id for noted in given.lines})
    rows = _rows(given, delivery)
    note = _delivery_note(given.delivery_note)
    noted = {"day": given.day, "noted_at": given.noted_at, "delivery_note": note}
    return await _keep(session, viewer, delivery, rows, complete=given.complete, **noted)


async def correct(session: AsyncSession, viewer: Viewer, line_id: int, noted: Noted, why: str) -> Reception:
    """Replace what was noted of a lot; the first note stays readable, the books take the difference.

    Raises:
        catering.refusal.Refusal: it was corrected already, its goods are used, or the new note cannot be.
    """
    target = await session.scalar(reception_lines_visible_to(viewer).where(ReceptionLine.id == line_id))
    if target is None:
        raise refusals.UnknownReceptionLine(line_id)
    before = (await session.scalars(receptions(viewer, ids=[target.reception_id]))).one()
    delivery = await open_delivery(session, viewer, before.order_id)
    if all(line.id != target.id for line in delivery.in_force):
        raise refusals.AlreadyCorrected(line_id)
    _require_why(why)
    # The photo of the first note may stand, whoever took it.
    await _require_photos(session, viewer, {noted.photo_id} - {target.photo_id})
    row = _replacing(delivery, target, noted, before.day)
    said = {"day": before.day, "noted_at": now(), "delivery_note": before.delivery_note, "why": tidy(why)}
    return await _keep(session, viewer, delivery, [row], complete=False, **said)


def _replacing(delivery: Delivery, target: ReceptionLine, noted: Noted, day: date) -> ReceptionLine:
    """The row that takes the place of another; it adds the difference."""
    line = delivery.lines[target.order_line_id]
    so_far = delivery.so_far(line.id)
    row = _row(delivery, noted, line, day, so_far.accepted_g - target.accepted_g)
    others = so_far.accepted_packs - target.accepted_packs
    if others + row.accepted_packs > line.packs:
        raise refusals.MoreThanOrdered(line.product, line.packs - others)
    row.corrects_id = target.id
    row.added_g = row.accepted_g - target.accepted_g
    row.added_amount = delivery.added(line, so_far.accepted_g, so_far.accepted_g + row.added_g)
    return row


async def _keep(
    session: AsyncSession,
    viewer: Viewer,
    delivery: Delivery,
    rows: Sequence[ReceptionLine],
    *,
    complete: bool,
    **noted: Any,
) -> Reception:
    reception = Reception(
        order_id=delivery.order.id,
        kitchen_id=delivery.kitchen.id,
        supplier_id=delivery.supplier.id,
        recorded_at=now(),
        actor=viewer.actor,
        **noted,
    )
    session.add(reception)
    await session.flush()
    for row in rows:
        row.reception_id = reception.id
    await add_many(session, rows)
    of_this = reception_lines_visible_to(viewer).where(ReceptionLine.reception_id == reception.id)
    kept = (await session.scalars(of_this.order_by(ReceptionLine.id))).all()
    await booking.book(session, viewer, delivery, reception, kept)
    await tell_order(session, viewer, delivery, reception, kept, complete=complete)
    return reception


def _rows(given: Pass, delivery: Delivery) -> list[ReceptionLine]:
    accepted = {line.id: delivery.so_far(line.id) for line in delivery.lines.values()}
    packs = {line_id: so_far.accepted_packs for line_id, so_far in accepted.items()}
    grams = {line_id: so_far.accepted_g for line_id, so_far in accepted.items()}
    rows = []
    for noted in given.lines:
        line = delivery.at(noted.position)
        row = _row(delivery, noted, line, given.day, grams[line.id])
        if packs[line.id] + row.accepted_packs > line.packs:
            raise refusals.MoreThanOrdered(line.product, line.packs - packs[line.id])
        packs[line.id] += row.accepted_packs
        grams[line.id] += row.accepted_g
        rows.append(row)
    return rows


def _row(delivery: Delivery, noted: Noted, line: OrderLine, day: date, before_g: int) -> ReceptionLine:
    """A note as a row, let through by the rules; it adds to the grams of the line accepted before it."""
    found = _found(delivery, noted, line)
    tolerance = delivery.tolerance(found.category)
    finding = check(found, day, tolerance)
    return ReceptionLine(
        order_line_id=line.id,
        ingredient_id=line.ingredient_id,
        product=line.product,
        lot=found.lot or f"{delivery.order.number}-{line.position}",
        date_kind=found.date_kind,
        expires_on=found.expires_on,
        delivered_packs=found.delivered_packs,
        delivered_g=found.delivered_g,
        accepted_packs=found.accepted_packs,
        accepted_g=found.accepted_g,
        category=found.category,
        celsius=found.celsius,
        limit_celsius=finding.limit,
        tolerance_celsius=tolerance,
        verdict=finding.verdict,
        permitted=delivery.permitted(line, day),
        decision=found.decision,
        reason=found.reason,
        comment=found.comment,
        photo_id=noted.photo_id,
        added_g=found.accepted_g,
        added_amount=delivery.added(line, before_g, before_g + found.accepted_g),
    )


def _found(delivery: Delivery, noted: Noted, line: OrderLine) -> Found:
    delivered_g = noted.delivered_packs * line.pack_g if noted.delivered_g is None else noted.delivered_g
    kept = noted.decision is not Decision.REFUSED
    packs = noted.accepted_packs if noted.accepted_packs is not None else noted.delivered_packs * kept
    grams = noted.accepted_g
    if grams is None:
        # Fewer packs than came: their share of what was weighed.
        whole = packs == noted.delivered_packs or not noted.delivered_packs
        grams = delivered_g * kept if whole else delivered_g * packs // noted.delivered_packs
    return Found(
        product=line.product,
        category=delivery.category(line),
        pack_g=line.pack_g,
        variable_weight=line.variable_weight,
        delivered_packs=noted.delivered_packs,
        delivered_g=delivered_g,
        accepted_packs=packs,
        accepted_g=grams,
        decision=noted.decision,
        reason=noted.reason,
        comment=tidy(noted.comment or "") or None,
        lot=tidy(noted.lot),
        date_kind=noted.date_kind,
        expires_on=noted.expires_on,
        celsius=noted.celsius,
        stated_limit=coldest(noted.stated_limit, line.limit_celsius),
        stated_date=line.date_kind,
    )


def _require_sense(given: Pass, delivery: Delivery) -> None:
    if not given.lines and not given.complete:
        raise refusals.InvalidReception(
            "Rien n'est noté : donner une ligne au moins, ou dire que plus rien ne viendra."
        )
    if given.day > today() or given.noted_at > now() + CLOCK_SLACK:
        raise refusals.InvalidReception(
            "La réception est datée dans l'avenir : vérifier la date et l'heure de la tablette."
        )
    sent_on = paris_day(delivery.order.sent_at)
    if given.day < sent_on or given.noted_at < delivery.order.sent_at - CLOCK_SLACK:
        raise refusals.InvalidReception(
            f"La réception est datée d'avant la commande, envoyée le {sent_on:%d/%m/%Y} : vérifier la date et l'heure "
            "de la tablette."
        )
    seen = set()
    for noted in given.lines:
        mark = (noted.position, tidy(noted.lot), noted.date_kind, noted.expires_on, noted.decision)
        if mark in seen:
            product = delivery.at(noted.position).product
            raise refusals.InvalidReception(f"« {product} » : le même lot est noté deux fois, additionner les colis.")
        seen.add(mark)


def _require_known(given: Pass, delivery: Delivery) -> None:
    """Each line must know what was checked in before it; the lots of one pass know each other."""
    known: dict[int, set[int]] = defaultdict(set)
    for noted in given.lines:
        known[delivery.at(noted.position).id].add(noted.already_packs)
    for line_id, packs in known.items():
        so_far = delivery.so_far(line_id)
        if packs != {so_far.checked_packs}:
            at = so_far.last.noted_at.astimezone(PARIS) if so_far.last else None
            raise refusals.AlreadyReceived(delivery.lines[line_id].product, so_far.checked_packs, at)


def _delivery_note(number: str | None) -> str | None:
    """Number of the delivery note as kept."""
    if not number:
        return None
    if (fault := unfit(number, LONGEST_NOTE)) is not None:
        raise refusals.InvalidReception(f"Le numéro du bon de livraison {fault} : le relire, ou le laisser vide.")
    return tidy(number)


async def _require_photos(session: AsyncSession, viewer: Viewer, numbers: Collection[int | None]) -> None:
    named = {number for number in numbers if number is not None}
    await require_own_documents(session, viewer, named, PICTURES, "une photo (PNG, JPEG, WebP)")


def _require_why(why: str) -> None:
    if (fault := unfit(why, LONGEST_TEXT)) is not None:
        raise refusals.InvalidReception(f"Une correction se motive, et le motif {fault} : dire ce qui était faux.")
