"""What suppliers answer to the orders of the story: most accept, and weeks to come show every other answer too."""

from datetime import datetime
from enum import StrEnum
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import Cast
from catering.demonstration.ordering import Sent
from catering.demonstration.stage import Stage
from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.orders.service import accept, propose_change, refuse
from catering.people.viewer import Viewer

NO_HARVEST = "Récolte perdue sous la pluie : rien à livrer cette semaine."
LESS = "Il manque un colis : le reste arrive comme prévu."


class Answer(StrEnum):
    """How a supplier takes an order."""

    WHOLE = "whole"
    PARTLY = "partly"
    CHANGE = "change"
    REFUSAL = "refusal"
    SILENCE = "silence"

    @property
    def delivers(self) -> bool:
        """Whether the goods come after it."""
        return self in (Answer.WHOLE, Answer.PARTLY)


MIXED = (Answer.WHOLE,) * 11 + (Answer.SILENCE,) * 4 + (Answer.PARTLY, Answer.PARTLY, Answer.CHANGE, Answer.CHANGE)
"""Of weeks to come, with one refusal besides: what is past was all delivered."""


def choose(chance: Random, *, settled: bool) -> Answer:
    """How an order is answered; ``settled``: its week has come."""
    return Answer.WHOLE if settled else chance.choice((*MIXED, Answer.REFUSAL))


async def answer(session: AsyncSession, stage: Stage, cast: Cast, sent: Sent, wished: Answer, now: datetime) -> Answer:
    """Answer an order; one of a single pack cannot be answered in part, and is accepted whole."""
    seller = cast.seller(stage.suppliers[sent.supplier])
    fewer = await _one_pack_less(session, seller, sent)
    if wished in (Answer.PARTLY, Answer.CHANGE) and not fewer:
        wished = Answer.WHOLE
    match wished:
        case Answer.WHOLE:
            await accept(session, seller, sent.order_id, {}, now)
        case Answer.PARTLY:
            await accept(session, seller, sent.order_id, fewer, now)
        case Answer.CHANGE:
            await propose_change(session, seller, sent.order_id, fewer, None, LESS, now)
        case Answer.REFUSAL:
            await refuse(session, seller, sent.order_id, NO_HARVEST, now)
    return wished


async def _one_pack_less(session: AsyncSession, seller: Viewer, sent: Sent) -> dict[int, int]:
    """The first line of several packs, with one pack less; empty when there is none."""
    several = order_lines_visible_to(seller).where(OrderLine.order_id == sent.order_id, OrderLine.packs > 1)
    line = (await session.scalars(several.order_by(OrderLine.position).limit(1))).one_or_none()
    return {} if line is None else {line.position: line.packs - 1}
