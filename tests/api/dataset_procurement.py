"""Contracts, consultations, sealed offers and commitments of the small Département."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.procurement.chain import START, link
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationCriterion,
    ConsultationEvent,
    ConsultationInvite,
    ConsultationLine,
    ConsultationLot,
    ConsultationQuestion,
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
    DrawnAmount,
    Engagement,
    IndexValue,
    PriceRevision,
    Tender,
    TenderFact,
    TenderLine,
    TenderOutcome,
)
from catering.procurement.vocabulary import (
    ConsultationStatus,
    EventKind,
    GroundKind,
    LotStatus,
    Procedure,
    RevisionRhythm,
)
from tests.api.dataset import MOMENT, SMALL, Size

DRAFT, OPEN, CLOSED, OPENED, AWARDED = 1, 2, 3, 4, 5
"""Consultations: a draft, one that takes offers, one past its deadline, one whose offers are open, one decided."""
FAR = datetime(2099, 1, 1, 12, 0, tzinfo=UTC)
PAST = MOMENT + timedelta(days=7)
COUNTED_ON = date(2026, 9, 30)
MILK = 1
CHOICE = "L'offre la mieux classée selon les critères."
SECRET_PRICE = Decimal("3.1717")
ROOT, GROUPED = "10.10", "10.06"
QUESTION = 1
SHIFT = 100
"""From the number of a row of the first kitchen to that of the same row of the second, which only `fill_others` has."""
OTHER_KITCHEN_ID, OTHER_SUPPLIER_ID = 2, 1


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a consultation stands in this dataset."""

    number: int
    status: ConsultationStatus
    deadline: datetime | None = None
    opened: bool = False
    tenders: bool = False
    kitchen_id: int = 1
    asker: int | None = None
    """Supplier whose question waits for an answer."""


def stages(size: Size) -> Iterator[Stage]:
    """One consultation of each sort, then more that take offers: as many as there are kitchens."""
    yield Stage(DRAFT, ConsultationStatus.DRAFT)
    yield Stage(OPEN, ConsultationStatus.PUBLISHED, FAR, tenders=True, asker=2)
    yield Stage(CLOSED, ConsultationStatus.PUBLISHED, PAST, tenders=True)
    yield Stage(OPENED, ConsultationStatus.PUBLISHED, PAST, opened=True, tenders=True)
    yield Stage(AWARDED, ConsultationStatus.AWARDED, PAST, opened=True, tenders=True)
    for number in range(AWARDED + 1, AWARDED + 1 + size.kitchens):
        yield Stage(number, ConsultationStatus.PUBLISHED, FAR)


async def fill_procurement(session: AsyncSession, size: Size) -> None:
    """Every table of procurement, on top of kitchens, ingredients, suppliers and offers."""
    session.add(IndexValue(id=1, index_code="INSEE-LAIT", day=COUNTED_ON, value=Decimal(110), at=MOMENT, actor="test"))
    session.add_all(contract(number, size) for number in range(1, size.kitchens + 1))
    session.add_all(consultation(stage) for stage in stages(size))
    await session.flush()
    session.add_all(drawn_on(number) for number in range(1, size.kitchens + 1))
    for stage in stages(size):
        session.add_all(of_consultation(stage, size))
        await session.flush()
        if stage.status is ConsultationStatus.AWARDED:
            session.add_all(decided(stage.number, size))
            await session.flush()
    session.add_all(engagements(size))
    await session.flush()


async def fill_others(session: AsyncSession, size: Size) -> None:
    """Of the second kitchen a contract and a consultation of each sort, to which the first farm alone answers."""
    alone = replace(size, suppliers=1)
    session.add(contract(SHIFT + 1, alone, OTHER_KITCHEN_ID, OTHER_SUPPLIER_ID))
    others = [
        replace(each, number=each.number + SHIFT, kitchen_id=OTHER_KITCHEN_ID, asker=each.asker and OTHER_SUPPLIER_ID)
        for each in stages(replace(size, kitchens=0))
    ]
    session.add_all(consultation(stage) for stage in others)
    await session.flush()
    session.add(drawn_on(SHIFT + 1))
    for stage in others:
        session.add_all(of_consultation(stage, alone))
    await session.flush()
    session.add_all(decided(AWARDED + SHIFT, alone))
    await session.flush()


