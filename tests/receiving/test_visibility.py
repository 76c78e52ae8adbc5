"""Who reads what of receptions, stock, purchases, credits and invoices."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from catering.db import Database
from catering.people.viewer import Viewer
from catering.purchases.queries import purchases_visible_to
from catering.receiving.queries import reception_lines_visible_to, receptions_visible_to, tolerances_visible_to
from catering.receiving.queries_invoices import (
    credits_visible_to,
    invoice_events_visible_to,
    invoice_lines_visible_to,
    invoices_visible_to,
)
from catering.receiving.queries_stock import lots_visible_to, moves_visible_to
from catering.receiving.service.invoice import issue
from catering.receiving.service.receive import receive
from catering.receiving.service.tolerance import tolerate
from catering.receiving.vocabulary import Decision, ReceptionReason
from catering.rules.hygiene import ProductCategory
from tests.receiving.world import (
    AUDITOR,
    BOTH,
    CARROT,
    CHEF,
    FARMER,
    MILK,
    NUTRITION,
    OTHER_CHEF,
    OTHER_FARMER,
    TODAY,
    a_pass,
    noted,
    order_id,
    uai,
)  # fmt: skip

SEEN = (
    receptions_visible_to,
    reception_lines_visible_to,
    credits_visible_to,
    invoices_visible_to,
    invoice_lines_visible_to,
    invoice_events_visible_to,
    lots_visible_to,
    moves_visible_to,
    purchases_visible_to,
    tolerances_visible_to,
)
NOBODY = Viewer("Sans cuisine", CHEF.role)


@pytest.fixture
async def lived(world: Database) -> Database:
    """Kitchen 0 received of both farms and set a tolerance; kitchen 1 received of the first farm. All is billed."""
    refused = noted(MILK, decision=Decision.REFUSED, reason=ReceptionReason.QUALITY)
    async with world.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(CARROT), refused))
        await receive(session, CHEF, a_pass(noted(CARROT), farm=1))
        await receive(session, OTHER_CHEF, a_pass(noted(CARROT), kitchen=1))
        await tolerate(session, CHEF, uai(0), ProductCategory.POULTRY, Decimal(1))
    async with world.unit_of_work() as session:
        for viewer, number in ((FARMER, order_id()), (OTHER_FARMER, order_id(farm=1)), (FARMER, order_id(kitchen=1))):
            await issue(session, viewer, [number], TODAY)
    return world


@pytest.mark.parametrize(
    ("viewer", "counts"),
    [
        (CHEF, (2, 3, 1, 2, 2, 4, 2, 2, 2, 1)),
        (OTHER_CHEF, (1, 1, 0, 1, 1, 2, 1, 1, 1, 0)),
        (BOTH, (3, 4, 1, 3, 3, 6, 3, 3, 3, 1)),
        (FARMER, (2, 3, 1, 2, 2, 4, 0, 0, 0, 0)),
        (OTHER_FARMER, (1, 1, 0, 1, 1, 2, 0, 0, 0, 0)),
        (NUTRITION, (3, 4, 1, 3, 3, 6, 3, 3, 3, 1)),
        (AUDITOR, (3, 4, 1, 3, 3, 6, 3, 3, 3, 1)),
        (NOBODY, (0,) * 10),
    ],
    ids=lambda given: given.name if isinstance(given, Viewer) else "",
)
async def test_who_reads_what(viewer: Viewer, counts: tuple[int, ...], lived: Database) -> None:
    async with lived.reading() as session:
        seen = [
            (await session.scalars(select(func.count()).select_from(visible_to(viewer).subquery()))).one()
            for visible_to in SEEN
        ]
    assert tuple(seen) == counts
