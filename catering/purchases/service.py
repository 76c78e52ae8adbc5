"""Use cases of the purchases: enter what a reception accepted, write the invoice into it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import add_many
from catering.kitchens.models import Kitchen
from catering.market.models import Supplier, SupplierKind
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine, PurchaseSource
from catering.purchases.queries import purchases
from catering.recipes.vocabulary import Family

COMMUNE_DEPARTEMENT = 2
"""Length of the département in an INSEE code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One reception line as it enters the purchases: grams and € excl. tax it adds, negative when it takes back.

    ``corrects``: the reception lines it replaces, the first one first; the purchase of one of them is mended.
    """

    reception_line_id: int
    ingredient_id: int
    product: str
    family: Family
    label: str | None
    certificate_id: int | None
    certificate_number: str | None
    origin: str
    grams: int
    amount_excl_tax: Decimal
    vat_pct: Decimal
    document_id: int | None = None
    corrects: Sequence[int] = ()


async def enter(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, supplier: Supplier, day: date, lines: Sequence[Bought]
) -> None:
    """Add what was bought to the purchases of a kitchen; one row per line."""
    mended = await _mended(session, viewer, lines)
    now = moment.now()
    rows = [
        PurchaseLine(
            kitchen_id=kitchen.id,
            supplier_id=supplier.id,
            ingredient_id=line.ingredient_id,
            source=PurchaseSource.CORRECTION if line.reception_line_id in mended else PurchaseSource.RECEPTION,
            bought_on=day,
            product=line.product,
            family=line.family,
            labels=line.label or "",
            certificate_id=line.certificate_id,
            certificate_number=line.certificate_number,
            origin=line.origin,
            circuit_court=circuit_court(supplier.kind),
            local=supplier.insee[:COMMUNE_DEPARTEMENT] == kitchen.insee[:COMMUNE_DEPARTEMENT],
            grams=line.grams,
            amount_excl_tax=line.amount_excl_tax,
            vat_pct=line.vat_pct,
            document_id=line.document_id,
            reception_line_id=line.reception_line_id,
            corrects_id=mended.get(line.reception_line_id),
            entered_at=now,
            entered_by=viewer.actor,
        )
        for line in lines
    ]
    await add_many(session, rows)


async def write_invoice(
    session: AsyncSession, reception_line_ids: Collection[int], number: str, issued_on: date
) -> None:
    """Write an invoice into the purchases it bills, once: a purchase that has its invoice keeps it."""
    await session.execute(
        update(PurchaseLine)
        .where(PurchaseLine.reception_line_id.in_(reception_line_ids), PurchaseLine.invoice_number.is_(None))
        .values(invoice_number=number, invoiced_on=issued_on)
        .execution_options(synchronize_session=False)
    )


async def take_back_invoice(
    session: AsyncSession, reception_line_ids: Collection[int], number: str, issued_on: date
) -> None:
    """Leave the purchases that an invoice was written into without one: it was rejected, and its events tell it."""
    await session.execute(
        update(PurchaseLine)
        .where(PurchaseLine.reception_line_id.in_(reception_line_ids))
        .where(PurchaseLine.invoice_number == number, PurchaseLine.invoiced_on == issued_on)
        .values(invoice_number=None, invoiced_on=None)
        .execution_options(synchronize_session=False)
    )


def circuit_court(kind: SupplierKind) -> bool | None:
    """Whether at most one intermediary stands between farm and kitchen; what a wholesaler resells, nobody knows."""
    return None if kind is SupplierKind.WHOLESALER else True


async def _mended(session: AsyncSession, viewer: Viewer, lines: Sequence[Bought]) -> dict[int, int]:
    """The purchase line that each line mends, by its reception line; what was refused so far mends nothing."""
    replaced = {each for line in lines for each in line.corrects}
    if not replaced:
        return {}
    found = await session.scalars(purchases(viewer, reception_line_ids=replaced))
    entered = {row.reception_line_id: row.id for row in found}
    first = {
        line.reception_line_id: next((entered[each] for each in line.corrects if each in entered), None)
        for line in lines
    }
    return {line_id: purchase_id for line_id, purchase_id in first.items() if purchase_id is not None}
