"""What comes off the lorries: each line as a tablet notes it, with the few things that go wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import Cast
from catering.demonstration.ordering import Sent
from catering.demonstration.stage import Stage
from catering.market.models import DateKind
from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.receiving.rules.checks import asks_use_by
from catering.receiving.service.receive import NotedLine, Pass, receive
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import temperature, usual_category

USE_BY, BEST_BEFORE = ExpiryKind.USE_BY, ExpiryKind.BEST_BEFORE
KEEPS: Mapping[tuple[ProductCategory, ExpiryKind], tuple[int, int]] = {
    (ProductCategory.MINCED_MEAT, USE_BY): (1, 3),
    (ProductCategory.FRESH_FISH, USE_BY): (1, 3),
    (ProductCategory.OFFAL, USE_BY): (1, 3),
    (ProductCategory.MEAT_PREPARATION, USE_BY): (1, 5),
    (ProductCategory.POULTRY, USE_BY): (2, 6),
    (ProductCategory.MEAT_CUT, USE_BY): (2, 8),
    (ProductCategory.PRODUCER_DEFINED, USE_BY): (2, 5),
    (ProductCategory.VERY_PERISHABLE, USE_BY): (4, 15),  # legal-number: days of a story, as labels say them
    (ProductCategory.PERISHABLE, USE_BY): (10, 24),  # legal-number: days of a story
    (ProductCategory.EGG_PRODUCT, USE_BY): (7, 21),
    (ProductCategory.PRODUCER_DEFINED, BEST_BEFORE): (14, 45),
}
"""How many days beyond the Friday of their week goods keep, from and to, by what they are to hygiene law."""
KEEPS_ELSE = {USE_BY: (2, 9), BEST_BEFORE: (120, 540)}
TO_FRIDAY = timedelta(days=4)
TENTH = Decimal("0.1")  # legal-number: step of a thermometer's display
SELDOM = 0.25  # legal-number: share of deliveries in which something may go wrong
TOO_WARM = Decimal("5.4")
LIGHTEST, HEAVIEST = 970, 1025
"""What goods of variable weight weigh, in thousandths of what their packs weigh on average."""


class Incident(StrEnum):
    """What goes wrong with a delivery."""

    WARM = "warm"
    SHORT = "short"
    DAMAGED = "damaged"


@dataclass(slots=True)
class Incidents:
    """What went wrong in the deliveries of the story: each thing once a week, in a kitchen that a visitor can be."""

    happened: set[tuple[Incident, date]] = field(default_factory=set)
    refused: list[Sent] = field(default_factory=list)
    """Orders of which a line was refused for its temperature."""

    def take(self, kind: Incident, week: date) -> bool:
        """Whether it has not happened yet in the week; it has, then."""
        new = (kind, week) not in self.happened
        self.happened.add((kind, week))
        return new


async def check_in(
    session: AsyncSession, stage: Stage, cast: Cast, sent: Sent, incidents: Incidents, chance: Random, at: datetime
) -> None:
    """Receive an order whole, in one pass, as its chef would."""
    chef = cast.chef(sent.kitchen.uai)
    of_order = order_lines_visible_to(chef).where(OrderLine.order_id == sent.order_id, OrderLine.packs > 0)
    lines = (await session.scalars(of_order.order_by(OrderLine.position))).all()
    noted = [_noted(stage, sent, line, chance) for line in lines]
    if sent.kitchen.uai in cast.chefs and chance.random() < SELDOM:
        noted = _disturbed(lines, noted, sent, incidents)
    note = f"BL {sent.day:%y%m%d}-{sent.order_id}"
    given = Pass(order_id=sent.order_id, day=sent.day, lines=noted, noted_at=at, complete=True, delivery_note=note)
    await receive(session, chef, given)


def _noted(stage: Stage, sent: Sent, line: OrderLine, chance: Random) -> NotedLine:
    grams = line.packs * line.pack_g
    category = _category(stage, line)
    best_before = BEST_BEFORE if line.date_kind is DateKind.DDM else None
    kind = USE_BY if asks_use_by(line.date_kind, category, sent.day) else best_before
    return NotedLine(
        position=line.position,
        decision=Decision.ACCEPTED,
        delivered_packs=line.packs,
        delivered_g=grams * chance.randint(LIGHTEST, HEAVIEST) // 1000 if line.variable_weight else None,
        lot=f"L{sent.day:%y%j}-{line.offer_id}",
        date_kind=kind,
        expires_on=_expiry(kind, category, sent.week, chance),
        celsius=_celsius(stage, line, sent.day, chance),
    )


def _expiry(kind: ExpiryKind | None, category: ProductCategory, week: date, chance: Random) -> date | None:
    """A date beyond the meals of the week, as far as such goods keep."""
    if kind is None:
        return None
    least, most = KEEPS.get((category, kind), KEEPS_ELSE[kind])
    return week + TO_FRIDAY + timedelta(days=chance.randint(least, most))


def _category(stage: Stage, line: OrderLine) -> ProductCategory:
    made_of = stage.ingredients[line.ingredient_id]
    usual = usual_category(made_of.kind.value, line.product, minced=made_of.minced)
    return stage.offers[line.offer_id].category or usual


def _limit(stage: Stage, line: OrderLine, day: date) -> Decimal | None:
    row = temperature(_category(stage, line), day)
    return row.celsius if row.bound == "at_most" else None


def _celsius(stage: Stage, line: OrderLine, day: date, chance: Random) -> Decimal | None:
    limit = _limit(stage, line, day)
    return None if limit is None else limit - TENTH * chance.randint(3, 12)


def _disturbed(lines: Sequence[OrderLine], noted: list[NotedLine], sent: Sent, incidents: Incidents) -> list[NotedLine]:
    """One thing at most goes wrong with a delivery: too warm, too few packs, crushed."""
    for rank, (line, said) in enumerate(zip(lines, noted, strict=True)):
        if said.celsius is not None and len(lines) > 1 and incidents.take(Incident.WARM, sent.week):
            incidents.refused.append(sent)
            warm = {"celsius": said.celsius + TOO_WARM, "reason": ReceptionReason.TEMPERATURE}
            return _with(noted, rank, decision=Decision.REFUSED, **warm)
        if said.delivered_g is None and line.packs > 2 and said.celsius is None:
            if incidents.take(Incident.SHORT, sent.week):
                return _with(noted, rank, delivered_packs=line.packs - 1)
            if incidents.take(Incident.DAMAGED, sent.week):
                crushed = {"reason": ReceptionReason.DAMAGED, "comment": "Un colis écrasé au transport."}
                return _with(noted, rank, decision=Decision.RESERVED, accepted_packs=line.packs - 1, **crushed)
    return noted


def _with(noted: list[NotedLine], rank: int, **changed: object) -> list[NotedLine]:
    return [*noted[:rank], replace(noted[rank], **changed), *noted[rank + 1 :]]  # type: ignore[arg-type]