def contract(number: int, size: Size, kitchen_id: int = 1, supplier_id: int = 2) -> Contract:
    """The n-th contract, of the first kitchen and held by the second farm: milk that follows an index, and carrots."""
    return Contract(
        id=number,
        kitchen_id=kitchen_id,
        number=f"2026-{number:02d}",
        title=f"Marché {number}",
        supplier_id=supplier_id,
        procedure=Procedure.ADAPTED,
        start_day=date(2026, 9, 1),
        end_day=date(2028, 8, 31),
        min_amount=Decimal(0),
        max_amount=Decimal(10_000),
        created_at=MOMENT,
        created_by="test",
        members=[ContractMember(kitchen_id=kitchen_id)],
        lots=[
            ContractLot(
                number=1,
                title="Lait",
                family="10.12",
                estimated_amount=Decimal(10_000),
                small=False,
                lines=[line(number, position) for position in range(1, size.suppliers + 1)],
            )
        ],
    )


def drawn_on(number: int) -> DrawnAmount:
    """Most of the n-th contract was ordered."""
    return DrawnAmount(name=f"contract {number}", contract_id=number, most=Decimal(10_000), ordered=Decimal(8_500))


AMPLE_EUR_PER_KG = Decimal("1.2000")


def ample_contract(number: int, kitchen_id: int, supplier_id: int, ingredient_ids: Sequence[int]) -> Contract:
    """A contract on which a kitchen may order some ingredients of a supplier, as much as it likes."""
    made = contract(number, replace(SMALL, suppliers=0), kitchen_id, supplier_id)
    made.max_amount, made.procedure = Decimal(10_000_000_000), Procedure.FORMAL
    made.lots[0].lines = [
        ContractLine(
            position=position, ingredient_id=each, product="Produit", base_price_eur_per_kg=AMPLE_EUR_PER_KG,
            index_code="INSEE-LAIT", base_index=Decimal(100), fixed_share=Decimal("0.15"),
            rhythm=RevisionRhythm.QUARTERLY,
        )
        for position, each in enumerate(ingredient_ids, start=1)
    ]  # fmt: skip
    return made


def line(contract_number: int, position: int) -> ContractLine:
    """A product of a lot that follows an index, with one revision."""
    return ContractLine(
        position=position,
        ingredient_id=MILK,
        product=f"Lait {contract_number}.{position}",
        base_price_eur_per_kg=Decimal("1.2000"),
        index_code="INSEE-LAIT",
        base_index=Decimal(100),
        fixed_share=Decimal("0.15"),
        rhythm=RevisionRhythm.QUARTERLY,
        revisions=[
            PriceRevision(
                effective_from=date(2026, 10, 1),
                index_value_id=1,
                index_value=Decimal(110),
                price_eur_per_kg=Decimal("1.3020"),
            )
        ],
    )


def consultation(stage: Stage) -> Consultation:
    """A need for milk of a kitchen."""
    published = stage.status is not ConsultationStatus.DRAFT
    decided = stage.status is ConsultationStatus.AWARDED
    told = events(stage)
    lot = ConsultationLot(
        id=stage.number,
        number=1,
        title="Lait",
        family="10.12",
        estimated_amount=Decimal("1234.56"),
        status=LotStatus.AWARDED if decided else LotStatus.WAITING,
        decided_at=PAST if decided else None,
        decided_by="test" if decided else None,
        reason=CHOICE if decided else None,
        lines=[
            ConsultationLine(
                id=stage.number,
                position=1,
                kitchen_id=stage.kitchen_id,
                ingredient_id=MILK,
                product="Lait entier",
                quantity_g=200_000,
            )
        ],
    )
    return Consultation(
        id=stage.number,
        kitchen_id=stage.kitchen_id,
        title=f"Lait {stage.number}",
        status=stage.status,
        first_day=date(2099, 2, 1),
        last_day=date(2099, 4, 30),
        delivery="Le lundi avant 9 h, au collège",
        perimeter_km=120,
        created_at=MOMENT,
        created_by="test",
        published_at=MOMENT if published else None,
        deadline=stage.deadline,
        opened_at=PAST if stage.opened else None,
        opened_by="test" if stage.opened else None,
        decided_at=PAST if decided else None,
        decided_by="test" if decided else None,
        reason=CHOICE if decided else None,
        log_length=len(told),
        log_head=told[-1].hash,
        lots=[lot],
        lines=lot.lines,
        criteria=[
            ConsultationCriterion(code="price", position=1, weight=60),
            ConsultationCriterion(code="freshness", position=2, weight=40),
        ],
    )


