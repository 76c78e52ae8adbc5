"""Contracts and awards on which the baskets of ``benchmarks.basket`` are bought, one of either per supplier."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.orders.sold import Sold
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationLine,
    ConsultationLot,
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
    Tender,
    TenderLine,
)
from catering.procurement.vocabulary import ConsultationStatus, LotStatus, Procedure, RevisionRhythm

AT = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
START, END = date(2026, 9, 1), date(2027, 8, 31)
PRICE = Decimal("5.0000")
"""€/kg, whatever the goods."""
MOST = Decimal(1_000_000)
FIRST = 10_000
"""Above the numbers of all consultations that are there."""
FAMILY = "10.10"


async def agree(session: AsyncSession, kitchen: Kitchen, number: int, bought: Sequence[Sold], *, awards: bool) -> None:
    """A contract with each supplier; with ``awards``, the first one has won a consultation instead.

    ``number`` tells one basket from another.
    """
    goods: dict[int, dict[int, str]] = {}
    for sold in bought:
        goods.setdefault(sold.supplier.id, {})[sold.offer.ingredient_id] = sold.offer.product
    for rank, (supplier_id, products) in enumerate(goods.items()):
        if awards and rank == 0:
            await _award(session, kitchen, number, supplier_id, products)
        else:
            session.add(_contract(kitchen, number, supplier_id, products))
    await session.flush()


def _contract(kitchen: Kitchen, number: int, supplier_id: int, products: dict[int, str]) -> Contract:
    lines = [
        ContractLine(
            position=position, ingredient_id=ingredient_id, product=product, base_price_eur_per_kg=PRICE,
            index_code="INSEE-LAIT", base_index=Decimal(100), fixed_share=Decimal("0.15"),
            rhythm=RevisionRhythm.QUARTERLY,
        )
        for position, (ingredient_id, product) in enumerate(products.items(), start=1)
    ]  # fmt: skip
    lot = ContractLot(number=1, title="Denrées", family=FAMILY, estimated_amount=MOST, small=False, lines=lines)
    return Contract(
        kitchen_id=kitchen.id, number=f"M-{number}-{supplier_id}", title="Denrées", supplier_id=supplier_id,
        procedure=Procedure.FORMAL, start_day=START, end_day=END, min_amount=Decimal(0), max_amount=MOST,
        created_at=AT, created_by="benchmark", members=[ContractMember(kitchen_id=kitchen.id)], lots=[lot],
    )  # fmt: skip


async def _award(
    session: AsyncSession, kitchen: Kitchen, number: int, supplier_id: int, products: dict[int, str]
) -> None:
    decided = {"decided_at": AT, "decided_by": "benchmark", "reason": "La mieux classée"}
    lines = [
        ConsultationLine(
            position=position,
            consultation_id=FIRST + number,
            kitchen_id=kitchen.id,
            ingredient_id=ingredient_id,
            product=product,
            quantity_g=1_000,
        )
        for position, (ingredient_id, product) in enumerate(products.items(), start=1)
    ]
    lot = ConsultationLot(
        number=1, title="Denrées", family=FAMILY, estimated_amount=MOST, lines=lines, status=LotStatus.AWARDED,
        **decided,
    )  # fmt: skip
    made = Consultation(
        id=FIRST + number, kitchen_id=kitchen.id, title="Denrées", first_day=START, last_day=END, delivery="Le lundi",
        created_at=AT, created_by="benchmark", published_at=AT, deadline=AT + timedelta(days=1),
        opened_at=AT + timedelta(days=1), status=ConsultationStatus.AWARDED, lots=[lot], **decided,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    tender = Tender(
        id=made.id, consultation_id=made.id, lot_id=lot.id, supplier_id=supplier_id, submitted_at=AT,
        submitted_by="benchmark", amount=MOST,
        lines=[TenderLine(line_id=line.id, price_eur_per_kg=PRICE) for line in lines],
    )  # fmt: skip
    session.add(tender)
    await session.flush()
    session.add(
        ConsultationAward(
            lot_id=lot.id, consultation_id=made.id, tender_id=tender.id, supplier_id=supplier_id, amount=MOST,
            day=AT.date(),
        )
    )  # fmt: skip
