"""Photos and papers: only who sent one may name it, and whoever reads the row that names it may open it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from catering.api.documents import SHOWN_BY_ROOMS
from catering.db import Database
from catering.documents.models import Document, FileKind
from catering.documents.queries import documents
from catering.market.models import Certificate
from catering.market.refusals import UnknownDocument
from catering.orders.models import Order, OrderLine
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine
from catering.receiving import refusals
from catering.receiving.models import Invoice, ReceptionLine
from catering.receiving.service.invoice import enter, issue
from catering.receiving.service.receive import Noted, correct, receive
from catering.receiving.vocabulary import Decision, ExpiryKind
from catering.rules.hygiene import ProductCategory
from tests.receiving.test_invoices import printed
from tests.receiving.world import (
    AUDITOR,
    BURSAR,
    CARROT,
    CHEF,
    FARMER,
    OTHER_CHEF,
    OTHER_FARMER,
    TODAY,
    a_pass,
    noted,
    order_id,
    rows,
)  # fmt: skip
from tests.unsealing import unseal

PHOTO, OTHERS_PHOTO, SHEET, PAPER = 1, 2, 3, 4


async def kept(world: Database) -> None:
    """A photo of the chef, one of the chef next door, a table, and the paper of an invoice."""
    sent = [
        (PHOTO, FileKind.JPEG, CHEF),
        (OTHERS_PHOTO, FileKind.JPEG, OTHER_CHEF),
        (SHEET, FileKind.CSV, CHEF),
        (PAPER, FileKind.PDF, BURSAR),
    ]
    async with world.unit_of_work() as session:
        session.add_all(
            Document(
                id=number, sha256=f"{number}" * 64, kind=kind, name="piece", size=3, at=datetime.now(UTC),
                actor=viewer.actor, content=b"abc",
            )
            for number, kind, viewer in sent
        )  # fmt: skip


async def readable(world: Database, viewer: Viewer) -> set[int]:
    """Documents that the download gives a viewer."""
    shown = [room(viewer) for room in SHOWN_BY_ROOMS]
    async with world.reading() as session:
        return {row.id for row in await session.scalars(documents(viewer, shown=shown))}


async def received(world: Database, photo: int | None, viewer: Viewer = CHEF) -> int:
    async with world.unit_of_work() as session:
        return (await receive(session, viewer, a_pass(noted(CARROT, photo_id=photo)))).id


async def test_the_photo_of_a_reception_is_read_by_who_reads_the_reception_and_nobody_else(world: Database) -> None:
    await kept(world)
    assert PHOTO not in await readable(world, FARMER)
    await received(world, PHOTO)
    assert {PHOTO, SHEET} <= await readable(world, CHEF)
    assert PHOTO in await readable(world, BURSAR)
    assert await readable(world, FARMER) == {PHOTO}
    assert await readable(world, OTHER_FARMER) == set()
    assert await readable(world, OTHER_CHEF) == {OTHERS_PHOTO}
    assert await readable(world, AUDITOR) == {PHOTO, OTHERS_PHOTO, SHEET, PAPER}


@pytest.mark.parametrize("number", [OTHERS_PHOTO, SHEET, 99])
async def test_a_photo_that_is_none_or_that_somebody_else_sent_is_refused(world: Database, number: int) -> None:
    """Naming it would open it: a number can be guessed."""
    await kept(world)
    with pytest.raises(UnknownDocument, match=f"document {number} n'est pas une photo"):
        await received(world, number)
    assert await rows(world, ReceptionLine) == []
    assert OTHERS_PHOTO not in await readable(world, CHEF)


async def test_a_correction_may_keep_the_photo_of_who_received(world: Database) -> None:
    await kept(world)
    await received(world, PHOTO)
    (line,) = await rows(world, ReceptionLine)
    note = Noted(decision=Decision.ACCEPTED, delivered_packs=3, lot="L1", photo_id=PHOTO)
    async with world.unit_of_work() as session:
        await correct(session, BURSAR, line.id, note, "un colis de moins")
    assert [each.photo_id for each in await rows(world, ReceptionLine)] == [PHOTO, PHOTO]
    with pytest.raises(UnknownDocument):
        async with world.unit_of_work() as session:
            last = (await rows(world, ReceptionLine))[-1]
            await correct(session, BURSAR, last.id, replace(note, photo_id=OTHERS_PHOTO), "autre photo")


async def test_the_paper_of_an_invoice_is_read_by_its_seller_and_its_buyer(world: Database) -> None:
    await kept(world)
    await received(world, None)
    with pytest.raises(UnknownDocument, match="un PDF ou une image"):
        async with world.unit_of_work() as session:
            await enter(session, BURSAR, replace(await printed(world), document_id=SHEET))
    assert PAPER not in await readable(world, FARMER)
    async with world.unit_of_work() as session:
        await enter(session, BURSAR, replace(await printed(world), document_id=PAPER))
    assert PAPER in await readable(world, FARMER)
    assert PAPER in await readable(world, CHEF)
    assert PAPER not in await readable(world, OTHER_FARMER)
    assert PAPER not in await readable(world, OTHER_CHEF)


async def test_a_purchase_names_the_document_of_the_certificate_that_proves_it(world: Database) -> None:
    await kept(world)
    async with world.unit_of_work() as session:
        await session.execute(update(Certificate).values(document_id=PAPER))
        # The certificates of this world bear the numbers of their suppliers.
        seller = select(Order.supplier_id).where(Order.id == OrderLine.order_id).scalar_subquery()
        await session.execute(update(OrderLine).values(certificate_id=seller, label="BIO"))
    await received(world, None)
    lines = await rows(world, PurchaseLine)
    assert {(each.certificate_id is None, each.document_id) for each in lines} == {(False, PAPER)}


async def test_the_proof_of_a_purchase_is_read_by_its_kitchen_and_not_by_its_seller(world: Database) -> None:
    await kept(world)
    await received(world, None)
    async with world.unit_of_work() as session:
        await unseal(session, PurchaseLine.__tablename__)
        await session.execute(update(PurchaseLine).values(document_id=OTHERS_PHOTO))
    assert OTHERS_PHOTO in await readable(world, CHEF)
    assert OTHERS_PHOTO not in await readable(world, FARMER)


@pytest.mark.parametrize(
    "named",
    [
        lambda: update(ReceptionLine).values(photo_id=99),
        lambda: update(PurchaseLine).values(document_id=99),
        lambda: update(Invoice).values(document_id=99),
    ],
)
async def test_the_database_keeps_a_number_without_document_out(world: Database, named: Callable[[], Any]) -> None:
    await received(world, None)
    async with world.unit_of_work() as session:
        await issue(session, FARMER, [order_id()], TODAY)
    with pytest.raises(IntegrityError):
        async with world.unit_of_work() as session:
            await session.execute(named())


async def test_what_the_seller_states_a_product_to_be_goes_before_what_such_products_usually_are(
    world: Database,
) -> None:
    """Carrots keep at any temperature; grated and packed, as this farm states, at +4 °C at most."""
    async with world.unit_of_work() as session:
        cut = ProductCategory.VERY_PERISHABLE
        await session.execute(update(OrderLine).where(OrderLine.ingredient_id == CARROT).values(category=cut))
    dated = {"date_kind": ExpiryKind.USE_BY, "expires_on": TODAY + timedelta(days=5)}
    with pytest.raises(refusals.TemperatureNotMeasured):
        async with world.unit_of_work() as session:
            await receive(session, CHEF, a_pass(noted(CARROT, **dated)))
    with pytest.raises(refusals.MustBeRefused):
        async with world.unit_of_work() as session:
            await receive(session, CHEF, a_pass(noted(CARROT, celsius=Decimal(12), **dated)))
    async with world.unit_of_work() as session:
        await receive(session, CHEF, a_pass(noted(CARROT, celsius=Decimal("1.5"), **dated)))
    (line,) = await rows(world, ReceptionLine)
    assert line.category is cut
