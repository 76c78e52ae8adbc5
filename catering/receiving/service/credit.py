"""Answer a request for a credit."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.orders.life import lock_order
from catering.orders.models import OrderLine
from catering.orders.queries import order_lines_visible_to
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import CreditRequest
from catering.receiving.queries_invoices import credit_requests
from catering.receiving.rules.billing import gives_back
from catering.receiving.rules.checks import LONGEST_TEXT
from catering.receiving.service.books import read_books
from catering.receiving.service.invoice import give_back
from catering.receiving.service.requesting import turn
from catering.receiving.vocabulary import CreditState
from catering.spelling import tidy, unfit


async def grant(
    session: AsyncSession, viewer: Viewer, credit_id: int, issued_on: date, answer: str | None = None
) -> CreditRequest:
    """Give a credit: by a credit note for whatever of the order is invoiced and not accepted, whatever else is still to
    be billed; by nothing when what was refused has not been invoiced.

    Raises:
        refusals.Refusal: there is none, it has its answer, or the viewer is not the supplier.
    """
    request, line = await _open(session, viewer, credit_id)
    books = (await read_books(session, viewer, [line]))[line.id][1]
    if gives_back(books.left_amount, books.left_g):
        await give_back(session, viewer, line.order_id, issued_on)
        await session.refresh(request)
    granted = request.state is CreditState.GRANTED
    state = CreditState.GRANTED if granted else CreditState.NOT_INVOICED
    await turn(session, viewer, [request], state, credit_note_id=request.credit_note_id, answer=_said(answer))
    return request


async def decline(session: AsyncSession, viewer: Viewer, credit_id: int, answer: str) -> CreditRequest:
    """Refuse a credit, and say why.

    Raises:
        refusals.Refusal: there is none, it has its answer, no reason is given, or the viewer is not the supplier.
    """
    request, _ = await _open(session, viewer, credit_id)
    if not tidy(answer):
        raise refusals.InvalidInvoice("Un refus d'avoir se motive : dire pourquoi en quelques mots.")
    await turn(session, viewer, [request], CreditState.DECLINED, answer=_said(answer))
    return request


def _said(answer: str | None) -> str | None:
    """The answer as kept.

    Raises:
        refusals.InvalidInvoice: it is too long, or shows nothing.
    """
    if not answer or not tidy(answer):
        return None
    if (fault := unfit(answer, LONGEST_TEXT)) is not None:
        raise refusals.InvalidInvoice(f"La réponse {fault} : la réécrire.")
    return tidy(answer)


async def _open(session: AsyncSession, viewer: Viewer, credit_id: int) -> tuple[CreditRequest, OrderLine]:
    """A request that waits for its answer; its order is locked first, as everywhere."""
    seen: CreditRequest | None = await session.scalar(credit_requests(viewer, ids=[credit_id]))
    if seen is None:
        raise refusals.UnknownCredit(credit_id)
    if not viewer.sells:
        raise refusals.OnlyTheSupplier
    of = order_lines_visible_to(viewer).where(OrderLine.id == seen.order_line_id)
    line: OrderLine = (await session.scalars(of)).one()
    await lock_order(session, viewer, line.order_id)
    await session.refresh(seen)
    if seen.state is not CreditState.ASKED:
        raise refusals.CreditAnswered(credit_id)
    return seen, line
