"""What is received on a lot of a contract counts by how that lot was judged (EGA-17, EGA-18)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.documents.models import Document, FileKind
from catering.moment import now
from catering.orders.models import OrderLine
from catering.orders.vocabulary import PriceSource
from catering.procurement.models import Contract, ContractLine, ContractLot, ContractMember, LotQuality
from catering.procurement.vocabulary import Procedure
from catering.purchases.models import PurchaseLine
from catering.rules import law
from catering.rules.egalim_tender import EXTERNALITIES, PERFORMANCE, Judged, tender_fault
from tests.receiving.conftest import any_world
from tests.receiving.test_receive import received, rows
from tests.receiving.world import TODAY, whole

__all__ = ["any_world"]
FAR = timedelta(days=300)


async def ordered_on_a_contract(world: Database, sign: str | None) -> None:
    """All lines of the farm without labels had their price of one lot, judged by the criterion of a sign or of none."""
    async with world.unit_of_work() as session:
        proof = Document(
            id=77, sha256="0" * 64, kind=FileKind.PDF, name="reglement.pdf", size=1, at=now(), actor="x", content=b"%"
        )
        bought = await rows(world, OrderLine)
        line = ContractLine(
            id=31,
            position=1,
            ingredient_id=bought[0].ingredient_id,
            product="Tout",
            base_price_eur_per_kg=Decimal(1),
        )
        lot = ContractLot(
            id=21, number=1, title="Lot", family="10.12", estimated_amount=Decimal(900), small=False, lines=[line]
        )
        contract = Contract(
            id=11,
            kitchen_id=1,
            number="2026-1",
            title="Marché",
            supplier_id=1,
            procedure=next(iter(Procedure)),
            start_day=TODAY - FAR,
            end_day=TODAY + FAR,
            min_amount=Decimal(0),
            max_amount=Decimal(1000),
            ordered_amount=Decimal(0),
            created_at=now(),
            created_by="x",
            members=[ContractMember(kitchen_id=1)],
            lots=[lot],
        )
        session.add_all([proof, contract])
        await session.flush()
        if sign is not None:
            session.add(
                LotQuality(
                    lot_id=21, sign=sign, weight_pct=Decimal(20), mark_pct=Decimal(65), document_id=77, at=now(),
                    actor="x",
                )
            )  # fmt: skip
        priced = {"price_source": PriceSource.CONTRACT, "price_name": "2026-1", "price_line": 31}
        await session.execute(update(OrderLine).values(**priced))


@pytest.mark.parametrize(("sign", "counts"), [(EXTERNALITIES, EXTERNALITIES), (None, "")])
async def test_what_is_received_on_a_lot_counts_by_how_it_was_judged(
    any_world: Database, sign: str | None, counts: str
) -> None:
    await ordered_on_a_contract(any_world, sign)
    await received(any_world, whole())
    bought = await rows(any_world, PurchaseLine)
    assert {(row.labels, row.sign, row.not_counted) for row in bought} == {(counts, counts, "")}
    assert {row.document_id for row in bought} == {77 if sign else None}


async def test_an_organic_product_of_such_a_lot_counts_as_organic(any_world: Database) -> None:
    await ordered_on_a_contract(any_world, EXTERNALITIES)
    await received(any_world, whole(farm=1))
    bought = await rows(any_world, PurchaseLine)
    assert {(row.labels, row.sign) for row in bought} == {("BIO EXTERNALITES", "BIO")}


@pytest.mark.parametrize(
    ("sign", "weight", "direct", "mark", "suffices"),
    [
        (EXTERNALITIES, 10, None, 40, True),
        (EXTERNALITIES, 30, None, 100, True),
        (EXTERNALITIES, 9, None, 40, False),
        (EXTERNALITIES, 31, None, 40, False),
        (EXTERNALITIES, 20, None, 39, False),
        (EXTERNALITIES, 20, None, None, False),
        (EXTERNALITIES, 20, 30, 80, False),
        (PERFORMANCE, 25, 25, None, True),
        (PERFORMANCE, 25, 24, None, False),
        (PERFORMANCE, 31, 25, None, False),
        (PERFORMANCE, 30, None, None, False),
    ],
)
def test_the_weights_and_the_mark_that_suffice(
    sign: str, weight: int, direct: int | None, mark: int | None, suffices: bool
) -> None:
    exact = [None if each is None else Decimal(each) for each in (direct, mark)]
    fault = tender_fault(Judged(sign, Decimal(weight), *exact), TODAY, law())
    assert (fault is None) is suffices
