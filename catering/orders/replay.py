"""The life of an order: which event may follow which state, and the order that a list of events makes.

The row of an order and the order replayed from its events go through the same ``after``: they cannot tell two stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from catering.orders.rules import Priced, added_up
from catering.orders.vocabulary import OrderEventKind as Kind
from catering.orders.vocabulary import OrderState as State

AGREED = frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED, State.PREPARED})
"""The supplier has taken the order and the goods have not left."""
OPEN = frozenset({State.SENT, State.CHANGE_PROPOSED}) | AGREED
"""Whatever may still be given up."""
ON_THE_WAY = frozenset({State.SHIPPED, State.PARTLY_RECEIVED})

NOT_COMING = frozenset({State.REFUSED, State.FAILED})
"""Somebody has said that nothing of it comes; a kitchen that cancels has made up its own mind."""
TO_DELIVER = OPEN | {State.SHIPPED}
"""Nothing of it has arrived, and it is still to come."""

MAY_FOLLOW: Mapping[Kind, frozenset[State]] = {
    Kind.SENT: frozenset(),
    Kind.ACCEPTED: frozenset({State.SENT}),
    Kind.REFUSED: frozenset({State.SENT, State.CHANGE_PROPOSED}),
    Kind.CHANGE_PROPOSED: frozenset({State.SENT, State.CHANGE_PROPOSED, State.ACCEPTED, State.PARTLY_ACCEPTED}),
    Kind.CHANGE_AGREED: frozenset({State.CHANGE_PROPOSED}),
    Kind.CHANGE_DECLINED: frozenset({State.CHANGE_PROPOSED}),
    Kind.PREPARED: frozenset({State.ACCEPTED, State.PARTLY_ACCEPTED}),
    Kind.SHIPPED: AGREED,
    # A farm that never touches the platform still delivers: an order may be received from any state but given up.
    Kind.RECEIVED_IN_PART: OPEN - {State.CHANGE_PROPOSED} | ON_THE_WAY,
    Kind.RECEIVED: OPEN - {State.CHANGE_PROPOSED} | ON_THE_WAY,
    Kind.RECEPTION_CORRECTED: frozenset({State.PARTLY_RECEIVED, State.RECEIVED}),
    # A kitchen says of any order that nothing came: of one that was never answered, too.
    Kind.FAILED: TO_DELIVER,
    Kind.CANCEL_ASKED: OPEN,
    Kind.CANCEL_DECLINED: OPEN,
    Kind.CANCELLED: OPEN,
    Kind.REINSTATED: NOT_COMING,
    Kind.PERMIT_ENDED: TO_DELIVER,
}
"""States after which each event may happen; an order starts with ``sent``."""

Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of an order. ``data``: see ``after``."""

    seq: int
    at: datetime
    kind: Kind
    data: Data


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line as it stands: what was ordered, what is agreed, what was accepted at reception (grams, None: nothing)."""

    packs_ordered: int
    priced: Priced
    received_g: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as it stands: everything that events can change. Lines by position."""

    state: State
    day: date
    lines: Mapping[int, LineStanding]
    last_seq: int
    cancel_asked_at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        """€ excl. tax, sum of the rounded lines."""
        return added_up(line.priced.amount for line in self.lines.values())

    @property
    def vat(self) -> Decimal:
        """€, sum of the rounded VAT of the lines."""
        return added_up(line.priced.vat for line in self.lines.values())

    def due(self, position: int) -> Decimal:
        """€ excl. tax that a line takes of its contract, award or threshold: what is agreed until all has come, then
        what was accepted; goods that weigh more than agreed take more at once (decision 0077)."""
        line = self.lines[position]
        accepted = line.priced.amount_of(line.received_g or 0)
        return accepted if self.state is State.RECEIVED else max(line.priced.amount, accepted)


class ImpossibleEventError(ValueError):
    """An event that may not follow the state of the order."""


def replay(events: Iterable[Happened]) -> Standing:
    """The order that its events make, in order of their numbers.

    Raises:
        ImpossibleEventError: the events are no life of an order.
    """
    standing: Standing | None = None
    for event in sorted(events, key=lambda each: each.seq):
        standing = after(standing, event)
    if standing is None:
        raise ImpossibleEventError("no event")
    return standing


