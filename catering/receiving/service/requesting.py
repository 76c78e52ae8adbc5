"""Requests for credits: one of the goods that a note refused, however often the note is corrected.

Lines of receptions that replace each other are one chain, and the request follows the last of them. One that the
supplier has answered stays with the line it was asked of, until the answer falls.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many
from catering.market.delivered import vat_of
from catering.moment import now
from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.receiving.models import CreditRequest, Reception, ReceptionLine
from catering.receiving.queries import lines_of_orders
from catering.receiving.queries_invoices import credit_requests
from catering.receiving.rules.billing import amount_of
from catering.receiving.vocabulary import CreditState

ANSWERED = (CreditState.GRANTED, CreditState.DECLINED)
"""By the supplier: what it said of the goods stands, whatever the note becomes."""


def chain_of(line: ReceptionLine, said: Mapping[int, ReceptionLine]) -> list[int]:
    """The lines that one replaces, the first one first; ``said`` are all lines of its order by row id."""
    chain: list[int] = []
    while line.corrects_id is not None:
        chain.insert(0, line.corrects_id)
        line = said[line.corrects_id]
    return chain


async def ask(
    session: AsyncSession,
    viewer: Viewer,
    lines: Mapping[int, OrderLine],
    said: Mapping[int, ReceptionLine],
    reception: Reception,
    rows: Sequence[ReceptionLine],
) -> None:
    """Tell the supplier what new reception lines do not accept; a line takes the open request of those it replaces.

    Where the supplier has answered already, nothing is asked again.

    Args:
        session: of the caller's transaction.
        viewer: on whose behalf.
        lines: of the order, by row id.
        said: reception lines known before, by row id.
        reception: just stored.
        rows: its lines.
    """
    chains = {row.id: chain_of(row, said) for row in rows}
    replaced = {line_id for chain in chains.values() for line_id in chain}
    answered = await _withdraw(session, viewer, replaced) if replaced else set()
    asked = [row for row in rows if row.refused_g and answered.isdisjoint(chains[row.id])]
    parties = reception.kitchen_id, reception.supplier_id
    so_far = Counter({line_id: line.received_g or 0 for line_id, line in lines.items()})
    so_far.update({line_id: sum(row.added_g for row in rows if row.order_line_id == line_id) for line_id in lines})
    of = [_request(lines[row.order_line_id], row, so_far[row.order_line_id], *parties) for row in asked]
    await add_many(session, of)


async def _withdraw(session: AsyncSession, viewer: Viewer, line_ids: Collection[int]) -> set[int]:
    """Withdraw the open requests of some lines; the lines whose request has an answer."""
    of_them = credit_requests(viewer).where(CreditRequest.reception_line_id.in_(line_ids))
    found = (await session.scalars(of_them.order_by(CreditRequest.id).with_for_update(of=CreditRequest))).all()
    waiting = [request for request in found if request.state is CreditState.ASKED]
    await turn(session, viewer, waiting, CreditState.WITHDRAWN)
    return {request.reception_line_id for request in found if request.state in ANSWERED}


async def ask_again(session: AsyncSession, viewer: Viewer, given: Sequence[CreditRequest]) -> None:
    """Ask again for credits that were given and have fallen: for what the line in force says, not the one it replaced.

    Args:
        session: of the caller's transaction.
        viewer: on whose behalf.
        given: locked; each waits again, or is withdrawn when its line was corrected since.
    """
    if not given:
        return
    said = await session.scalars(lines_of_orders(viewer, {request.order_line_id for request in given}))
    stands = _in_force(said, [request.reception_line_id for request in given])
    standing = [request for request in given if request.reception_line_id in stands]
    await turn(session, viewer, standing, CreditState.ASKED)
    replaced = [request for request in given if request.reception_line_id not in stands]
    await turn(session, viewer, replaced, CreditState.WITHDRAWN)
    kept = {request.reception_line_id for request in standing}
    new = [line for line_id, line in stands.items() if line.refused_g and line_id not in kept]
    await _ask_instead(session, viewer, replaced, new)


def _in_force(said: Iterable[ReceptionLine], line_ids: Collection[int]) -> dict[int, ReceptionLine]:
    """The lines in force that some lines are or were replaced by, by row id."""
    by_id = {line.id: line for line in said}
    following = {line.corrects_id: line for line in by_id.values()}
    found = {}
    for line_id in line_ids:
        line = by_id[line_id]
        while line.id in following:
            line = following[line.id]
        found[line.id] = line
    return found


async def _ask_instead(
    session: AsyncSession, viewer: Viewer, replaced: Sequence[CreditRequest], rows: Sequence[ReceptionLine]
) -> None:
    """Ask for what some lines refuse, of the parties of the requests they replace, unless it is asked already."""
    if not rows:
        return
    has = credit_requests(viewer).where(CreditRequest.reception_line_id.in_([row.id for row in rows]))
    asked = set(await session.scalars(has.with_only_columns(CreditRequest.reception_line_id)))
    if new := [row for row in rows if row.id not in asked]:
        parties = {each.order_line_id: (each.kitchen_id, each.supplier_id) for each in replaced}
        sold = await session.scalars(order_lines_visible_to(viewer).where(OrderLine.id.in_(parties)))
        lines = {line.id: line for line in sold}
        of = [
            _request(
                lines[row.order_line_id], row, lines[row.order_line_id].received_g or 0, *parties[row.order_line_id]
            )
            for row in new
        ]
        await add_many(session, of)


def _request(line: OrderLine, row: ReceptionLine, accepted_g: int, kitchen_id: int, supplier_id: int) -> CreditRequest:
    """The request for what a reception line refuses; ``accepted_g`` are the grams accepted of the whole order line.

    What a credit note will give back is the difference of two amounts of the order line, each rounded once.
    """
    amount = amount_of(line, accepted_g + row.refused_g) - amount_of(line, accepted_g)
    assert row.reason is not None, "whatever is not accepted has its reason"
    return CreditRequest(
        reception_line_id=row.id,
        order_line_id=line.id,
        kitchen_id=kitchen_id,
        supplier_id=supplier_id,
        reason=row.reason,
        grams=row.refused_g,
        amount=amount,
        vat=vat_of(amount, line.vat_pct),
        state=CreditState.ASKED,
        asked_at=now(),
    )


async def turn(
    session: AsyncSession,
    viewer: Viewer,
    requests: Collection[CreditRequest],
    state: CreditState,
    *,
    credit_note_id: int | None = None,
    answer: str | None = None,
) -> None:
    """Bring requests for credits into a state, each with its trace."""
    traces = []
    for request in requests:
        before, request.state = request.state, state
        request.credit_note_id, request.answer = credit_note_id, answer or request.answer
        traces.append(
            ChangeEvent(
                at=now(),
                actor=viewer.actor,
                subject=CreditRequest.__tablename__,
                key=str(request.id),
                before={"state": before.value},
                after={"state": state.value, "answer": request.answer, "credit_note": credit_note_id},
            )
        )
    await session.flush()
    await add_many(session, traces)
