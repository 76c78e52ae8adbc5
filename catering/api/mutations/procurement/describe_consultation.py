"""Describe a need, as the draft of a consultation."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.procurement import refusals
from catering.api.mutations.procurement.changing_consultation import consultation_now
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.procurement.graph.consultations import Consultation
from catering.procurement.service.consulting import LineWish, LotWish, NeedWish, describe
from catering.refusal import Refusal


@strawberry.input(description="One product wanted.")
class ConsultationLineInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI of the collège it is delivered to.")
    ingredient: strawberry.ID = strawberry.field(description="What it is (id).")
    product: str = strawberry.field(description="In French, 1 to 200 characters: variety, label or equivalent.")
    quantity_g: BigInt = strawberry.field(description="Grams, 1 to 100 tons.")


@strawberry.input(description="A criterion and its weight.")
class CriterionInput:
    code: strawberry.ID = strawberry.field(description="One of `awardCriteria`.")
    weight: int = strawberry.field(description="Percent; together 100.")


@strawberry.input(description="A part of a need that suppliers answer by itself, of one famille homogène.")
class ConsultationLotInput:
    title: str = strawberry.field(description="In French, 1 to 200 characters.")
    estimated_eur: Decimal = strawberry.field(description="What you expect to pay, € excl. tax; not told to suppliers.")
    lines: list[ConsultationLineInput] = strawberry.field(description="Products of one famille homogène.")


@strawberry.input(description="A need, in lots.")
class ConsultationInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI of the buyer.")
    title: str = strawberry.field(description="In French, 1 to 200 characters.")
    lots: list[ConsultationLotInput] = strawberry.field(description="1 to 20 lots; together 60 products at most.")
    criteria: list[CriterionInput] = strawberry.field(description="By which offers are compared, in order.")
    first_day: date = strawberry.field(description="First day of delivery.")
    last_day: date = strawberry.field(description="Last day of delivery, included.")
    delivery: str = strawberry.field(description="Where and when to deliver, in French, 1 to 300 characters.")
    perimeter_km: int | None = strawberry.field(
        default=None, description="Narrows the sending, by road; anybody registered may answer all the same."
    )


@strawberry.type(description="The need is kept as a draft; publish it to send it.")
class ConsultationDescribed:
    consultation: Consultation = strawberry.field(description="The draft, with advice on its criteria.")


DescribeConsultationResult: TypeAlias = Annotated[
    ConsultationDescribed
    | refusals.UnknownBuyer
    | refusals.UnknownGoods
    | refusals.InvalidConsultation
    | refusals.GeographicCondition
    | refusals.CriterionNotAllowed
    | NotAllowed
    | KeyRefused,
    strawberry.union("DescribeConsultationResult", description="A draft, or why there is none."),
]


@documented
async def describe_consultation(
    info: Ask,
    need: Annotated[ConsultationInput, strawberry.argument(description="What is wanted.")],
    idempotency_key: IdempotencyKey,
) -> DescribeConsultationResult:
    """Describe a need as a draft; who buys for the collèges named may."""
    request, wish = info.context, need_wish(need)
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await describe(session, viewer, wish)).id)

    try:
        number = int(await once(request, asked("describeConsultation", idempotency_key, need), write))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return ConsultationDescribed(consultation=await consultation_now(request, number))


def need_wish(need: ConsultationInput) -> NeedWish:
    """What is wanted, as procurement reads it."""
    return NeedWish(
        kitchen=need.kitchen,
        title=need.title,
        lots=[
            LotWish(
                lot.title,
                lot.estimated_eur,
                [LineWish(line.kitchen, line.ingredient, line.product, line.quantity_g) for line in lot.lines],
            )
            for lot in need.lots
        ],
        criteria=[(each.code, each.weight) for each in need.criteria],
        first_day=need.first_day,
        last_day=need.last_day,
        delivery=need.delivery,
        perimeter_km=need.perimeter_km,
    )