def after(standing: Standing | None, event: Happened) -> Standing:
    """How an order stands after an event.

    Data of the kinds: ``sent`` {day, lines: [{position, packs, pack_g, price, delivery, vat_pct}]}; ``accepted``
    {packs: {position: packs}}; ``change_proposed`` {packs, day, before: state}; ``change_agreed`` {packs, day};
    ``change_declined`` {state}; ``reinstated`` {packs, state}; receptions {received_g: {position: grams}};
    the others need none.

    Raises:
        ImpossibleEventError: it may not happen in this state, or is not the next one.
    """
    if standing is None:
        if event.kind is not Kind.SENT or event.seq != 1:
            raise ImpossibleEventError(f"an order starts with sent, not {event.kind} ({event.seq})")
        return _sent(event)
    if event.seq != standing.last_seq + 1 or standing.state not in MAY_FOLLOW[event.kind]:
        raise ImpossibleEventError(f"{event.kind} ({event.seq}) after {standing.state} ({standing.last_seq})")
    return replace(_CHANGES[event.kind](standing, event), last_seq=event.seq)


def _sent(event: Happened) -> Standing:
    lines = {
        int(line["position"]): LineStanding(
            int(line["packs"]),
            Priced(
                int(line["packs"]),
                int(line["pack_g"]),
                Decimal(line["price"]),
                Decimal(line["delivery"]),
                Decimal(line["vat_pct"]),
            ),
        )
        for line in event.data["lines"]
    }
    return Standing(State.SENT, date.fromisoformat(event.data["day"]), lines, event.seq)


def _with_packs(standing: Standing, packs: Mapping[str, int]) -> Standing:
    lines = {
        position: replace(line, priced=replace(line.priced, packs=int(packs.get(str(position), line.priced.packs))))
        for position, line in standing.lines.items()
    }
    whole = all(line.priced.packs == line.packs_ordered for line in lines.values())
    return replace(standing, state=State.ACCEPTED if whole else State.PARTLY_ACCEPTED, lines=lines)


def _accepted(standing: Standing, event: Happened) -> Standing:
    return _with_packs(standing, event.data["packs"])


def _change_proposed(standing: Standing, _: Happened) -> Standing:
    return replace(standing, state=State.CHANGE_PROPOSED)


def _change_agreed(standing: Standing, event: Happened) -> Standing:
    day = date.fromisoformat(event.data["day"])
    return replace(_with_packs(standing, event.data["packs"]), day=day)


def _change_declined(standing: Standing, event: Happened) -> Standing:
    return replace(standing, state=State(event.data["state"]))


def _moved_to(state: State) -> Callable[[Standing, Happened], Standing]:
    def move(standing: Standing, _: Happened) -> Standing:
        # Once the goods have left there is nothing to cancel any more.
        asked = None if state is State.SHIPPED else standing.cancel_asked_at
        return replace(standing, state=state, cancel_asked_at=asked)

    return move


def _given_up(state: State) -> Callable[[Standing, Happened], Standing]:
    def give_up(standing: Standing, _: Happened) -> Standing:
        nothing = {str(position): 0 for position in standing.lines}
        return replace(_with_packs(standing, nothing), state=state, cancel_asked_at=None)

    return give_up


def _received(state: State | None) -> Callable[[Standing, Happened], Standing]:
    def receive(standing: Standing, event: Happened) -> Standing:
        grams = event.data["received_g"]
        lines = {
            position: replace(line, received_g=int(grams[str(position)])) if str(position) in grams else line
            for position, line in standing.lines.items()
        }
        return replace(standing, state=state or standing.state, lines=lines, cancel_asked_at=None)

    return receive


def _cancel_asked(standing: Standing, event: Happened) -> Standing:
    return replace(standing, cancel_asked_at=event.at)


def _cancel_declined(standing: Standing, _: Happened) -> Standing:
    return replace(standing, cancel_asked_at=None)


def _reinstated(standing: Standing, event: Happened) -> Standing:
    return replace(_with_packs(standing, event.data["packs"]), state=State(event.data["state"]))


def _as_before(standing: Standing, _: Happened) -> Standing:
    return standing


_CHANGES: Mapping[Kind, Callable[[Standing, Happened], Standing]] = {
    Kind.ACCEPTED: _accepted,
    Kind.REFUSED: _given_up(State.REFUSED),
    Kind.CHANGE_PROPOSED: _change_proposed,
    Kind.CHANGE_AGREED: _change_agreed,
    Kind.CHANGE_DECLINED: _change_declined,
    Kind.PREPARED: _moved_to(State.PREPARED),
    Kind.SHIPPED: _moved_to(State.SHIPPED),
    Kind.RECEIVED_IN_PART: _received(State.PARTLY_RECEIVED),
    Kind.RECEIVED: _received(State.RECEIVED),
    Kind.RECEPTION_CORRECTED: _received(None),
    Kind.FAILED: _given_up(State.FAILED),
    Kind.CANCEL_ASKED: _cancel_asked,
    Kind.CANCEL_DECLINED: _cancel_declined,
    Kind.CANCELLED: _given_up(State.CANCELLED),
    Kind.REINSTATED: _reinstated,
    Kind.PERMIT_ENDED: _as_before,
}
