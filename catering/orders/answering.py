"""Until when a supplier answers an order, and what its silence allows: nothing is agreed that nobody has accepted."""

from datetime import date, datetime, time, timedelta
from typing import Protocol

from catering.moment import PARIS
from catering.orders.vocabulary import OrderState
from catering.rules import law

TO_ANSWER, ON_THE_EVE = "HOUSE-CDE-01", "HOUSE-CDE-02"


class Asked(Protocol):
    """An order as far as its answer goes."""

    @property
    def state(self) -> OrderState:
        """Where it stands."""

    @property
    def day(self) -> date:
        """Of the delivery."""

    @property
    def cut_off(self) -> datetime:
        """Until then the kitchen cancels freely."""


def answer_by(order: Asked) -> datetime:
    """Until when its supplier answers: some hours after the cut-off, at the latest on the eve of the delivery, and
    never before the cut-off (HOUSE-CDE-01, HOUSE-CDE-02)."""
    hours, on_the_eve = (int(law().parameter(rule, order.day)) for rule in (TO_ANSWER, ON_THE_EVE))
    evening = datetime.combine(order.day - timedelta(days=1), time(on_the_eve), PARIS)
    return max(order.cut_off, min(order.cut_off + timedelta(hours=hours), evening))


def unanswered(order: Asked, now: datetime) -> bool:
    """Whether its supplier has let the time to answer pass."""
    return order.state is OrderState.SENT and now >= answer_by(order)
