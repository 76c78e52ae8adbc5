"""What the mutations of receiving share: one transaction per key, then the changed thing as it stands."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.people.viewer import Viewer
from catering.receiving import models
from catering.receiving.graph.invoices import CreditRequest, Invoice, show_credit, show_invoice
from catering.receiving.graph.receptions import Reception, show_reception
from catering.receiving.graph.stock import StockLot, show_lot
from catering.receiving.loaders import CreditById, InvoiceById, LotById, ReceptionById

LotId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the lot.")]
InvoiceId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the invoice (`id`).")]
CreditId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the request for a credit.")]
Grams: TypeAlias = Annotated[int, strawberry.argument(description="Grams, at least 1.")]
Why: TypeAlias = Annotated[str, strawberry.argument(description="In a few words, at most 300 characters.")]
Write: TypeAlias = Callable[[AsyncSession, Viewer], Awaitable[Any]]


async def keep_reception(request: Request, operation: str, key: str, given: Any, write: Write) -> Reception:
    """Receive or correct once per key, and show the reception.

    Raises:
        catering.refusal.Refusal: it is refused, or the key cannot be used.
    """
    row = await request.loader(ReceptionById).load(await _once(request, operation, key, given, write))
    assert row is not None, "who receives may read the reception"
    return show_reception(row)


async def move_lot(request: Request, operation: str, key: str, lot_id: str, given: Any, write: Write) -> StockLot:
    """Move what a lot holds once per key, and show the lot.

    Raises:
        catering.refusal.Refusal: it is refused, or the key cannot be used.
        BadArgumentError: the id is no number.
    """
    number = row_number(lot_id, "lot")

    async def change(session: AsyncSession, viewer: Viewer) -> int:
        await write(session, viewer)
        return number

    row = await request.loader(LotById).load(await _once(request, operation, key, [lot_id, given], change))
    assert row is not None, "who moves a lot may read it"
    return show_lot(row)


async def keep_invoice(request: Request, operation: str, key: str, given: Any, write: Write) -> Invoice:
    """Issue, enter, match or approve once per key, and show the invoice.

    Raises:
        catering.refusal.Refusal: it is refused, or the key cannot be used.
    """
    row = await request.loader(InvoiceById).load(await _once(request, operation, key, given, write))
    assert row is not None, "who changes an invoice may read it"
    return show_invoice(row)


async def answer_credit(request: Request, operation: str, key: str, given: Any, write: Write) -> CreditRequest:
    """Answer a request for a credit once per key, and show it.

    Raises:
        catering.refusal.Refusal: it is refused, or the key cannot be used.
    """
    row = await request.loader(CreditById).load(await _once(request, operation, key, given, write))
    assert row is not None, "who answers a request may read it"
    return show_credit(row)


async def _once(request: Request, operation: str, key: str, given: Any, write: Write) -> int:
    viewer = request.viewer

    async def change(session: AsyncSession) -> str:
        made = await write(session, viewer)
        return str(made.id if isinstance(made, models.Reception | models.Invoice | models.CreditRequest) else made)

    return int(await once(request, asked(operation, key, given), change))