def events(stage: Stage) -> list[ConsultationEvent]:
    """The log: described, published, each offer, opened; chained."""
    kinds = [EventKind.DESCRIBED]
    kinds += [EventKind.CONSULTATION_PUBLISHED] if stage.deadline else []
    kinds += [EventKind.TENDER_SUBMITTED] if stage.tenders else []
    kinds += [EventKind.TENDERS_OPENED] if stage.opened else []
    told, before = [], START
    for seq, kind in enumerate(kinds, start=1):
        before = link(before, seq, MOMENT, "test", kind.value, {"seq": seq})
        told.append(
            ConsultationEvent(
                consultation_id=stage.number,
                seq=seq,
                at=MOMENT,
                actor="test",
                kind=kind,
                data={"seq": seq},
                hash=before,
            )
        )
    return told


def of_consultation(stage: Stage, size: Size) -> list[object]:
    """Its log, to whom it was sent, the question, the offers of all farms."""
    rows: list[object] = [*events(stage)]
    if stage.deadline is not None:
        rows += [
            ConsultationInvite(consultation_id=stage.number, supplier_id=each + 1, sent_at=MOMENT)
            for each in range(size.suppliers)
        ]
    if stage.asker is not None:
        rows.append(question(stage.number - OPEN + QUESTION, stage.number, stage.asker))
    if stage.tenders:
        rows += [tender(stage.number, each + 1) for each in range(size.suppliers)]
    return rows


def question(number: int, consultation_number: int, supplier_id: int) -> ConsultationQuestion:
    """A question that waits for its answer."""
    return ConsultationQuestion(
        id=number,
        consultation_id=consultation_number,
        supplier_id=supplier_id,
        asked_at=MOMENT,
        question="Quel conditionnement ?",
    )


def tender_number(consultation_number: int, supplier_id: int) -> int:
    """Number of the offer of a farm to a consultation."""
    return consultation_number * 10 + supplier_id


def tender(consultation_number: int, supplier_id: int) -> Tender:
    """The offer of a farm; each asks a little more than the one before."""
    price = SECRET_PRICE + Decimal("0.1") * supplier_id
    return Tender(
        id=tender_number(consultation_number, supplier_id),
        consultation_id=consultation_number,
        lot_id=consultation_number,
        supplier_id=supplier_id,
        submitted_at=MOMENT,
        submitted_by="test",
        amount=(price * 200).quantize(Decimal("0.01")),
        lines=[TenderLine(line_id=consultation_number, price_eur_per_kg=price)],
        facts=[TenderFact(code="freshness", value=Decimal(24))],
    )


def decided(number: int, size: Size) -> list[object]:
    """The first farm won."""
    rows: list[object] = [
        ConsultationAward(
            lot_id=number,
            consultation_id=number,
            tender_id=tender_number(number, 1),
            supplier_id=1,
            amount=Decimal("654.34"),
            ordered_amount=Decimal("0.00"),
            day=date(2026, 9, 8),
        )
    ]
    rows += [
        TenderOutcome(
            tender_id=tender_number(number, each + 1),
            won=each == 0,
            rank=each + 1,
            points=Decimal(100 - each),
            reason=f"Classée {each + 1}",
            informed_at=PAST,
        )
        for each in range(size.suppliers)
    ]
    return rows


def engagements(size: Size) -> list[Engagement]:
    """Each kitchen bought four times carrots of the first farm, and pork through a groupement."""
    bought = [(ROOT, Decimal(12_500), False)] * 4 + [(GROUPED, Decimal(61_000), True)]
    return [
        Engagement(
            kitchen_id=kitchen + 1,
            family=family,
            day=date(2026, 9, 1) + timedelta(days=rank),
            amount=amount,
            supplier_id=1,
            ground=GroundKind.FREE_PURCHASE,
            grouped=grouped,
            counted=True,
            source=f"order {kitchen}.{rank}",
            at=MOMENT,
            actor="test",
        )
        for kitchen in range(size.kitchens)
        for rank, (family, amount, grouped) in enumerate(bought)
    ]
